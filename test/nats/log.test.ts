// Defends: the log on a real nats-server stores what it says it stored, refuses a second writer,
// tells a full stream from a doubtful one, follows without a gap, and notices a stream that was
// made anew, cut short or emptied from the middle.
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openJetStreamLog } from "../../actors/log/jetstream/jetstream-log.ts";
import { wantedStream } from "../../actors/log/jetstream/stream-settings.ts";
import { LogBroken } from "../../actors/log/log-broken.ts";
import { recordBytesMax } from "../../actors/log/record.ts";
import { type NatsSite, obtainTimeoutMs, startSite } from "../../deploy/tools/nats-site.ts";
import { Collector, openTestLog, removeStreams, testSettings } from "./rig.ts";

let site: NatsSite;

beforeAll(async () => {
  site = await startSite(1);
}, obtainTimeoutMs);

afterAll(() => site.stop());

beforeEach(() => removeStreams(site));

const nothing = (): void => {};
const record = (text: string): Buffer => Buffer.from(text);

describe("append", () => {
  it("stores one after the other, applies each once before it says so", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    expect(await stream.end()).toMatchObject({ firstSeq: 1, lastSeq: 0 });
    const applied: number[] = [];
    for (let i = 0; i < 3; i++) {
      const outcome = await stream.append(record(`r${i}`), i, (seq) => applied.push(seq));
      expect(outcome).toEqual({ kind: "stored", seq: i + 1 });
      expect(applied).toHaveLength(i + 1);
    }
    expect(applied).toEqual([1, 2, 3]);
    expect(await stream.end()).toMatchObject({ firstSeq: 1, lastSeq: 3 });
    expect(String(await stream.read(2))).toBe("r1");
    expect(await stream.read(4)).toBeUndefined();
  });

  it("refuses a writer that expects another end, and names the real one", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    await stream.append(record("a"), 0, nothing);
    let applied = 0;
    const outcome = await stream.append(record("b"), 0, () => applied++);
    expect(outcome).toEqual({ kind: "refused", lastSeq: 1 });
    expect(await stream.append(record("b"), 5, () => applied++)).toMatchObject({
      kind: "refused",
    });
    expect(applied).toBe(0);
  });

  it("keeps events and payments of a shard apart", async () => {
    await using opened = await openTestLog(site);
    await opened.log.stream("evt", 0).append(record("e"), 0, nothing);
    expect(await opened.log.stream("pay", 0).end()).toMatchObject({ lastSeq: 0 });
    expect(() => opened.log.stream("evt", 1)).toThrow(/no shard/);
  });

  it("takes the largest record, and does not send a larger one", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    const largest = Buffer.alloc(recordBytesMax, 1);
    expect(await stream.append(largest, 0, nothing)).toMatchObject({ kind: "stored" });
    expect((await stream.read(1))?.length).toBe(recordBytesMax);
    await expect(stream.append(Buffer.alloc(recordBytesMax + 1), 1, nothing)).rejects.toThrow(
      RangeError,
    );
  });

  it("says full, and takes records again when there is room", async () => {
    await using opened = await openTestLog(site, { evtBytesMax: 200_000 });
    const stream = opened.log.stream("evt", 0);
    let last = 0;
    let outcome = await stream.append(Buffer.alloc(60_000), last, nothing);
    while (outcome.kind === "stored") {
      last = outcome.seq;
      outcome = await stream.append(Buffer.alloc(60_000), last, nothing);
    }
    expect(outcome.kind).toBe("full");
    expect(await stream.end()).toMatchObject({ firstSeq: 1, lastSeq: last });
    await stream.trim(last);
    expect(await stream.end()).toMatchObject({ firstSeq: last, lastSeq: last });
    expect(await stream.append(record("again"), last, nothing)).toMatchObject({ kind: "stored" });
  });

  it("lets what apply throws through, since the record is stored", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    const fault = () => {
      throw new Error("no fold");
    };
    await expect(stream.append(record("a"), 0, fault)).rejects.toThrow("no fold");
    expect(await stream.end()).toMatchObject({ lastSeq: 1 });
  });

  it("takes one append at a time", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    const first = stream.append(record("a"), 0, nothing);
    await expect(stream.append(record("b"), 1, nothing)).rejects.toThrow(/under way/);
    expect(await first).toMatchObject({ kind: "stored" });
  });

  it("is in doubt where the stream is gone", async () => {
    await using opened = await openTestLog(site);
    await removeStreams(site);
    const stream = opened.log.stream("evt", 0);
    expect(await stream.append(record("a"), 0, nothing)).toMatchObject({ kind: "unknown" });
    await expect(stream.end()).rejects.toMatchObject({ reason: "log-recreated" });
  });
});

