// Defends: another thread sees a whole ring, the newest one, never half of two; and it notices a
// change by one number.
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { CryptoError, KeyPage, KeyRing, type KeyState, SecretKey } from "./mod.ts";

/** Every key of ring n is made of the byte n, so that a mixture of two rings shows. */
function ringOf(n: number): KeyRing {
  const secret = (version: number, state: KeyState) =>
    new SecretKey({
      ...({ usage: "ptav", label: "", version, state } as const),
      ...{ kcv: "ABCDEF", bytes: Buffer.alloc(32, n) },
    });
  const rest = Array.from({ length: 1 + (n % 100) }, (_, i) => secret(i + 2, "VERIFY_ONLY"));
  return new KeyRing([secret(1, "ACTIVE"), ...rest]);
}

// Reads until it has seen the last ring, and reports how many it saw and the first mixture.
const reader = `
const { parentPort, workerData } = require("node:worker_threads");
import(workerData.module).then(({ KeyPage }) => {
  const page = new KeyPage(workerData.shared);
  let seen = 0, rings = 0, mixed = "";
  parentPort.postMessage("ready");
  while (seen < workerData.last && mixed === "") {
    if (page.epoch() === seen) continue;
    const ring = page.read();
    if (ring.epoch <= seen) mixed = "went back from " + seen + " to " + ring.epoch;
    seen = ring.epoch;
    rings++;
    const keys = ring.all("ptav");
    const expected = 2 + ((seen & 255) % 100);
    if (keys.length !== expected) mixed = keys.length + " keys in ring " + seen;
    for (const key of keys)
      if (key.bytes.some((byte) => byte !== (seen & 255))) mixed = "bytes of another ring";
  }
  parentPort.postMessage({ rings, mixed });
});
`;

describe("KeyPage", () => {
  test("gives back what was published", () => {
    const page = new KeyPage();
    const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i));
    const ring = new KeyRing([
      ...[1, 2, 255].map(
        (version) =>
          new SecretKey({
            ...{ usage: "ptav", label: "", version },
            ...({ state: version === 2 ? "ACTIVE" : "VERIFY_ONLY", bytes: bytes(32) } as const),
          } as const),
      ),
      new SecretKey({
        usage: "seal",
        label: "",
        version: 65_535,
        state: "ACTIVE",
        bytes: bytes(64),
      }),
      new SecretKey({
        ...({ usage: "mac", label: "S".repeat(64), version: 3 } as const),
        ...({ state: "COMPROMISED", bytes: bytes(32) } as const),
      }),
    ]);
    expect(page.epoch()).toBe(0);
    expect(() => page.read()).toThrow(CryptoError);
    page.publish(ring);
    expect(page.epoch()).toBe(1);
    const read = new KeyPage(page.shared).read();
    expect(read.epoch).toBe(1);
    for (const usage of ["ptav", "seal", "mac", "index"] as const) {
      const [given, got] = [ring.all(usage), read.all(usage)];
      expect(JSON.stringify(got)).toBe(JSON.stringify(given));
      got.forEach((key, i) => {
        expect(key.bytes).toEqual(given[i]!.bytes);
      });
    }
  });

  test("has room for the largest ring", () => {
    const keys = Array.from({ length: 400 }, (_, i) => {
      const label = `${"L".repeat(60)}${String(i).padStart(4, "0")}`;
      const bytes = Buffer.alloc(32, i);
      return new SecretKey({ usage: "mac", label, version: 1, state: "ACTIVE", bytes });
    });
    const page = new KeyPage();
    for (let round = 0; round < 3; round++) page.publish(new KeyRing(keys));
    expect(page.read().all("mac").length).toBe(400);
  });

  test("a reader whose slot is being rewritten does not take it", () => {
    const page = new KeyPage();
    page.publish(ringOf(1));
    const words = new Int32Array(page.shared);
    // As it is while ring 3 is written into the slot of ring 1.
    words[1] = 3;
    expect(() => page.read()).toThrow(/faster than it can be read/);
    // Ring 2 goes to the other slot: that may go on beside the reader.
    words[1] = 2;
    expect(page.read().epoch).toBe(1);
  });

  test("refuses other shared memory", () => {
    expect(() => new KeyPage(new SharedArrayBuffer(64))).toThrow(RangeError);
  });

  test("a worker never reads a mixture while rings are published as fast as can be", async () => {
    const page = new KeyPage();
    const last = 3_000;
    const rings = Array.from({ length: 256 }, (_, n) => ringOf(n));
    const worker = new Worker(reader, {
      eval: true,
      workerData: {
        shared: page.shared,
        last,
        module: new URL("./key-page.ts", import.meta.url).href,
      },
    });
    const report = await new Promise<{ rings: number; mixed: string }>((resolve, reject) => {
      worker.on("error", reject);
      worker.on("message", (message) => {
        if (message !== "ready") {
          resolve(message);
          return;
        }
        for (let n = 1; n <= last; n++) page.publish(rings[n & 255]!);
      });
    });
    await worker.terminate();
    expect(report.mixed).toBe("");
    expect(report.rings).toBeGreaterThan(1);
  });
});
