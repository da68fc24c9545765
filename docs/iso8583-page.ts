// docs/reference/iso8583.md and the JSON Schema of dialect files, from the dialects themselves.

import type { BitmapSpec, ElementSpec, LengthPrefix, PartSpec } from "../codec/iso8583/mod.ts";
import { type CompositeSpec, type Dialect, dialectSchema, dialects } from "../codec/iso8583/mod.ts";

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** `n..19`, `ans 15`, `b 8`. */
function formatOf({ content, min, max }: PartSpec, isFixed: boolean): string {
  const shown = /[YMDhs]{2}/.test(content) ? `n ${max} ${content}` : `${content} ${max}`;
  return isFixed ? shown : `${content} ${min === 0 ? "" : `${min}`}..${max}`;
}

function prefixText(prefix: LengthPrefix | null): string {
  return prefix === null ? "–" : `${prefix.digits} ${prefix.encoding}, ${prefix.unit}`;
}

function shownText(value: PartSpec): string {
  const words = {
    open: "everything",
    pan: "first 6, last 4",
    track: "first 6",
    text: "all but card numbers",
    person: "length only",
    authentication: "length only",
  };
  return words[value.sensitivity ?? "authentication"];
}

function bitmapText({ encoding, bits, continues }: BitmapSpec): string {
  const words = {
    bit1: "another one where the first bit says so",
    never: "always all of it, bit 1 says nothing",
    always: "always all of it, bit 1 set",
    chain: "15 bits, then 7 a byte while the highest bit says so",
  };
  return `${encoding}, ${bits} bits, ${words[continues]}`;
}

function compositeText(composite: CompositeSpec | undefined): string {
  switch (composite?.kind) {
    case undefined:
      return "";
    case "positional":
      return `${composite.parts.length} slices`;
    case "sequence":
      return `sequence of ${composite.parts.length}`;
    case "tag-list":
      return `tags ${composite.tagDigits} + ${composite.lengthDigits}`;
    case "bitmapped":
      return `bitmap of ${composite.bitmap.bits}`;
    case "ber-tlv":
      return "BER-TLV";
    case "dataset":
      return "datasets";
    case "token-list":
      return "BASE24 tokens";
  }
}

function isHexComposite({ composite, encoding }: ElementSpec): boolean {
  return composite !== undefined && encoding === "hex";
}

function elementRow(de: string, element: ElementSpec): string[] {
  return [
    de,
    element.name,
    formatOf(element, element.prefix === null),
    element.encoding,
    prefixText(element.prefix),
    element.filler === "none" ? "–" : element.filler,
    compositeText(element.composite) + (isHexComposite(element) ? " in hex" : ""),
    shownText(element),
  ];
}

type NamedPart = readonly [path: string, part: PartSpec];

/** Parts that have names, by path. */
function partsOf(path: string, composite: CompositeSpec | undefined): NamedPart[] {
  const inner = (entries: readonly (readonly [string, PartSpec])[]): NamedPart[] =>
    entries.flatMap(([key, part]) => [
      [`${path}.${key}`, part] as const,
      ...partsOf(`${path}.${key}`, part.composite),
    ]);
  switch (composite?.kind) {
    case "positional":
    case "sequence":
      return inner(composite.parts.map((part, i) => [String(i + 1), part as PartSpec]));
    case "tag-list":
    case "ber-tlv":
      return inner(Object.entries(composite.tags));
    case "bitmapped":
      return inner(Object.entries(composite.parts) as [string, PartSpec][]);
    case "token-list":
      return inner(Object.entries(composite.tokens));
    case "dataset":
      return Object.entries(composite.datasets).flatMap(([id, part]) =>
        partsOf(`${path}.${id}`, part.composite),
      );
    default:
      return [];
  }
}

function knownText({ mti, messages }: Dialect): string {
  const { known } = mti;
  return known.kind === "table"
    ? messages.flatMap((message) => message.mtis).join(" ")
    : `second digit ${known.classes}, third ${known.functions}, fourth ${known.origins}`;
}

function messageRows({ messages }: Dialect): string {
  if (messages.length === 0) return "";
  const rows = messages.map((message) => [
    message.mtis.join(" "),
    message.use,
    message.mandatory.join(" ") || "–",
    message.forbidden.join(" ") || "–",
    message.echo.join(" ") || "–",
  ]);
  const head = ["messages", "use", "mandatory", "must not come", "echoed in the answer"];
  return `${table(head, rows)}\n\n`;
}

/** EMV objects stand once for all dialects. */
function isEmv(composite: CompositeSpec | undefined): boolean {
  return composite?.kind === "ber-tlv" && composite.tags["9F26"] !== undefined;
}

function dialectSection(dialect: Dialect): string {
  const { header, mti, bitmap, bytesMax } = dialect;
  const entries = Object.entries(dialect.elements);
  const parts = entries
    .filter(([, element]) => !isEmv(element.composite))
    .flatMap(([de, element]) => partsOf(de, element.composite));
  const start = header === null ? "none" : `\`${header.literal}\` and ${header.digits} digits`;
  const inside = table(
    ["part", "name", "format", "shown"],
    parts.map(([path, part]) => [
      path,
      part.name,
      formatOf(part, part.min === part.max),
      shownText(part),
    ]),
  );
  return `## ${dialect.name}

${dialect.title}. Start bytes: ${start}. Message type: ${mti.encoding}, version ${mti.version},
${knownText(dialect)}. Bitmap: ${bitmapText(bitmap)}. At most ${bytesMax} bytes.

${messageRows(dialect)}${table(
  ["DE", "name", "format", "written in", "length", "filler", "inside", "shown"],
  entries.map(([de, element]) => elementRow(de, element)),
)}

${parts.length === 0 ? "" : `${inside}\n`}`;
}

function emvSection(): string {
  const composite = dialects["visa-style"]?.spec.elements["55"]?.composite;
  const tags = composite?.kind === "ber-tlv" ? Object.entries(composite.tags) : [];
  return table(
    ["tag", "name", "format", "shown"],
    tags.map(([tag, part]) => [
      tag,
      part.name,
      formatOf(part, part.min === part.max),
      shownText(part),
    ]),
  );
}

export function iso8583Page(): string {
  const specs = Object.values(dialects).map(({ spec }) => spec);
  return `# ISO 8583 dialects

Made by \`npm run generate\` from \`codec/iso8583/dialects/\`; do not edit.

Every dialect that comes with Pantun. The scheme styles have encodings that are public and contents
that are ours: the schemes' own layouts are licensed. How to write a dialect of your own is in
[the guide](../guides/iso8583-dialects.md), errors are in [errors.md](errors.md).

Formats: n digits, a letters, an both and space, ans printable, ns digits and specials, z track
characters, b bytes, x+n a sign C or D and digits. The number is the length, two dots and a number
the largest. The last column says what is shown without \`--reveal\`.

${specs.map(dialectSection).join("\n")}
## EMV objects

In DE55 and in datasets, by tag. What is not here is kept as bytes and not shown.

${emvSection()}
`;
}

/** The JSON Schema of dialect files. */
export function dialectSchemaText(): string {
  return `${JSON.stringify(dialectSchema, null, 2)}\n`;
}
