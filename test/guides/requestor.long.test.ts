// Defends: the requestors' guide is true. Every command on the page is typed, in its order, against
// a service that the page starts, and says what the page says.
import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedPage } from "./typed-page.ts";

let page: TypedPage;
beforeAll(async () => {
  page = await TypedPage.open("requestor.md", null);
});
afterAll(() => page?.remove());

test("every command of the page works as it stands there", async () => {
  expect(page.blocks.length).toBeGreaterThan(8);
  const { code, stdout, stderr } = await page.type();
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toMatch(/the end\n$/);
  expect(stdout).toMatch(/^ok {4}provision visitor +token 608727\*+\d{4} .*; known again$/m);
  expect(stdout).toMatch(/^ok {4}await visitor +told: TOKEN_SUSPENDED by ISSUER \(LOST\)/m);
  expect(stdout).toMatch(/^ok {4}await visitor +told: TOKEN_RESUMED by ISSUER/m);
  expect(stdout).toMatch(/^ok {4}events +visitor TOKEN_SUSPENDED, visitor TOKEN_RESUMED$/m);
  expect(stdout).not.toContain("WRONG");
}, 150_000);
