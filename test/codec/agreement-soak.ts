// The same comparison for as many inputs as are asked for, 100 million where nothing is said:
// `node test/codec/agreement-soak.ts [inputs] [seed]`. It prints the seed first, so that a
// difference can be had again, and the outcomes at the end.
import { randomInt } from "node:crypto";
import { allCodecs } from "../../codec/iso8583/testdata/codecs.ts";
import { compareRandomly } from "../../codec/iso8583/testdata/fuzz.ts";

const inputs = Number(process.argv[2] ?? 100_000_000);
const first = Number(process.argv[3] ?? randomInt(2 ** 31));
const step = 1_000_000;
const total = new Map<string, number>();

process.stdout.write(`seed ${first}\n`);
let done = 0;
for (let round = 0; done < inputs; round++) {
  const outcomes = compareRandomly(allCodecs, first + round, Math.min(step, inputs - done));
  for (const [code, count] of outcomes) {
    total.set(code, (total.get(code) ?? 0) + count);
    done += count;
  }
  process.stderr.write(`\r${done} of ${inputs}`);
}
process.stderr.write("\n");
for (const [code, count] of [...total].sort((a, b) => b[1] - a[1])) {
  process.stdout.write(`${code} ${count}\n`);
}
