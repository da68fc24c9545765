// Defends: what goes between nodes opens only with the vault's keys, only where it was meant for,
// and never half; an operator's old request is refused.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../platform/mod.ts";
import type { Bus } from "../log/jetstream/ownership-port.ts";
import { logRing } from "../runtime/test-rig.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { CommandSeal, type SealContext } from "./command-seal.ts";
import { answerOperator, Operator } from "./operate.ts";

const plain = Buffer.from("a command with a card number");
const context: SealContext = { direction: "command", shard: 3, epoch: 7 };
const seal = new CommandSeal(logRing());

describe("a message between nodes", () => {
  it("opens where it was meant for, and shows nothing on the way", () => {
    const sealed = seal.seal(plain, context);
    expect(seal.open(sealed, context)).toEqual(plain);
    expect(sealed.includes("card")).toBe(false);
    const old = new CommandSeal(logRing([[1, "ACTIVE"]])).seal(plain, context);
    const turned = new CommandSeal(
      logRing([
        [1, "VERIFY_ONLY"],
        [2, "ACTIVE"],
      ]),
    );
    expect(turned.open(old, context)).toEqual(plain);
    expect(seal.open(turned.seal(plain, context), context)).toBeUndefined();
  });

  it.each<Partial<SealContext>>([{ direction: "reply" }, { shard: 4 }, { epoch: 8 }])(
    "does not open as %j",
    (other) => {
      expect(seal.open(seal.seal(plain, context), { ...context, ...other })).toBeUndefined();
    },
  );

  it("does not open with any bit changed, cut off, or as any other bytes", () => {
    const sealed = seal.seal(plain, context);
    for (let at = 0; at < sealed.length; at++) {
      const bad = Buffer.from(sealed);
      bad[at]! ^= 1;
      expect(seal.open(bad, context)).toBeUndefined();
      expect(seal.open(sealed.subarray(0, at), context)).toBeUndefined();
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(seal.open(Buffer.from(bytes), context)).toBeUndefined();
      }),
    );
  });
});

describe("an operator", () => {
  const clock = createManualClock();
  const node = { runtime: { shards: [{}] }, standing: () => [] } as unknown as ClusterNode;
  const bus = (skewMs: number, by = seal): Bus => {
    const theirs = { ...clock, nowMs: () => clock.nowMs() + skewMs };
    const request: Bus["request"] = async (_, bytes) => {
      const answer = await answerOperator(node, by, theirs, bytes.subarray(1));
      return answer === undefined ? { kind: "timeout" } : { kind: "answer", bytes: answer };
    };
    return { request } as Bus;
  };

  it("is answered with the vault's keys only, and only now", async () => {
    const list = { do: "list" } as const;
    const ask = (over: Bus) => new Operator(over, seal, clock).ask("n-1", list);
    expect(await ask(bus(0))).toEqual({ node: "n-1", shards: [] });
    await expect(ask(bus(120_000))).rejects.toMatchObject({ code: "SIGNATURE_EXPIRED" });
    const stranger = new CommandSeal(logRing([[2, "ACTIVE"]]));
    await expect(ask(bus(0, stranger))).rejects.toMatchObject({ code: "NOT_REACHABLE" });
  });

  it("is told of a shard that there is not", async () => {
    const asked = new Operator(bus(0), seal, clock).ask("n-1", { do: "park", shard: 5 });
    await expect(asked).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });
});
