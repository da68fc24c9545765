// Property: presence is judged by the table of the message type: each mandatory element and tag
// is missed by name, card-present data and the tags of the TSP are refused, everything else
// passes unjudged.
import { describe, expect, it } from "vitest";
import type { MessageInput } from "./codec.ts";
import { iso87Ascii, loadCodec, mydebit } from "./mod.ts";
import { mydebitFixtures, request0100 } from "./testdata/mydebit.ts";

type Fields = Record<string, string | Record<string, string>>;

/** Element texts of a fixture, its tag list taken apart. */
function fieldsOf(bytes: Buffer): Fields {
  const document = mydebit.decode(bytes, 0, bytes.length, { bare: true, reveal: true });
  const fields: Fields = {};
  for (const [de, field] of Object.entries(document.fields)) {
    const tags = (field.tags ?? []).map(({ tag, value }) => [tag, value]);
    fields[de] = field.tags === undefined ? field.value : Object.fromEntries(tags);
  }
  return fields;
}

function judge(message: MessageInput): { code: string; path: string } | null {
  const out = Buffer.alloc(4_096);
  const end = mydebit.encode(message, out, 0);
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, out, 0, end)).toBe(0);
  const status = mydebit.validate(view);
  if (status === 0) {
    return null;
  }
  expect(view.validUpTo).toBe(128);
  const { code, path } = mydebit.error(status, view);
  return { code, path };
}

const mandatory: readonly (readonly [mtis: string, elements: readonly number[]])[] = [
  ["0100 0101 0200 0201", [2, 3, 4, 7, 11, 12, 13, 14, 18, 22, 25, 32, 37, 42, 49, 120]],
  ["0220 0400 0401 0420 0421", [2, 3, 4, 7, 11, 12, 13, 32, 37, 42, 49, 90, 120]],
  ["0120 0121", [2, 3, 4, 7, 11, 12, 13, 32, 37, 39, 42, 49, 90, 120]],
  ["0302", [2, 7, 11, 12, 13, 32, 37, 91, 101, 120]],
  ["0800", [7, 11, 70]],
  ["0110 0210 0230 0410 0430 0130 0312 0810", [7, 11, 39]],
];
const rows = mandatory.flatMap(([mtis, elements]) =>
  mtis.split(" ").map((mti) => [mti, elements] as const),
);

describe("closed sets of values", () => {
  const part = { name: "part", min: 1, max: 1, content: "a", sensitivity: "open" } as const;
  const codec = loadCodec({
    ...iso87Ascii.spec,
    elements: {
      ...iso87Ascii.spec.elements,
      "39": { ...iso87Ascii.spec.elements["39"]!, values: ["00", "05"] },
      "91": {
        ...iso87Ascii.spec.elements["91"]!,
        composite: { kind: "positional", parts: [{ ...part, values: ["X"] }] },
      },
    },
  });

  it.each([
    ["0000000002000000", "00", null],
    ["0000000002000000", "06", { code: "BAD_FORMAT", path: "39", offset: 20 }],
    ["8000000000000000" + "0000002000000000", "X", null],
    ["8000000000000000" + "0000002000000000", "Y", { code: "BAD_FORMAT", path: "91", offset: 36 }],
  ])("%s %s", (bitmap, value, wanted) => {
    const bytes = Buffer.from(`0110${bitmap}${value}`, "latin1");
    const view = codec.createView();
    expect(codec.scan(view, bytes, 0, bytes.length)).toBe(0);
    const status = codec.validate(view);
    expect(status === 0 ? null : codec.error(status, view)).toEqual(
      wanted === null ? null : expect.objectContaining(wanted),
    );
    const { error = null } = codec.decode(bytes, 0, bytes.length, { judge: true });
    expect(error).toEqual(wanted === null ? null : expect.objectContaining(wanted));
  });
});

