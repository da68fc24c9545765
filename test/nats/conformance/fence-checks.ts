// What the log's fence stands on: expected last sequences, alone, in a chain and against a rival,
// and the ways in which a server refuses.
import { type Check, type CheckContext, fenced, infoOf, same, saying } from "./context.ts";

async function fill(context: CheckContext, count: number): Promise<void> {
  for (let i = 0; i < count; i++) same(await fenced(context, i), `stored ${i + 1}`, "a record");
}

export const fenceChecks: readonly Check[] = [
  {
    name: "an expected last sequence of 0 means an empty stream",
    async run(context) {
      same(await fenced(context, 1), "10071 wrong last sequence: 0", "1 on an empty stream");
      same(await fenced(context, 0), "stored 1", "0 on an empty stream");
      same(await fenced(context, 0), "10071 wrong last sequence: 1", "0 on a stream of one");
    },
  },
  {
    name: "a wrong expectation is 10071 with the real sequence, and leaves no trace",
    async run(context) {
      await fill(context, 3);
      for (const expected of [0, 2, 4, 1_000_000]) {
        same(await fenced(context, expected), "10071 wrong last sequence: 3", `${expected}`);
      }
      same((await infoOf(context)).state.last_seq, 3, "the end");
      same(await fenced(context, 3), "stored 4", "the right one");
    },
  },
  {
    name: "a chain of expectations may be in flight at once",
    async run(context) {
      const chain = Array.from({ length: 50 }, (_, i) => fenced(context, i));
      const stored = Array.from({ length: 50 }, (_, i) => `stored ${i + 1}`);
      same(await Promise.all(chain), stored, "the chain");
    },
  },
  {
    name: "a wrong link in flight is refused and what follows the right ones is stored",
    async run(context) {
      const [a, wrong, b] = await Promise.all([0, 7, 1].map((last) => fenced(context, last)));
      same([a, b], ["stored 1", "stored 2"], "the right links");
      same(wrong?.startsWith("10071 "), true, `the wrong link (${wrong})`);
    },
  },
  {
    name: "of two rivals with one expectation one is stored, and the loser finds the other's",
    async run(context) {
      for (let last = 0; last < 40; last++) {
        const said = await Promise.all([
          fenced(context, last, "mine"),
          fenced(context, last, "theirs", context.rival),
        ]);
        same(
          said.filter((text) => text === `stored ${last + 1}`).length,
          1,
          `round ${last}: ${said.join(", ")}`,
        );
        const refused = said.filter((text) => /^(10071|10164) /.test(text));
        same(refused.length, 1, `round ${last}: ${said.join(", ")}`);
        const stored = await context.jsm.streams.getMessage(context.stream, { seq: last + 1 });
        const winner = said[0]?.startsWith("stored") === true ? "mine" : "theirs";
        same(stored?.string(), winner, "the stored record");
      }
    },
  },
  {
    name: "the name of another stream is refused",
    async run(context) {
      const expect = { streamName: "EVT_99", lastSequence: 0 };
      const said = await saying(context.js.publish(context.subject, "x", { expect }));
      same(said, "10060 expected stream does not match", "another stream's name");
    },
  },
  {
    name: "a subject without a stream is no stored record, and no timeout",
    async run(context) {
      const said = await saying(context.js.publish("pantun.evt.98", "x", { timeout: 5_000 }));
      same(said, "JetStreamNotEnabled", "a subject that nothing stores");
    },
  },
  {
    name: "in a cluster a known message id comes before the fence",
    only: "cluster",
    async run(context) {
      const { js, subject } = context;
      same(await saying(js.publish(subject, "x", { msgID: "m" })), "stored 1", "the first");
      const expect = { lastSequence: 77 };
      same(
        await saying(js.publish(subject, "other", { msgID: "m", expect })),
        "duplicate 1",
        "its id with another body and a wrong expectation",
      );
    },
  },
  {
    name: "alone, the fence comes before a known message id",
    only: "single",
    async run(context) {
      const { js, subject } = context;
      same(await saying(js.publish(subject, "x", { msgID: "m" })), "stored 1", "the first");
      const wrong = { lastSequence: 77 };
      same(
        await saying(js.publish(subject, "x", { msgID: "m", expect: wrong })),
        "10071 wrong last sequence: 1",
        "its id with a wrong expectation",
      );
      same(await saying(js.publish(subject, "x", { msgID: "m" })), "duplicate 1", "its id alone");
    },
  },
  {
    name: "a full stream refuses with 10077 and moves nothing",
    async run(context) {
      await fill(context, 2);
      await context.jsm.streams.update(context.stream, { max_bytes: 1_000 });
      const big = "x".repeat(2_000);
      same(await fenced(context, 2, big), "10077 maximum bytes exceeded", "no room");
      same((await infoOf(context)).state.last_seq, 2, "the end");
      await context.jsm.streams.update(context.stream, { max_bytes: 1_000_000 });
      same(await fenced(context, 2, big), "stored 3", "room again");
    },
  },
  {
    name: "a record above max_msg_size is refused with 10054",
    async run(context) {
      await context.jsm.streams.update(context.stream, { max_msg_size: 1_000 });
      const said = await fenced(context, 0, "x".repeat(1_001));
      same(said, "10054 message size exceeds maximum allowed", "too large");
      same(await fenced(context, 0), "stored 1", "the next");
    },
  },
];