describe("follow", () => {
  it("hands over what is stored and what comes, in order, from where it is asked", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    for (let i = 0; i < 700; i++) await stream.append(record(`r${i + 1}`), i, nothing);
    const sink = new Collector();
    const follower = stream.follow(3, sink);
    await sink.until(698);
    await stream.append(record("r701"), 700, nothing);
    await sink.until(699);
    await follower.stop();
    expect(sink.got.map(({ seq }) => seq)).toEqual(Array.from({ length: 699 }, (_, i) => i + 3));
    expect(sink.got.every(({ seq, bytes }) => String(bytes) === `r${seq}`)).toBe(true);
    await stream.append(record("r702"), 701, nothing);
    expect(sink.got).toHaveLength(699);
  });

  it("goes on after the server was killed and came back", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    const sink = new Collector();
    stream.follow(1, sink);
    await stream.append(record("before"), 0, nothing);
    await sink.until(1);
    await site.servers[0]?.restart();
    let outcome = await stream.append(record("after"), 1, nothing);
    while (outcome.kind === "unknown") outcome = await stream.append(record("after"), 1, nothing);
    await sink.until(2);
    expect(sink.got.map(({ bytes }) => String(bytes))).toEqual(["before", "after"]);
  });

  it("breaks where the stream was made anew, also with as many records", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    await stream.append(record("a"), 0, nothing);
    const sink = new Collector();
    stream.follow(2, sink);
    await removeStreams(site);
    await using again = await openTestLog(site);
    await again.log.stream("evt", 0).append(record("b"), 0, nothing);
    expect(await sink.broke).toMatchObject({ reason: "log-recreated" });
    expect(sink.got).toEqual([]);
  });

  it("breaks where the log ends before what was applied", async () => {
    await using opened = await openTestLog(site);
    const sink = new Collector();
    opened.log.stream("evt", 0).follow(5, sink);
    const cause = await sink.broke;
    expect(cause).toBeInstanceOf(LogBroken);
    expect(cause).toMatchObject({ reason: "log-behind-projection" });
  });

  it("breaks where records were trimmed that it still wants", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    for (let i = 0; i < 5; i++) await stream.append(record(`${i}`), i, nothing);
    await stream.trim(4);
    const sink = new Collector();
    stream.follow(2, sink);
    expect(await sink.broke).toMatchObject({ reason: "gap" });
  });

  it("breaks where the fold throws, and hands over nothing more", async () => {
    await using opened = await openTestLog(site);
    const stream = opened.log.stream("evt", 0);
    for (let i = 0; i < 2; i++) await stream.append(record(`${i}`), i, nothing);
    const cause = await new Promise<Error>((resolve) => {
      const records = () => {
        throw new Error("fold failed");
      };
      stream.follow(1, { records, broken: resolve });
    });
    expect(cause.message).toBe("fold failed");
  });
});

describe("opening", () => {
  it("refuses a stream of another log and says which", async () => {
    await using _first = await openTestLog(site);
    await expect(openTestLog(site, { incarnation: 8 })).rejects.toMatchObject({
      code: "LOG_UNFIT",
      message: expect.stringMatching(/EVT_00.*incarnation is "7".*"8"/),
    });
  });

  it("refuses a stream whose settings break a promise, and names the change", async () => {
    const connection = await connect({ servers: site.urls });
    const jsm = await jetstreamManager(connection);
    const want = wantedStream("evt", 0, testSettings);
    await jsm.streams.add({ ...want, discard: "old", deny_delete: false, allow_msg_ttl: true });
    await connection.close();
    const opening = openTestLog(site);
    await expect(opening).rejects.toThrow(/discard is "old", set it to "new"/);
    await expect(opening).rejects.toThrow(/deny_delete is false, set it to true/);
    await expect(opening).rejects.toThrow(/allow_msg_ttl is on; switch it off/);
  });

  it("refuses to make a log where it was not asked to", async () => {
    const connection = await connect({ servers: site.urls });
    const opening = openJetStreamLog({ connection, settings: testSettings, create: false });
    await expect(opening).rejects.toMatchObject({ code: "LOG_UNFIT" });
    await connection.close();
  });

  it("says who does not answer", async () => {
    const urls = ["nats://127.0.0.1:1"];
    await expect(openTestLog({ urls })).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  });
});
