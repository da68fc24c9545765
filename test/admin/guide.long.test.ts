// Defends: the operators' guide is true. Every command on the page is typed, in its order, against
// a vault and a service of its own, and says what the page says.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TypedPage } from "../guides/typed-page.ts";

let page: TypedPage;
beforeAll(async () => {
  page = await TypedPage.open("operator.md", { tokens: 10, peers: ["net"] });
  const parties = {
    switches: [{ name: "net" }],
    requestors: [{ name: "shop", trids: ["99900000001"] }],
    plain: { switch: "net", requestor: "shop" },
  };
  writeFileSync(join(page.home, "var", "parties.json"), JSON.stringify(parties));
}, 60_000);
afterAll(() => page?.remove());

test("every command of the page works as it stands there", async () => {
  expect(page.blocks.length).toBeGreaterThan(10);
  const { code, stdout, stderr } = await page.type();
  expect(code, `${stdout}\n${stderr}`).toBe(0);
  expect(stdout).toMatch(/the end\n$/);
  expect(stdout).toMatch(/^9 +REFUSED +issuer.put +BANK0002 +alice +bob/m);
  expect(stdout).toMatch(/^alone +requestor.status$/m);
  expect(stdout).toMatch(/^ptav +- +2 +ACTIVE/m);
  expect(stdout).toContain("key.rotate  carol, approved by bob  ptav-1");
  expect(stdout).toMatch(/^faults +0$/m);
}, 150_000);
