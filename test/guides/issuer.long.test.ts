// Defends: the issuers' guide is true. Every command on the page is typed, in its order, against a
// service that the page starts, and says what the page says.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedPage } from "./typed-page.ts";

let page: TypedPage;
beforeAll(async () => {
  page = await TypedPage.open("issuer.md", null);
});
afterAll(() => page?.remove());

test("every command of the page works as it stands there", async () => {
  expect(page.blocks.length).toBeGreaterThan(6);
  const { code, stdout, stderr } = await page.type();
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toMatch(/the end\n$/);
  expect(stdout.match(/^SUSP 999999\*+\d{4}: 00, card S, 1 tokens affected$/gm)).toHaveLength(2);
  expect(stdout).toMatch(/^RESM 999999\*+\d{4}: 00, card A, 1 tokens affected$/m);
  expect(stdout).toMatch(/^PANU 999999\*+\d{4}: 00, 1 tokens affected$/m);
  // In order for each token; which token comes first is the shards' business.
  expect(stdout).toMatch(/^ok {4}events .*first TOKEN_SUSPENDED, .*first TOKEN_RESUMED, /m);
  expect(stdout).toMatch(/^ok {4}events .*second TOKEN_DELETED/m);
  expect(stdout).toContain("FFFFFF on 224488");
  expect(stdout).not.toContain("WRONG");
}, 150_000);
