// Defends: the switch's guide is true. Every command on the page is typed, in its order, against a
// service that the page starts, and says what the page says.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedPage } from "./typed-page.ts";

let page: TypedPage;
beforeAll(async () => {
  page = await TypedPage.open("switch.md", null);
});
afterAll(() => page?.remove());

test("every command of the page works as it stands there", async () => {
  expect(page.blocks.length).toBeGreaterThan(5);
  const { code, stdout, stderr } = await page.type();
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toMatch(/the end\n$/);
  expect(stdout).toMatch(/^"ok":true$/m);
  const asked = stdout.match(
    /^ok {4}608727\*+\d{4} +Y {2}resolved to TESTBANK at acs-bank, ECI 05$/gm,
  );
  expect(asked).toHaveLength(3);
  expect(stderr.match(/A card number was not encrypted to this/g)).toHaveLength(3);
}, 150_000);
