// npm run soak:ownership -- [seeds] [first seed]
// Ownership of a simulated cluster under trouble, seed after seed; prints and ends with 1 at the
// first seed that shows a fault, which the same seed repeats.
import { troubles } from "../../actors/log/jetstream/test-troubles.ts";

const [count = "200", first = "1"] = process.argv.slice(2);
const begin = performance.now();
for (let seed = Number(first); seed < Number(first) + Number(count); seed++) {
  const found = await troubles(seed);
  if (found.length > 0) {
    process.stdout.write(`seed ${seed}:\n${found.slice(0, 20).join("\n")}\n`);
    process.exitCode = 1;
    break;
  }
}
const seconds = Math.round((performance.now() - begin) / 1_000);
if (process.exitCode !== 1) process.stdout.write(`${count} seeds without a fault, ${seconds} s\n`);
