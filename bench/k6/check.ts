// What a change of the k6 scripts must pass: k6 reads each of them, a short run keeps its budgets,
// and a budget that cannot be kept ends with k6's own exit code.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { obtain } from "../../deploy/tools/obtain.ts";
import { getTool } from "../../deploy/tools/tool-table.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const limitMs = 60_000;

/** k6 ends with this where a threshold was crossed. */
const thresholdsCrossed = 99;

/** Enough for a script to be read; nothing is connected. */
const variables = [
  "PANTUN_ADDRESS=127.0.0.1:1",
  "PANTUN_POOL=http://127.0.0.1:1",
  "PANTUN_TARGET=service",
  "PANTUN_SECONDS=1",
  "PANTUN_UNARY_RATE=1",
  "PANTUN_FRAME_RATE=1",
  "PANTUN_FRAME_ITEMS=64",
  "PANTUN_OUT=out",
  `PANTUN_PROTO=${fileURLToPath(new URL("../../proto", import.meta.url))}`,
].flatMap((variable) => ["-e", variable]);

let passed = 0;
let failed = 0;

function check(name: string, command: string, args: readonly string[], due: number): void {
  const ran = spawnSync(command, args, { encoding: "utf8", timeout: limitMs });
  const ok = ran.status === due;
  if (ok) passed++;
  else failed++;
  process.stdout.write(`${ok ? "ok  " : "FAIL"} ${name}\n`);
  if (!ok) process.stdout.write(`exit code ${ran.status}\n${ran.stdout}${ran.stderr}\n`);
}

const k6 = obtain(getTool("k6"));
if (k6 === null) {
  failed++;
  process.stdout.write("FAIL k6 could not be found or installed\n");
} else {
  for (const name of ["unary", "session", "mixed"]) {
    const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
    check(`k6 inspect ${name}`, k6, ["inspect", ...variables, script], 0);
  }
  const node = process.execPath;
  const generous = ["--smoke", "--factor", "100"];
  check("k6 mixed, a short run", node, [main, "mixed", ...generous], 0);
  const impossible = [main, "unary", "--smoke", "--budget-p99", "0.001"];
  check("k6 unary, a budget nobody can keep", node, impossible, thresholdsCrossed);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
