// Defends: settings of a cluster that cannot work are refused with the setting that is wrong, and a
// node is ready only while its vault is fresh, its shards do not stand and its actors speak.
import { describe, expect, test } from "vitest";
import type { ShardStanding } from "../../actors/mod.ts";
import { createHealth, loadConfig } from "../../platform/mod.ts";
import { settingsSchema } from "../pantun/settings.ts";
import { clusterOf } from "./cluster-settings.ts";
import { ClusterWatch, reasonOf } from "./cluster-watch.ts";

function cluster(flags: Record<string, string>) {
  const all = { "log.kind": "jetstream", "nats.servers": "nats://a:1,tls://b:2", ...flags };
  return clusterOf(loadConfig(settingsSchema, { flags: all, env: {} }).value);
}

describe("settings", () => {
  test("become those of a node; embedded has none", () => {
    const flags = { "nats.node": "n-1", "nats.replicas": "1", "nats.placementTags": "a,b" };
    expect(cluster({ ...flags, "nats.caFile": "ca.pem" })).toMatchObject({
      servers: ["nats://a:1", "tls://b:2"],
      tls: { caFile: "ca.pem" },
      node: "n-1",
      replicas: 1,
      placementTags: ["a", "b"],
      payAgeMs: 86_400_000,
    });
    // A one-time value of a day: its claims are kept for as long as it can be repeated, twice.
    const long = cluster({ ...flags, "ptav.ttlSeconds": "86400" });
    expect(long?.payAgeMs).toBe(2 * 86_700_000);
    expect(cluster({ "log.kind": "embedded" })).toBeNull();
  });

  test.each([
    [{ "nats.servers": "" }, /nats\.servers/],
    [{ "commands.enabled": "false" }, /payments go where its commands go/],
    [{ "nats.servers": "http://a" }, /nats\.servers/],
    [{ "nats.replicas": "2" }, /nats\.replicas/],
    [{ "nats.node": "A.b" }, /nats\.node/],
  ])("%j is refused", (flags, message) => {
    expect(() => cluster(flags as Record<string, string>)).toThrow(message);
  });
});

const fresh: ShardStanding = {
  ...{ shard: 3, state: "FOLLOW", epoch: 2, owner: "n-2" },
  ...{ seq: 9, recordsBehind: 1, staleMs: 300, parked: "", paying: 0 },
};

describe("readiness", () => {
  test.each([
    ["", [fresh]],
    ["shards behind their owners: 3", [fresh, { ...fresh, staleMs: 1_001 }]],
    ["shards that stand: 3", [{ ...fresh, parked: "gap" }]],
  ])("says %j", (reason, shards) => {
    expect(reasonOf({ shards: shards as ShardStanding[], resyncs: {} })).toBe(reason);
  });

  test("goes when the actors fall silent", () => {
    const health = createHealth();
    health.setState("ready");
    let nowMs = 0;
    const watch = new ClusterWatch(health, () => nowMs);
    expect(health.ready).toBe(false);
    watch.heard({ shards: [fresh], resyncs: {} });
    expect(health.ready).toBe(true);
    nowMs = 3_000;
    expect(watch.state).toBeUndefined();
    watch.heard({ shards: [{ ...fresh, staleMs: 2_000 }], resyncs: {} });
    expect(health.ready).toBe(false);
    watch.stop();
  });
});
