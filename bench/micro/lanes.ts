// The ciphers in lanes beside what Node offers a message: a cipher object each.
import { createCipheriv, createDecipheriv, randomBytes, randomFillSync } from "node:crypto";
import { MAC_INPUT_BYTES } from "../../codec/ptav/mod.ts";
import { CmacLanes, SivLanes } from "../../crypto/mod.ts";
import { timePerOperation } from "../lib/measure.ts";
import type { Row } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";

const batchSizes = [1, 8, 64] as const;

/** Operations of one timed call, so that reading the clock costs nothing. */
const operations = 512;

const blockBytes = 16;
const paddedBytes = 64;
const zeroIv = Buffer.alloc(blockBytes);

/** Lanes with messages of a PTAV's length in them. */
function filledCmacLanes(key: Buffer, count: number): CmacLanes {
  const lanes = new CmacLanes(key, { lanesMax: count, bytesMax: MAC_INPUT_BYTES });
  randomFillSync(lanes.bytes);
  for (let lane = 0; lane < count; lane++) lanes.setLength(lane, MAC_INPUT_BYTES);
  return lanes;
}

/** The same four blocks through a CBC cipher of their own: the core of a CMAC in plain Node. */
function cbcMacs(key: Buffer, message: Buffer): void {
  for (let i = 0; i < operations; i++) {
    const cipher = createCipheriv("aes-256-cbc", key, zeroIv);
    cipher.setAutoPadding(false);
    cipher.update(message);
  }
}

async function cmac(context: BenchContext): Promise<Row[]> {
  const key = randomBytes(32);
  const message = randomBytes(paddedBytes);
  const rows: Row[] = [];
  for (const size of batchSizes) {
    const lanes = filledCmacLanes(key, size);
    const work = () => {
      for (let done = 0; done < operations; done += size) lanes.run(size);
    };
    rows.push(
      await compare(context, {
        scenario: "cmac",
        metric: `AES-CMAC of ${MAC_INPUT_BYTES} bytes, lanes of ${size}`,
        unit: "µs",
        subject: { name: "lanes", run: () => timePerOperation(work, operations, context.runMs) },
        baseline: {
          name: "Node cipher a message",
          run: () => timePerOperation(() => cbcMacs(key, message), operations, context.runMs),
        },
      }),
    );
  }
  return rows;
}

function gcmSealed(key: Buffer, index: Buffer) {
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(index);
  const sealed = Buffer.concat([cipher.update(randomBytes(blockBytes)), cipher.final()]);
  return { iv, index, sealed, tag: cipher.getAuthTag() };
}

/** The same job, an authenticated block bound to its index, in the mode that Node has. */
function gcmOpens(key: Buffer, card: ReturnType<typeof gcmSealed>): void {
  for (let i = 0; i < operations; i++) {
    const decipher = createDecipheriv("aes-256-gcm", key, card.iv);
    decipher.setAAD(card.index);
    decipher.setAuthTag(card.tag);
    decipher.update(card.sealed);
    decipher.final();
  }
}

async function siv(context: BenchContext): Promise<Row[]> {
  const gcmKey = randomBytes(32);
  const card = gcmSealed(gcmKey, randomBytes(blockBytes));
  const rows: Row[] = [];
  for (const size of batchSizes) {
    const lanes = new SivLanes(randomBytes(64), size);
    randomFillSync(lanes.plain);
    randomFillSync(lanes.ad);
    lanes.seal(size);
    const work = () => {
      for (let done = 0; done < operations; done += size) lanes.open(size);
      if (lanes.ok[0] !== 1) throw new Error("a sealed block did not open");
    };
    rows.push(
      await compare(context, {
        scenario: "siv",
        metric: `AES-SIV open of one block, lanes of ${size}`,
        unit: "µs",
        subject: { name: "lanes", run: () => timePerOperation(work, operations, context.runMs) },
        baseline: {
          name: "Node AES-GCM a message",
          run: () => timePerOperation(() => gcmOpens(gcmKey, card), operations, context.runMs),
        },
      }),
    );
  }
  return rows;
}

export const laneScenarios: readonly Scenario[] = [
  {
    name: "cmac",
    group: "micro",
    about: "AES-CMAC in lanes of 1, 8 and 64, beside a cipher object a message",
    run: cmac,
  },
  {
    name: "siv",
    group: "micro",
    about: "opening a sealed card in lanes of 1, 8 and 64, beside AES-GCM a message",
    run: siv,
  },
];
