// What is nested in a jPOS field: packagers of subfields to composites. The element around changes
// with it: bytes inside of text make it bytes, and inside of EBCDIC everything is EBCDIC.
import type { BitmapSpec, DataEncoding, EbcdicPage, LengthPrefix } from "../dialect.ts";
import { type CompositeData, type ElementData, partSensitivity } from "./foreign.ts";
import { className, elementOf, type FieldContext, fieldNodes, lengthOf, lose } from "./jpos.ts";
import { bitmapClasses, emptyClasses, taggedClasses, tokenClasses } from "./jpos-classes.ts";
import type { XMLElement } from "./xml.ts";

const isPage = (encoding: DataEncoding): encoding is EbcdicPage => encoding.startsWith("ebcdic");

/** The element as bytes; null where what is inside does not see the bytes of the wire. */
function asBytes(element: ElementData): ElementData | null {
  if (element.content === "b") {
    return element.encoding === "raw" ? element : null;
  }
  const isText = element.encoding === "ascii";
  return isText ? { ...element, content: "b", encoding: "raw", filler: "none" } : null;
}

/** jPOS translates EBCDIC before it takes it apart: what is ASCII inside is EBCDIC here. */
function inPage(part: ElementData, page: EbcdicPage): ElementData | null {
  const prefix: LengthPrefix | null =
    part.prefix?.encoding === "ascii" ? { ...part.prefix, encoding: page } : part.prefix;
  const isText = part.encoding === "ascii" && part.composite === undefined;
  return isText && (prefix === null || prefix.encoding === page)
    ? { ...part, encoding: page, prefix }
    : null;
}

function isAscii(part: ElementData): boolean {
  const own = part.encoding === "ascii" && part.composite === undefined;
  return own && (part.prefix === null || part.prefix.encoding === "ascii");
}

/** Parts of a packager of subfields, by number. */
function partsOf(
  context: FieldContext,
  element: ElementData,
  wanted: (id: number) => boolean,
): Map<number, ElementData> {
  const parts = new Map<number, ElementData>();
  for (const [id, node] of fieldNodes(context.node)) {
    if (!wanted(id)) continue;
    const inner = { ...context, node, path: `${context.path}.${id}`, de: context.de };
    const part = elementOf(inner);
    if (part === null) continue;
    const { sensitivity: _, ...rest } = part;
    const own = partSensitivity(element.sensitivity, part.content);
    parts.set(id, own === undefined ? rest : { ...rest, sensitivity: own });
  }
  return parts;
}

interface Inside {
  readonly parts: ReadonlyMap<number, ElementData>;
  readonly bitmap: BitmapSpec | null;
  readonly headerBytes: number;
}

/** The element with its subfields, or null where they cannot stand in it. */
function around(element: ElementData, inside: Inside): ElementData | null {
  const { bitmap, headerBytes } = inside;
  let { parts } = inside;
  let holder: ElementData | null = element;
  let bits = bitmap;
  if (isPage(element.encoding)) {
    const page = element.encoding;
    const translated = [...parts].map(([id, part]) => [id, inPage(part, page)] as const);
    if (translated.some(([, part]) => part === null) || bitmap?.encoding === "raw") return null;
    parts = new Map(translated.map(([id, part]) => [id, part!]));
    bits = bitmap === null ? null : { ...bitmap, encoding: page };
  } else if (bitmap?.encoding === "raw" || headerBytes > 0 || ![...parts.values()].every(isAscii)) {
    holder = asBytes(element);
  }
  if (holder === null || parts.size === 0) {
    return null;
  }
  const composite: CompositeData =
    bits === null
      ? { kind: "sequence", parts: [...parts.values()], optionalFrom: 1 }
      : { kind: "bitmapped", headerBytes, bitmap: bits, parts: Object.fromEntries(parts) };
  return { ...holder, composite };
}

function innerBitmap(node: XMLElement | undefined): BitmapSpec | null {
  const encoding = bitmapClasses[className(node?.attributes.class)];
  if (node === undefined || encoding === undefined) {
    return null;
  }
  const ownKind = className(node.attributes.class) === "Base1_BITMAP126";
  const bits = 8 * (ownKind ? 8 : lengthOf(node));
  return { encoding, bits, continues: bits > 64 ? "bit1" : "never", writesAll: false };
}

