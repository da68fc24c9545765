// Subfields of jPOS packagers: what jPOS packs by path (43.2), the imported dialect reads as the
// same values under the same paths.
import { loadCodec } from "../../codec/iso8583/create.ts";
import type { ElementSpec } from "../../codec/iso8583/dialect.ts";
import type { DecodedField, Dialect } from "../../codec/iso8583/mod.ts";
import type { Peer } from "./peer.ts";
import { MessageMaker } from "./random-message.ts";

export interface NestedOutcome {
  messages: number;
  parts: number;
  wrong: number;
  /** Elements that jPOS itself cannot carry there and back in that message. */
  leftOut: number;
  readonly elements: Set<string>;
}

type Parts = readonly (readonly [id: string, key: string, part: ElementSpec])[];

/** Parts with jPOS's number and our key; subfields in order begin with 0 there and with 1 here. */
function partsOf(element: ElementSpec): Parts {
  const { composite } = element;
  if (composite?.kind === "bitmapped") {
    const own = Object.entries(composite.parts);
    return own
      .filter(([, part]) => part.composite === undefined)
      .map(([key, part]) => [key, key, part]);
  }
  if (composite?.kind !== "sequence") return [];
  return composite.parts.map((part, i) => [String(i), String(i + 1), part]);
}

/** Room for a value in a message of some dozens. */
const lengthMax = 40;

function limited(part: ElementSpec): ElementSpec {
  const max = part.prefix === null ? part.max : Math.min(part.max, lengthMax);
  return { ...part, max };
}

/** Values for the parts of an element; subfields in order come all. */
function valuesOf(element: ElementSpec, maker: MessageMaker): Map<string, string> {
  const parts = partsOf(element);
  const numbered = parts.map(([, , part], i) => [String(i + 2), limited(part)] as const);
  const isOrdered = element.composite?.kind === "sequence";
  const made = maker.values(Object.fromEntries(numbered), isOrdered ? 1 : 0.4);
  return new Map([...made].map(([number, value]) => [parts[number - 2]![1], value]));
}

function word(path: string, part: ElementSpec, value: string): string {
  if (part.content === "b") return `${path}:b:${value.toLowerCase()}`;
  return `${path}:t:${Buffer.from(value, "latin1").toString("hex")}`;
}

function same(field: DecodedField | undefined, values: ReadonlyMap<string, string>): boolean {
  const parts = Object.entries(field?.fields ?? {});
  return (
    parts.length === values.size && parts.every(([key, { value }]) => values.get(key) === value)
  );
}

export async function compareNested(
  spec: Dialect,
  peer: Peer,
  random: () => number,
): Promise<NestedOutcome> {
  const codec = loadCodec(spec);
  const maker = new MessageMaker(random);
  const outcome: NestedOutcome = {
    messages: 0,
    parts: 0,
    wrong: 0,
    leftOut: 0,
    elements: new Set(),
  };
  const nested = Object.entries(spec.elements).filter(([, element]) => partsOf(element).length > 0);
  for (let i = 0; i < 200 && nested.length > 0; i++) {
    const [de, element] = nested[i % nested.length]!;
    const values = valuesOf(element, maker);
    const known = new Map(partsOf(element).map(([id, key, part]) => [key, { id, part }] as const));
    const words = [...values].map(([key, value]) => {
      const { id, part } = known.get(key)!;
      return word(`${de}.${id}`, part, value);
    });
    const [answer = ""] = await peer.ask([["N", "0100", ...words].join(" ")]);
    const [verdict, hex = ""] = answer.split(" ");
    if (verdict !== "OK" || values.size === 0) {
      outcome.leftOut++;
      continue;
    }
    const bytes = Buffer.from(hex, "hex");
    const document = codec.decode(bytes, 0, bytes.length, { reveal: true });
    outcome.messages++;
    outcome.parts += values.size;
    outcome.elements.add(de);
    if (!document.ok || !same(document.fields[de], values)) outcome.wrong++;
  }
  return outcome;
}
