// npm run bench:watch: a short run of the benches whose ratios have bounds, and whether they are
// kept. Exit code 1 where one is not. Ends with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Row } from "../lib/row.ts";
import bounds from "./bounds.json" with { type: "json" };
import { judge, renderJudged } from "./judge.ts";

/** Few enough to be made in seconds on a clean machine. */
const tokens = 50_000;
const bench = fileURLToPath(new URL("../main.ts", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "pantun-watch-"));
try {
  const json = join(folder, "rows.json");
  const names = [...new Set(bounds.map(({ scenario }) => scenario))];
  const options = ["--quick", "--tokens", String(tokens), "--json", json];
  const { status } = spawnSync(
    process.execPath,
    [...process.execArgv, bench, ...names, ...options],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  if (status !== 0) throw new Error(`the bench ended with exit code ${status}`);
  const { rows } = JSON.parse(readFileSync(json, "utf8")) as { rows: Row[] };
  const judged = judge(bounds, rows);
  const passed = judged.filter(({ kept }) => kept).length;
  process.stdout.write(`\n${renderJudged(judged)}`);
  process.stdout.write(`${passed} passed, ${judged.length - passed} failed\n`);
  if (passed < judged.length) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
