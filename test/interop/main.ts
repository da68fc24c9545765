// Interoperability: random messages both ways against jPOS and moov-io/iso8583, unmodified, each in
// a process of its own. Not a part of the tests, because it fetches and builds them:
//
//   node test/interop/main.ts [--messages 10000] [--seed N] [--only ISO87A]
//
// Then the packager files of jPOS and the specs of moov are imported, and the dialects that come
// out are compared in the same way. Prints a row a packager and the values that were left out
// because the other side cannot carry them there and back itself. Exit code 1 where anything else
// differs.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildJpos, buildMoov } from "./build-peers.ts";
import { Comparison, type Outcome } from "./compare.ts";
import { type ForeignRun, foreignRuns } from "./foreign-specs.ts";
import { Peer } from "./peer.ts";
import { seeded } from "./random-message.ts";
import { type Packager, packagers } from "./test-dialects.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "10000" },
    seed: { type: "string", default: String(Date.now() % 2 ** 32) },
    only: { type: "string" },
  },
});
const messages = Number(values.messages);
const seed = Number(values.seed);
const folder = join(tmpdir(), "pantun-interop");
mkdirSync(folder, { recursive: true });

const chosen = packagers.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0 || !(messages > 0) || !(seed >= 0)) {
  const names = packagers.map(({ name }) => name).join(", ");
  process.stderr.write(`usage: --messages N --seed N --only one of ${names}\n`);
  process.exit(2);
}

function start({ library, name }: Packager): Peer {
  if (library === "moov") return new Peer(buildMoov(folder), [name]);
  const classPath = buildJpos(folder);
  return new Peer("java", ["-cp", classPath, "JposPeer", `org.jpos.iso.packager.${name}Packager`]);
}

function report({ name, library, quirks }: Packager, outcome: Outcome): boolean {
  const { leftOut, elements, faults, ...counts } = outcome;
  const numbers = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  process.stdout.write(`${library} ${name}: elements ${elements.size}, ${numbers.join(", ")}\n`);
  process.stdout.write(`  quirks: ${quirks}\n`);
  const out = [...leftOut].sort(([a], [b]) => a - b).map(([de, count]) => `${de} (${count})`);
  if (out.length > 0) process.stdout.write(`  left out: ${out.join(", ")}\n`);
  for (const fault of faults) process.stdout.write(`  wrong: ${fault}\n`);
  return counts.wrongHere + counts.wrongThere === 0;
}

process.stdout.write(`seed ${seed}, ${messages} messages each way a packager\n`);
let right = true;
for (const packager of chosen) {
  const peer = start(packager);
  const comparison = await Comparison.begin(packager, peer, seeded(seed));
  right = report(packager, await comparison.run(messages)) && right;
  await peer.close();
}
function reportForeign(run: ForeignRun): boolean {
  const { imported, outcome, nested, differsFromOurs, wrongFromOurs } = run;
  const { leftOut, elements, faults, ...counts } = outcome;
  const numbers = Object.entries(counts).map(([what, count]) => `${what} ${count}`);
  const carried = `${imported.elements} elements, ${imported.losses.length} losses`;
  process.stdout.write(`imported ${run.name}: ${carried}\n`);
  process.stdout.write(`  compared ${elements.size}: ${numbers.join(", ")}\n`);
  if (nested !== null && nested.elements.size > 0) {
    const { elements: holders, ...found } = nested;
    const counted = Object.entries(found).map(([what, count]) => `${what} ${count}`);
    process.stdout.write(`  nested ${[...holders].join(" ")}: ${counted.join(", ")}\n`);
  }
  for (const { path, what, why } of imported.losses) {
    process.stdout.write(`  lost ${path} ${what}: ${why}\n`);
  }
  const out = [...leftOut].sort(([a], [b]) => a - b).map(([de, count]) => `${de} (${count})`);
  if (out.length > 0) process.stdout.write(`  left out: ${out.join(", ")}\n`);
  if (differsFromOurs.length > 0) {
    process.stdout.write(`  written otherwise by ours: ${differsFromOurs.join(", ")}\n`);
  }
  for (const fault of faults) process.stdout.write(`  wrong: ${fault}\n`);
  if (wrongFromOurs > 0) process.stdout.write(`  wrong: ${wrongFromOurs} messages of ours\n`);
  const wrong = counts.wrongHere + counts.wrongThere + wrongFromOurs + (nested?.wrong ?? 0);
  return wrong === 0;
}

if (values.only === undefined) {
  const run = { messages: Math.min(messages, 1_000), seed };
  for await (const one of foreignRuns(folder, run)) right = reportForeign(one) && right;
}
process.exitCode = right ? 0 : 1;