describe("presence", () => {
  it.each(rows)("of %s: exactly its mandatory elements are missed", (mti, elements) => {
    const fixture = mydebitFixtures.find((candidate) => candidate.name === mti)!;
    const fields = fieldsOf(fixture.bytes);
    expect(judge({ mti, fields })).toBeNull();
    for (const de of Object.keys(fields)) {
      const { [de]: _, ...rest } = fields;
      const missed = elements.includes(Number(de));
      const wanted = missed ? { code: "MISSING_FIELD", path: de } : null;
      expect(judge({ mti, fields: rest })).toEqual(wanted);
    }
  });

  it.each(rows)("of %s: card-present data is refused, other elements are not judged", (mti) => {
    const fixture = mydebitFixtures.find((candidate) => candidate.name === mti)!;
    const fields = fieldsOf(fixture.bytes);
    const extra: Fields = {
      "23": "001",
      "35": "0=1",
      "36": "0",
      "45": "B",
      "52": "0011223344556677",
      "53": "0",
      "55": "x",
    };
    for (const [de, value] of Object.entries(extra)) {
      const wanted = { code: "FIELD_NOT_ALLOWED", path: de };
      expect(judge({ mti, fields: { ...fields, [de]: value } })).toEqual(wanted);
    }
    for (const [de, value] of Object.entries({ "5": "1", "48": "x", "98": "p", "127": "y" })) {
      expect(judge({ mti, fields: { ...fields, [de]: value } })).toBeNull();
    }
  });
});

describe("tags of a 0100", () => {
  const fields = fieldsOf(request0100.bytes);
  const tags = fields["120"] as Record<string, string>;
  const withTags = (list: Record<string, string>) =>
    judge({ mti: "0100", fields: { ...fields, "120": list } });

  it("05 and 07 are mandatory; 03 and 04 are missed later, with reasons of their own", () => {
    for (const tag of Object.keys(tags)) {
      const { [tag]: _, ...rest } = tags;
      const missed = tag === "05" || tag === "07";
      expect(withTags(rest)).toEqual(missed ? { code: "MISSING_FIELD", path: `120.${tag}` } : null);
    }
  });

  it("those that only the TSP sets are refused", () => {
    const values: Record<string, string> = {
      "01": "6".repeat(16),
      "02": "3012",
      "09": "Z".repeat(29),
      "10": "12",
      "11": "01",
      "12": "V",
      "13": "0000",
      "14": "0".repeat(36),
      "18": "A",
      "19": "20260101000500",
      "20": "R",
    };
    for (const [tag, value] of Object.entries(values)) {
      const wanted = { code: "FIELD_NOT_ALLOWED", path: `120.${tag}` };
      expect(withTags({ ...tags, [tag]: value })).toEqual(wanted);
    }
  });

  it("unknown tags, and those of the acquirer, pass", () => {
    const others = { "08": "A", "15": "p", "16": "05", "17": "0".repeat(36), "21": "x", "99": "y" };
    expect(withTags({ ...tags, ...others })).toBeNull();
  });

  it("05 is C or M, 07 is F, S or N; an unknown 06 is missed later", () => {
    expect(withTags({ ...tags, "05": "X" })).toEqual({ code: "BAD_FORMAT", path: "120.05" });
    expect(withTags({ ...tags, "07": "f" })).toEqual({ code: "BAD_FORMAT", path: "120.07" });
    expect(withTags({ ...tags, "06": "X" })).toBeNull();
  });

  it("a PTAV of a wrong length or alphabet is not a format error", () => {
    for (const value of ["x", "_".repeat(28), "A".repeat(40)]) {
      expect(withTags({ ...tags, "04": value })).toBeNull();
    }
  });
});

it("an advice names the verification that it is about", () => {
  const advice = mydebitFixtures.find((candidate) => candidate.name === "0120")!;
  const fields = { ...fieldsOf(advice.bytes), "120": { "03": "9".repeat(11) } };
  expect(judge({ mti: "0120", fields })).toEqual({ code: "MISSING_FIELD", path: "120.14" });
});