/** GenericSubFieldPackager and its kin: subfields by a bitmap, or one after the other. */
function subfields(context: FieldContext, element: ElementData, packager: string): Result {
  const { attributes } = context.node;
  const nodes = fieldNodes(context.node);
  const isBase1 = packager === "Base1SubFieldPackager";
  const isBitmap = (id: number): boolean => innerBitmap(nodes.get(id)) !== null;
  const emits = isBase1 ? isBitmap(0) : attributes.emitBitmap !== "false";
  const bitmapId = isBase1 ? 0 : Number(attributes.bitmapField ?? "1");
  const bitmap = emits ? innerBitmap(nodes.get(bitmapId)) : null;
  if (emits && bitmap === null) {
    return "a bitmap is announced and there is none";
  }
  const usual = isBase1 ? (emits ? 1 : 0) : isBitmap(1) ? 2 : 1;
  const first = Number(attributes.firstField ?? String(usual));
  const isWhole = packager === "GenericPackager";
  const readsZero = isWhole && nodes.has(0) && !isBitmap(0);
  const parts = partsOf(context, element, (id) => {
    const isEmpty = emptyClasses.includes(className(nodes.get(id)?.attributes.class));
    if (isEmpty || (emits && id === bitmapId)) return false;
    return id === 0 && emits ? false : id >= first || (id === 0 && readsZero);
  });
  const headerBytes = isWhole ? Number(attributes.headerLength ?? "0") : 0;
  if (headerBytes > 0 && bitmap === null) {
    return "a header without a bitmap has no place in a composite";
  }
  return (
    around(element, { parts, bitmap, headerBytes }) ?? "its parts cannot stand in its encoding"
  );
}

type Result = ElementData | string;

interface Tagged {
  readonly tag: string;
  readonly name: string;
  readonly node: XMLElement;
  readonly lengthDigits: number;
}

/** A list of tags with their lengths, in the text of the element. */
function tagList(
  element: ElementData,
  tagged: readonly Tagged[],
  list: {
    readonly tagDigits: number;
    readonly tagLetters: boolean;
    readonly unknown: "keep" | "reject";
    readonly leading?: ElementData;
  },
): Result {
  const text = element.content === "b" && element.encoding === "raw";
  const holder: ElementData = text ? { ...element, content: "ans", encoding: "ascii" } : element;
  const [first] = tagged;
  const lengthDigits = first?.lengthDigits ?? 3;
  if (tagged.some((one) => one.lengthDigits !== lengthDigits)) {
    return "the lengths of its tags are not written alike";
  }
  const sensitivity = partSensitivity(element.sensitivity, "ans");
  const shown = sensitivity === undefined ? {} : { sensitivity };
  const tags = tagged.map(({ tag, name, node }) => {
    const isBytes = className(node.attributes.class).endsWith("BINARY");
    const max = Math.max(1, Math.min(lengthOf(node), 10 ** lengthDigits - 1));
    const content = isBytes ? { content: "b", encoding: "raw" } : { content: "ans", ...shown };
    return [tag, { name, ...content, max }] as const;
  });
  const { leading, ...rest } = list;
  const { prefix: _, filler: __, ...head } = leading ?? { prefix: null, filler: "none" };
  const composite = {
    kind: "tag-list",
    ...rest,
    lengthDigits,
    emptyAllowed: true,
    ...(leading === undefined ? {} : { leading: head }),
    tags: Object.fromEntries(tags),
  };
  return { ...holder, composite };
}

