// Defends: a server or a stream that would break a promise of the log is refused, each with the
// change that mends it, and what an operator may widen is not.
import type { StreamConfig } from "@nats-io/jetstream";
import { describe, expect, it } from "vitest";
import {
  judgeServer,
  judgeStream,
  type LogSettings,
  messageBytesMax,
  wantedStream,
} from "./stream-settings.ts";

const settings: LogSettings = {
  shards: 16,
  incarnation: 3,
  replicas: 3,
  evtBytesMax: 1_000_000,
  payBytesMax: 2_000_000,
  payAgeMs: 86_400_000,
};

describe("a server", () => {
  const good = { version: "2.14.9", max_payload: 1_048_576, jetstream: true };

  it.each(["2.12.0", "2.12.15", "2.14.9", "2.15.2", "3.0.1"])(
    "of version %s will do",
    (version) => {
      expect(judgeServer({ ...good, version })).toEqual([]);
    },
  );

  it.each(["2.9.10", "2.10.29", "2.11.17", "1.4.1", ""])("of version %j will not", (version) => {
    expect(judgeServer({ ...good, version })).toEqual([expect.stringMatching(/2\.12 or newer/)]);
  });

  it("must take the largest record in one message", () => {
    const max_payload = messageBytesMax - 1;
    expect(judgeServer({ ...good, max_payload })).toEqual([expect.stringMatching(/max_payload/)]);
    expect(judgeServer({ ...good, max_payload: messageBytesMax })).toEqual([]);
  });

  it("must have JetStream", () => {
    const { jetstream: _off, ...without } = good;
    expect(judgeServer(without)).toEqual([expect.stringMatching(/JetStream is off/)]);
  });
});

describe("a stream", () => {
  const want = wantedStream("pay", 4, settings);
  const config = (change: Partial<StreamConfig>): StreamConfig =>
    ({ ...want, ...change }) as StreamConfig;

  it("as it was made is accepted, with what servers add to the metadata", () => {
    const metadata = { ...want.metadata, "_nats.ver": "2.14.9" } as Record<string, string>;
    expect(judgeStream(config({ metadata }), want)).toEqual([]);
  });

  const refused: [keyof StreamConfig, unknown][] = [
    ["subjects", ["pantun.pay.04", "other"]],
    ["retention", "workqueue"],
    ["storage", "memory"],
    ["discard", "old"],
    ["num_replicas", 1],
    ["max_bytes", 1_999_999],
    ["max_age", 1],
    ["max_msg_size", 1_000],
    ["max_msgs", 10],
    ["max_msgs_per_subject", 1],
    ["deny_delete", false],
    ["allow_direct", false],
    ["allow_rollup_hdrs", true],
    ["allow_msg_ttl", true],
    ["allow_msg_schedules", true],
    ["allow_msg_counter", true],
    ["republish", { src: ">", dest: "x" }],
    ["sources", [{ name: "OTHER" }]],
    ["persist_mode", "async"],
    ["metadata", { ...want.metadata, shards: "8" }],
    ["metadata", { ...want.metadata, format: "2" }],
    ["metadata", {}],
  ];
  it.each(refused)("with %s %j is refused", (key, value) => {
    const problems = judgeStream(config({ [key]: value }), want);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]).toContain(key);
  });

  const accepted: [keyof StreamConfig, unknown][] = [
    ["max_bytes", 3_000_000],
    ["max_bytes", -1],
    ["max_age", 0],
    ["max_age", (want.max_age ?? 0) * 2],
    ["max_msg_size", -1],
    ["compression", "s2"],
    ["sources", []],
  ];
  it.each(accepted)("with %s %j is accepted: it keeps no less", (key, value) => {
    expect(judgeStream(config({ [key]: value }), want)).toEqual([]);
  });

  it("of events keeps them however old they are", () => {
    expect(wantedStream("evt", 0, settings).max_age).toBe(0);
    const events = { ...wantedStream("evt", 0, settings), max_age: 5 } as StreamConfig;
    expect(judgeStream(events, wantedStream("evt", 0, settings))[0]).toContain("max_age");
  });

  it("stands where its tags say", () => {
    const tagged = wantedStream("evt", 0, { ...settings, placementTags: ["sync"] });
    expect(judgeStream(tagged as StreamConfig, tagged)).toEqual([]);
    const { placement: _gone, ...bare } = tagged;
    expect(judgeStream(bare as StreamConfig, tagged)[0]).toContain("sync");
  });
});
