// The process of v8-limits.test.ts: scans messages with all elements of the dialect in a generated
// file until TurboFan has compiled what it calls, or has had its chance, and prints by function
// whether it has. Needs --allow-natives-syntax.
import type { Codec } from "../../codec/iso8583/mod.ts";
import { seededRandom } from "../../codec/iso8583/testdata/random.ts";
import { randomMessage } from "../../codec/iso8583/testdata/values.ts";

type Scanner = (...args: never[]) => number;

interface Built {
  readonly codec: Codec;
  readonly scanners: Readonly<Record<string, Scanner>>;
}

const isTurbofanned = new Function("f", "return %ActiveTierIsTurbofan(f)") as (
  scanner: Scanner,
) => boolean;

const { codec, scanners } = (await import(process.argv[2]!)) as Built;
const random = seededRandom(7);
const out = Buffer.alloc(codec.spec.bytesMax);
const messages = Array.from({ length: 8 }, () => {
  const end = codec.encode(randomMessage(codec.spec, random, 1), out, 0);
  return Buffer.from(out.subarray(0, end));
});
const view = codec.createView();
const roundsMax = 2_000;
const scansInRound = 200;

const isPiece = (name: string): boolean => /^scanShape\dFrom/.test(name);
const names = Object.keys(scanners);
const used = names.some(isPiece)
  ? names.filter(isPiece)
  : names.filter((name) => /^scanWord/.test(name));
for (let round = 0; round < roundsMax; round++) {
  for (let i = 0; i < scansInRound; i++) {
    const bytes = messages[i & 7]!;
    if (codec.scanMessage(view, bytes, 0, bytes.length) !== 0) throw new Error("not scanned");
  }
  if (used.every((name) => isTurbofanned(scanners[name]!))) break;
  // The compiler works beside this thread.
  await new Promise((resolve) => setTimeout(resolve, 5));
}
const states = Object.entries(scanners).map(([name, scanner]) => [name, isTurbofanned(scanner)]);
process.stdout.write(JSON.stringify(Object.fromEntries(states)));
