// A certificate stands for the caller that its names are configured for, and for nobody when its
// names are strange, quoted, or those of two callers.
import { expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import { CallerTable, namesOf } from "./identity.ts";
import type { RequestorCaller } from "./ports.ts";

const caller = (name: string, identities: string[]): RequestorCaller => {
  return { kind: "requestor", name, identities, trids: [] };
};

const names = (subjectaltname: string | undefined) =>
  namesOf(subjectaltname === undefined ? {} : { subjectaltname });

test.each([
  [undefined, []],
  ["", []],
  ["DNS:a.test", ["DNS:a.test"]],
  ["URI:spiffe://a/b, DNS:a.test", ["URI:spiffe://a/b", "DNS:a.test"]],
  ["IP Address:127.0.0.1, DNS:a.test", ["DNS:a.test"]],
  ["email:x@y, URI:spiffe://a", ["URI:spiffe://a"]],
  // A name that holds a comma cannot pretend to be two.
  ['DNS:"evil, DNS:switch.test", DNS:b.test', ["DNS:b.test"]],
  ['URI:"a\\", URI:spiffe://switch", DNS:c.test', ["DNS:c.test"]],
  ["DNS:", []],
])("names of %s", (text, expected) => {
  expect(names(text)).toEqual(expected);
});

test("only so many names are read", () => {
  const text = Array.from({ length: 100 }, (_, i) => `DNS:n${i}.test`).join(", ");
  expect(names(text)).toHaveLength(32);
});

test("a certificate of two callers is nobody's; two names of one caller are fine", () => {
  const a = caller("a", ["DNS:a.test", "URI:spiffe://a"]);
  const table = new CallerTable([a, caller("b", ["DNS:b.test"])]);
  expect(table.find({ subjectaltname: "DNS:a.test, URI:spiffe://a" })).toBe(a);
  expect(table.find({ subjectaltname: "DNS:a.test, DNS:b.test" })).toBeNull();
  expect(table.find({ subjectaltname: "DNS:A.test" })).toBeNull();
  expect(table.findByName("b")?.name).toBe("b");
});

test("a table in which an identity stands twice is refused", () => {
  const build = () => new CallerTable([caller("a", ["DNS:a"]), caller("b", ["DNS:a"])]);
  expect(build).toThrowError(/stands in the table of callers twice/);
  try {
    build();
  } catch (error) {
    expect(isAppError(error, "CONFIG_INVALID")).toBe(true);
  }
});
