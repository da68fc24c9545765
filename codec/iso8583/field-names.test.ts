// Property: what the compiler knows of a dialect is what its data says; every name leads to the one
// element that has it; a message made by names encodes, and is found again by the same names. The
// types are held by the type check.
import { describe, expect, expectTypeOf, it } from "vitest";
import { type FieldName, type FieldPath, fieldIn, fieldsOf, messageOf } from "./field-names.ts";
import { fieldAliases, fieldPaths } from "./field-paths.ts";
import { dialects, iso87Ascii, mydebit, postilionStyle } from "./mod.ts";

const codecs = Object.values(dialects);

describe.each(codecs)("$name", ({ spec }) => {
  const paths = fieldPaths(spec);

  it("has each path once, and each name at one path", () => {
    expect(new Set(paths.map(({ path }) => path)).size).toBe(paths.length);
    const aliases = fieldAliases(spec);
    expect(new Set(Object.values(aliases)).size).toBe(Object.keys(aliases).length);
    for (const [alias, path] of Object.entries(aliases)) {
      expect(alias).toMatch(/^[a-z0-9][A-Za-z0-9]*$/);
      expect(paths.map((one) => one.path)).toContain(path);
    }
  });

  it("knows the names that everybody uses", () => {
    expect(fieldAliases(spec)).toMatchObject({ pan: "2", stan: "11", rrn: "37" });
  });
});

it("names follow the data: 18 here, 26 there", () => {
  expect(fieldsOf("iso87-ascii").mcc).toBe("18");
  expect(fieldsOf("iso93-ascii").mcc).toBe("26");
  expect(fieldsOf("iso93-ascii").merchantType).toBe("18");
  expect(fieldsOf("mydebit").ptav).toBe("120.04");
  // Reserved elements share their names: they have paths only.
  expect(Object.keys(fieldsOf("iso87-ascii"))).not.toContain("reservedPrivate");
});

describe("messages by names", () => {
  const out = Buffer.alloc(4_096);

  it("encode, and are found by the same names", () => {
    const message = messageOf("mydebit", "0800", {
      transmissionTime: "0101000500",
      stan: "1",
      networkManagementCode: "161",
      keyCheckValue: "377822",
    });
    const end = mydebit.encode(message, out, 0);
    const document = mydebit.decode(out, 0, end, { bare: true });
    expect(fieldIn("mydebit", document, "stan")?.value).toBe("000001");
    expect(fieldIn("mydebit", document, "120.41")?.value).toBe("377822");
    expect(fieldIn("mydebit", document, "keyCheckValue")?.value).toBe("377822");
    expect(fieldIn("mydebit", document, "120.05")).toBeUndefined();
    expect(fieldIn("mydebit", document, "pan")).toBeUndefined();
  });

  it("reach the parts of parts", () => {
    const deep = fieldPaths(postilionStyle.spec).find(({ path }) => /^127\.25\.\d+$/.test(path))!;
    expectTypeOf<"127.25.2">().toExtend<FieldPath<"postilion-style">>();
    const path = deep.path as FieldPath<"postilion-style">;
    const part = postilionStyle.spec.elements["127"]!.composite!;
    expect(part.kind).toBe("bitmapped");
    const message = messageOf("postilion-style", "0200", { [path]: "1", stan: "1" });
    expect(message.fields["127"]).toMatchObject({
      fields: { "25": { fields: { [path.split(".")[2]!]: { value: "1" } } } },
    });
  });

  it("tags keep the order in which they are given", () => {
    const message = messageOf("mydebit", "0100", { "120.10": "x", "120.01": "y" });
    expect(message.fields["120"]).toMatchObject({ tags: [{ tag: "10" }, { tag: "01" }] });
  });
});

it("the compiler knows what there is, and what there is not", () => {
  expectTypeOf<"2">().toExtend<FieldPath<"mydebit">>();
  expectTypeOf<"120.05">().toExtend<FieldPath<"mydebit">>();
  expectTypeOf<"stan">().toExtend<FieldName<"mydebit">>();
  expectTypeOf<"65">().not.toExtend<FieldPath<"mydebit">>();
  expectTypeOf<"120.99">().not.toExtend<FieldPath<"mydebit">>();
  expectTypeOf<"stan">().not.toExtend<FieldPath<"mydebit">>();
  expectTypeOf<"stam">().not.toExtend<FieldName<"mydebit">>();
  expectTypeOf<"ptav">().not.toExtend<FieldName<"iso87-ascii">>();
  expectTypeOf<"nowhere">().not.toExtend<Parameters<typeof fieldsOf>[0]>();
  expectTypeOf(fieldsOf("mydebit").stan).toEqualTypeOf<"11">();
  expectTypeOf(fieldsOf("mydebit")).not.toHaveProperty("stam");
  type Values = Parameters<typeof messageOf<"iso87-ascii">>[2];
  expectTypeOf<{ stan: string; "3.1": string }>().toExtend<Values>();
  expectTypeOf<"120.05">().not.toExtend<keyof Values>();
  expect(iso87Ascii.name).toBe("iso87-ascii");
});