/** TaggedSequencePackager: each field has its tag as a token; one of #### takes all others. */
function taggedSequence(context: FieldContext, element: ElementData): Result {
  const token = context.node.attributes.token ?? "";
  const fields = [...fieldNodes(context.node)];
  const isTagged = (node: XMLElement): boolean =>
    tokenClasses[className(node.attributes.class)] !== undefined;
  const plain = fields.filter(([, node]) => !isTagged(node));
  if (token === "" || token.length > 4 || plain.length > 1) {
    return "tags have 1 to 4 characters, with one fixed field before them at most";
  }
  const [id, node] = plain[0] ?? [];
  const leading =
    node === undefined ? undefined : elementOf({ ...context, node, path: `${context.path}.${id}` });
  if (leading === null || (leading !== undefined && leading.prefix !== null)) {
    return "what stands before the tags has no fixed length";
  }
  const all = fields
    .filter(([, field]) => isTagged(field))
    .map(([, field]) => ({
      tag: field.attributes.token ?? "",
      name: field.attributes.name ?? "tag",
      node: field,
      lengthDigits: tokenClasses[className(field.attributes.class)]!,
    }));
  const named = all.filter(({ tag }) => !tag.startsWith("#"));
  const isOpen = named.length < all.length;
  const list = {
    tagDigits: token.length,
    tagLetters: [token, ...named.map(({ tag }) => tag)].some((tag) => /\D/.test(tag)),
    unknown: isOpen ? "keep" : "reject",
    ...(leading === undefined ? {} : { leading }),
  } as const;
  const digits = new Set(all.map(({ lengthDigits }) => lengthDigits));
  return digits.size > 1
    ? "the lengths of its tags are not written alike"
    : tagList(element, named.length > 0 ? named : [], { ...list });
}

/** GenericTaggedFieldsPackager: the tag is the number of the field, where the mapper is jPOS's. */
function taggedFields(context: FieldContext, element: ElementData): Result {
  const { attributes } = context.node;
  if (attributes.swapTagAndLen === "true") {
    return "the length stands before the tag";
  }
  const mapper = className(attributes.tagMapper);
  const isNumber = ["TTDecimalTagMapper", "TTTDecimalTagMapper"].includes(mapper);
  const fields = [...fieldNodes(context.node)];
  const sizes = fields.map(([, node]) => taggedClasses[className(node.attributes.class)]);
  const tagDigits = Number(attributes.tagSize ?? sizes[0]?.[0] ?? 2);
  const lengthDigits = Number(attributes.lenSize ?? sizes[0]?.[1] ?? 3);
  if (sizes.some((size) => size?.[0] !== tagDigits || size[1] !== lengthDigits)) {
    return "its fields do not write tag and length alike";
  }
  const tagged = fields.map(([id, node]) => ({
    tag: String(id).padStart(tagDigits, "0"),
    name: node.attributes.name ?? `tag ${id}`,
    node,
    lengthDigits,
  }));
  if (!isNumber) {
    lose(context, mapper || "tagMapper", "the tags of its fields are in Java code: all are kept");
  }
  const list = { tagDigits, tagLetters: true, unknown: "keep" } as const;
  const made = tagList(element, tagged, list);
  if (typeof made === "string" || isNumber) {
    return made;
  }
  return { ...made, composite: { ...made.composite!, tags: {} } };
}

function berTlv(context: FieldContext, element: ElementData): Result {
  if (fieldNodes(context.node).size > 0) {
    lose(
      context,
      className(context.node.attributes.packager),
      "its own names of tags are not kept",
    );
  }
  const holder = asBytes(element);
  return holder === null
    ? "BER-TLV stands in bytes"
    : { ...holder, composite: { kind: "ber-tlv", tags: "emv" } };
}

function datasets(context: FieldContext, element: ElementData): Result {
  if (fieldNodes(context.node).size > 0) {
    const why = "the parts of its bitmapped datasets have no identifier: datasets are kept whole";
    lose(context, className(context.node.attributes.packager), why);
  }
  const holder = asBytes(element);
  return holder === null
    ? "datasets stand in bytes"
    : { ...holder, composite: { kind: "dataset", datasets: {} } };
}

function byPackager(context: FieldContext, element: ElementData, packager: string): Result {
  switch (packager) {
    case "GenericSubFieldPackager":
    case "GenericPackager":
    case "Base1SubFieldPackager":
      return subfields(context, element, packager);
    case "TaggedSequencePackager":
      return taggedSequence(context, element);
    case "GenericTaggedFieldsPackager":
      return taggedFields(context, element);
    case "BERTLVBinaryPackager":
    case "ICCDataPackager":
      return berTlv(context, element);
    case "DatasetPackager":
      return datasets(context, element);
    default:
      return "there is no such layout in a dialect";
  }
}

/** The element with its nested packager; as one value, and named, where it cannot be carried. */
export function compositeOf(context: FieldContext, element: ElementData): ElementData {
  const packager = className(context.node.attributes.packager);
  const made = byPackager(context, element, packager);
  if (typeof made !== "string") {
    return made;
  }
  lose(context, packager || "packager", `${made}; the field is carried as one value`);
  return element;
}
