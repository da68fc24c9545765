// One packager against one dialect: what we write they read, what they write we read.
import { loadCodec } from "../../codec/iso8583/create.ts";
import type { Codec, Dialect } from "../../codec/iso8583/mod.ts";
import type { Peer } from "./peer.ts";
import { MessageMaker } from "./random-message.ts";
import type { Packager } from "./test-dialects.ts";

export interface Outcome {
  messages: number;
  fields: number;
  /** They read something else than we wrote, or nothing. */
  wrongThere: number;
  /** We read something else than they wrote, or nothing. */
  wrongHere: number;
  /** Both are right, but the bytes differ. */
  otherBytes: number;
  /** Values that they cannot carry there and back themselves, by element. */
  readonly leftOut: Map<number, number>;
  readonly elements: Set<number>;
  /** The first few faults, without the message. */
  readonly faults: string[];
}

const blockMessages = 100;
const faultsMax = 5;
const messageBytesMax = 65_535;

interface Case {
  readonly mti: string;
  readonly fields: Map<number, string>;
}

function isBinary(dialect: Dialect, de: number): boolean {
  return dialect.elements[String(de)]?.content === "b";
}

export class Comparison {
  readonly outcome: Outcome = {
    messages: 0,
    fields: 0,
    wrongThere: 0,
    wrongHere: 0,
    otherBytes: 0,
    leftOut: new Map(),
    elements: new Set(),
    faults: [],
  };
  readonly #packager: Packager;
  readonly #peer: Peer;
  readonly #dialect: Dialect;
  readonly #codec: Codec;
  readonly #maker: MessageMaker;
  readonly #out = Buffer.alloc(messageBytesMax);

  private constructor(packager: Packager, peer: Peer, dialect: Dialect, random: () => number) {
    this.#packager = packager;
    this.#peer = peer;
    this.#dialect = dialect;
    this.#codec = loadCodec(dialect);
    this.#maker = new MessageMaker(random);
  }

  /** Asks the other side for its table first: the run is over the elements that both have. */
  static async begin(packager: Packager, peer: Peer, random: () => number): Promise<Comparison> {
    const [table = ""] = await peer.ask(["T"]);
    const theirs = new Set(
      table
        .split(" ")
        .slice(1)
        .map((row) => Number(row.split(":")[0])),
    );
    if (theirs.size < 2) throw new Error(`${packager.name} has no table: ${table}`);
    return new Comparison(packager, peer, packager.dialectOf(theirs), random);
  }

  async run(messages: number): Promise<Outcome> {
    for (let left = messages; left > 0; left -= blockMessages) {
      await this.#block(Math.min(left, blockMessages));
    }
    return this.outcome;
  }

  async #block(count: number): Promise<void> {
    const cases = Array.from({ length: count }, (): Case => {
      const mti = this.#maker.mti(this.#dialect.mti.version);
      return { mti, fields: this.#maker.fields(this.#dialect) };
    });
    const { onlyReads } = this.#packager;
    const ours: string[] = [];
    if (onlyReads === undefined) {
      const packed = await this.#peer.ask(cases.map((one) => this.#words("X", one)));
      for (const [i, one] of cases.entries()) ours.push(this.#takePacked(one, packed[i] ?? ""));
    } else {
      for (const one of cases) ours.push(this.#onlyOurs(one, onlyReads.losesZeros));
    }
    const read = await this.#peer.ask(ours.map((hex) => `D ${hex}`));
    for (const [i, one] of cases.entries()) {
      const wanted = `OK ${this.#words("", one).trim()}`;
      if (read[i] === wanted) continue;
      this.outcome.wrongThere += 1;
      this.#fault(`they read ours as ${firstDifference(wanted, read[i] ?? "")}`);
    }
  }

  #leaveOut(one: Case, de: number): void {
    const { leftOut } = this.outcome;
    one.fields.delete(de);
    leftOut.set(de, (leftOut.get(de) ?? 0) + 1);
  }

  #count({ fields }: Case): void {
    this.outcome.messages += 1;
    this.outcome.fields += fields.size;
    for (const de of fields.keys()) this.outcome.elements.add(de);
  }

  #onlyOurs(one: Case, losesZeros: readonly number[]): string {
    for (const de of losesZeros) {
      if (one.fields.get(de)?.startsWith("0") === true) this.#leaveOut(one, de);
    }
    this.#count(one);
    return this.#encode(one).toLowerCase();
  }

  /** Judges what they wrote, and returns what we write of the same values, in hex. */
  #takePacked(one: Case, answer: string): string {
    const { outcome } = this;
    const [verdict, dropped = "", theirs = ""] = answer.split(" ");
    if (verdict !== "OK") throw new Error(`${this.#packager.name} cannot pack: ${answer}`);
    for (const de of dropped === "-" ? [] : dropped.split(",").map(Number)) {
      this.#leaveOut(one, de);
    }
    this.#count(one);
    const ours = this.#encode(one);
    this.#judgeTheirs(one, theirs);
    if (ours !== theirs.toUpperCase()) outcome.otherBytes += 1;
    return ours.toLowerCase();
  }

  #encode({ mti, fields }: Case): string {
    const input = Object.fromEntries([...fields].map(([de, value]) => [String(de), value]));
    const end = this.#codec.encode({ mti, fields: input }, this.#out, 0);
    const bytes = this.#out.subarray(0, end);
    const { wire } = this.#packager;
    return (wire?.(this.#codec, bytes) ?? bytes).toString("hex").toUpperCase();
  }

  #judgeTheirs(one: Case, hex: string): void {
    const bytes = Buffer.from(hex, "hex");
    const document = this.#codec.decode(bytes, 0, bytes.length, { reveal: true });
    const got = new Map(
      Object.entries(document.fields).map(([de, { value }]) => [de, this.#plain(de, value)]),
    );
    const right =
      document.ok &&
      document.mti === one.mti &&
      got.size === one.fields.size &&
      [...one.fields].every(([de, value]) => got.get(String(de)) === value);
    if (right) return;
    this.outcome.wrongHere += 1;
    const different = [...one.fields].find(([de, value]) => got.get(String(de)) !== value);
    const error = document.error === undefined ? "" : `${document.error.code} `;
    this.#fault(`we read theirs as ${error}at ${document.error?.path ?? different?.[0] ?? "?"}`);
  }

  /** The separator of packed track data is a nibble D; both `D` and `=` are its text. */
  #plain(de: string, value: string): string {
    const element = this.#dialect.elements[de];
    const packedTrack = element?.content === "z" && element.encoding === "bcd";
    return packedTrack ? value.replaceAll("D", "=") : value;
  }

  /** A line for the other side: text as latin1 in hex; binary as they hold it. */
  #words(verb: string, { mti, fields }: Case): string {
    const kind = this.#packager.library === "jpos" ? "b" : "t";
    const words = [...fields].map(([de, value]) => {
      if (isBinary(this.#dialect, de)) return `${de}:${kind}:${value.toLowerCase()}`;
      return `${de}:t:${Buffer.from(value, "latin1").toString("hex")}`;
    });
    return [verb, mti, ...words].join(" ");
  }

  #fault(text: string): void {
    if (this.outcome.faults.length < faultsMax) this.outcome.faults.push(text);
  }
}

function firstDifference(wanted: string, got: string): string {
  if (!got.startsWith("OK")) return got;
  const theirs = got.split(" ");
  const at = wanted.split(" ").findIndex((word, i) => word !== theirs[i]);
  return `${(theirs[at] ?? "nothing").split(":").slice(0, 2).join(":")} at position ${at}`;
}
