// Property: scan, validate and reply allocate nothing once they are warm. Fifty thousand rounds may
// move the heap by no more than what the runtime itself does; the smallest object a round would be
// eight hundred kilobytes.
import { expect, it, vi } from "vitest";
import { mydebit, ReplyPatch } from "./mod.ts";
import { request0100 } from "./testdata/mydebit.ts";

// Half a second alone, more beside a busy neighbour.
vi.setConfig({ testTimeout: 60_000 });

const rounds = 50_000;
/** Far below 16 bytes a round. */
const allowedBytes = 200_000;

it("no garbage on the way of a message", () => {
  const { bytes } = request0100;
  const view = mydebit.createView();
  const patch = new ReplyPatch();
  const out = Buffer.alloc(1_024);
  let sum = 0;
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) {
      sum += mydebit.scanMessage(view, bytes, 0, bytes.length);
      sum += mydebit.validate(view);
      patch.clear();
      patch.withMac = true;
      patch.set(39, 0, 2);
      sum += mydebit.reply(view, out, 0, patch);
      sum += mydebit.scanMessage(view, bytes, 0, 90);
    }
  };
  run(30_000);
  // The smallest of a few rounds: other work of the process may fall into one of them.
  let smallest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3; attempt++) {
    const before = process.memoryUsage().heapUsed;
    run(rounds);
    smallest = Math.min(smallest, Math.abs(process.memoryUsage().heapUsed - before));
  }
  expect(sum).not.toBe(0);
  expect(smallest).toBeLessThan(allowedBytes);
});
