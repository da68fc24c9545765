// Defends: a follower delivers what the log holds, in order and once, also while no consumer can be
// made, and where the one that it has falls silent: it reads by hand meanwhile and makes another.
import type { JetStreamClient } from "@nats-io/jetstream";
import { expect, it } from "vitest";
import type { StoredRecord } from "../port.ts";
import { followTimes, StreamFollower } from "./stream-follower.ts";
import { SimTime } from "./test-network.ts";

const identity = "made once";

function followed(consumers: object) {
  const time = new SimTime();
  const log: Buffer[] = [Buffer.from("one"), Buffer.from("two"), Buffer.from("three")];
  const got: StoredRecord[] = [];
  const broken: Error[] = [];
  const stream = {
    ...{ name: "EVT_00", timers: time, times: followTimes, identity },
    js: { consumers } as unknown as JetStreamClient,
    end: async () => ({ firstSeq: 1, lastSeq: log.length, identity }),
    read: async (seq: number) => log[seq - 1],
  };
  const records = (more: readonly StoredRecord[]): void => void got.push(...more);
  const sink = { records, broken: (cause: Error): void => void broken.push(cause) };
  const follower = new StreamFollower(stream, 1, sink);
  /** Deliveries leave at the end of a turn of the real event loop. */
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 250) {
      await time.pass(250);
      await new Promise(setImmediate);
    }
  };
  return { follower, log, got, broken, pass };
}

const texts = (got: readonly StoredRecord[]) => got.map(({ bytes }) => bytes.toString());

it("reads by hand while no consumer can be made", async () => {
  const { follower, log, got, broken, pass } = followed({ get: () => new Promise(() => {}) });
  await pass(2_000);
  expect(texts(got)).toEqual(["one", "two", "three"]);
  log.push(Buffer.from("four"));
  await pass(500);
  expect(got.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(broken).toEqual([]);
  void follower.stop();
});

it("gives up a consumer that has fallen silent, and goes on where it is", async () => {
  const starts: number[] = [];
  const get = async (_name: string, options: { readonly opt_start_seq: number }) => {
    starts.push(options.opt_start_seq);
    let end = (): void => {};
    const closed = new Promise<void>((resolve) => {
      end = resolve;
    });
    const messages = { stop: () => end(), closed: () => closed, status: async function* () {} };
    return { consume: async () => messages, delete: async () => true };
  };
  const { follower, log, got, pass } = followed({ get });
  await pass(2_000);
  log.push(Buffer.from("four"));
  await pass(5_000);
  expect(texts(got)).toEqual(["one", "two", "three", "four"]);
  expect(starts.slice(0, 2)).toEqual([1, 5]);
  await follower.stop();
});
