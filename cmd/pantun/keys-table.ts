// A listing of keys: a document for machines, or a table for people. Never a key.
import type { KeyListing } from "../../crypto/mod.ts";

export function showKeys(
  flags: { readonly json?: boolean },
  keys: readonly KeyListing[],
  proven: boolean,
): void {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ proven, keys })}\n`);
    return;
  }
  const head = ["USAGE", "LABEL", "VERSION", "STATE", "KCV", "CREATED", "ROTATED", "ENDED"];
  const rows = keys.map((key) => [
    key.usage,
    key.label === "" ? "-" : key.label,
    String(key.version),
    key.state,
    key.kcv,
    ...[key.createdAt, key.rotatedAt, key.endedAt].map((time) => time?.slice(0, 19) ?? "-"),
  ]);
  printTable(head, rows);
}

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  );
  for (const row of [head, ...rows]) {
    const line = row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ");
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}
