// What the log's streams, its followers and the lease stand on.

import { setTimeout as sleep } from "node:timers/promises";
import { DeliverPolicy } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import {
  type Check,
  type CheckContext,
  fenced,
  infoOf,
  replicasOf,
  same,
  saying,
} from "./context.ts";

const bucketTtlMs = 1_000;

function openBucket({ connection, kind }: CheckContext, ttl = bucketTtlMs) {
  const replicas = replicasOf(kind);
  return new Kvm(connection).create("lease_check", {
    history: 1,
    ttl,
    replicas,
    allow_direct: false,
  });
}

/** 10071 with whatever number: a key's real revision depends on the bucket's history. */
function isConflict(said: string): boolean {
  return /^10071 wrong last sequence: \d+$/.test(said);
}

async function revision(answer: Promise<number>): Promise<string> {
  return saying(answer.then((seq) => ({ seq })));
}

export const streamChecks: readonly Check[] = [
  {
    name: "deny_delete: no record goes from the middle, the front may be purged",
    async run(context) {
      const { jsm, stream } = context;
      for (let i = 0; i < 5; i++) await fenced(context, i);
      const said = await saying(jsm.streams.deleteMessage(stream, 3));
      same(said.startsWith("stored"), false, `deleting a record (${said})`);
      await jsm.streams.purge(stream, { seq: 4 });
      const { state } = await infoOf(context);
      same([state.first_seq, state.last_seq, state.num_deleted ?? 0], [4, 5, 0], "what is kept");
    },
  },
  {
    name: "deny_delete cannot be switched off later",
    async run({ jsm, stream }) {
      const said = await saying(jsm.streams.update(stream, { deny_delete: false }));
      same(/^\d+ .*can not cancel deny message deletes/.test(said), true, said);
    },
  },
  {
    name: "a stream that was purged empty goes on counting",
    async run(context) {
      for (let i = 0; i < 3; i++) await fenced(context, i);
      await context.jsm.streams.purge(context.stream, { seq: 4 });
      const { state } = await infoOf(context);
      same([state.messages, state.first_seq, state.last_seq], [0, 4, 3], "what is kept");
      same(await fenced(context, 3), "stored 4", "the next");
    },
  },
  {
    name: "a record beyond the end is read as none",
    async run(context) {
      await fenced(context, 0);
      const { jsm, stream } = context;
      same(await jsm.streams.getMessage(stream, { seq: 2 }), null, "beyond the end");
      same((await jsm.streams.getMessage(stream, { seq: 1 }))?.string(), "x", "the last");
    },
  },
  {
    name: "a stream made anew under its name has another time of creation",
    async run(context) {
      const { created } = await infoOf(context);
      await context.jsm.streams.delete(context.stream);
      await context.jsm.streams.add(context.want);
      same((await infoOf(context)).created === created, false, "the same time of creation");
    },
  },
  {
    name: "time of creation and records outlive a restart",
    only: "single",
    async run(context) {
      await fenced(context, 0);
      const { created } = await infoOf(context);
      await context.site.servers[0]?.restart();
      let said = await fenced(context, 1);
      while (!/^\w+ \d+$/.test(said)) said = await fenced(context, 1);
      same((await infoOf(context)).created, created, "the time of creation");
    },
  },
  {
    name: "an ordered consumer beyond the end is silent and looks healthy",
    async run({ js, stream, subject }) {
      for (let i = 0; i < 3; i++) await js.publish(subject, `${i}`);
      const consumer = await js.consumers.get(stream, {
        deliver_policy: DeliverPolicy.StartSequence,
        opt_start_seq: 10,
      });
      let got = 0;
      let heartbeats = 0;
      const messages = await consumer.consume({ idle_heartbeat: 500, callback: () => void got++ });
      const watching = (async () => {
        for await (const { type } of messages.status()) {
          if (type === "heartbeat") heartbeats++;
          if (type === "heartbeats_missed") throw new Error("a heartbeat was missed");
        }
      })();
      for (let waited = 0; heartbeats < 2 && waited < 10_000; waited += 100) await sleep(100);
      same((await consumer.info()).num_pending, 0, "num_pending");
      await messages.close();
      await watching;
      same([got, heartbeats > 1], [0, true], `records, heartbeats (${heartbeats})`);
    },
  },
  {
    name: "create takes a key once, update only at its last revision",
    async run(context) {
      const kv = await openBucket(context, 60_000);
      const rev = await kv.create("shard.00", "a");
      same(isConflict(await revision(kv.create("shard.00", "b"))), true, "created twice");
      const next = await kv.update("shard.00", "a2", rev);
      same(isConflict(await revision(kv.update("shard.00", "b", rev))), true, "an old revision");
      const both = [kv.update("shard.00", "c", next), kv.update("shard.00", "d", next)];
      const said = await Promise.all(both.map(revision));
      same(said.filter((one) => one.startsWith("stored")).length, 1, said.join(", "));
    },
  },
  {
    name: "a key lives for the bucket's ttl from its last update, then create takes it",
    async run(context) {
      const kv = await openBucket(context);
      let rev = await kv.create("shard.00", "a");
      for (let i = 0; i < 3; i++) {
        await sleep(bucketTtlMs * 0.6);
        rev = await kv.update("shard.00", "a", rev);
      }
      await sleep(bucketTtlMs * 2);
      same(isConflict(await revision(kv.update("shard.00", "a", rev))), true, "after its end");
      same((await revision(kv.create("shard.00", "b"))).startsWith("stored"), true, "taken anew");
    },
  },
  {
    name: "opening a bucket with another ttl keeps the old one silently",
    async run(context) {
      await openBucket(context, 60_000);
      const kv = await openBucket(context, 20_000);
      same((await kv.status()).ttl, 60_000, "the ttl");
    },
  },
];
