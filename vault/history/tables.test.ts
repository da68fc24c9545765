// Defends: a history of another layout is refused and left as it is, and a new one is marked.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openHistoryTables } from "./tables.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-history-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = () => openHistoryTables({ dir, mapSizeBytes: 2 ** 26, readOnly: false });

it.each([
  [1, "VAULT_CORRUPT"],
  [3, "VAULT_TOO_NEW"],
] as const)("refuses layout %i", async (layout, code) => {
  const tables = open();
  const value = Buffer.alloc(4);
  value.writeUInt32LE(layout, 0);
  tables.env.write(() => tables.meta.putSync(Buffer.from("layout"), value));
  await tables.env.close();
  expect(open).toThrow(expect.objectContaining({ code }));
});

it("takes one that has cursors and no number for the first layout", async () => {
  const tables = open();
  tables.env.write(() => {
    tables.meta.removeSync(Buffer.from("layout"));
    tables.cursors.putSync(Buffer.from("w0-1.log"), Buffer.alloc(10));
  });
  await tables.env.close();
  expect(open).toThrow(expect.objectContaining({ code: "VAULT_CORRUPT" }));
});

it("opens again what it has made", async () => {
  await open().env.close();
  await open().env.close();
});
