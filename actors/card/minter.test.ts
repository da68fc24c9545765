// Defends: decisions that run ahead of the fold never share a token number or a sub-range, since
// what was drawn for one of them is reserved until the vault has it.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { type CapacityAlarm, subRangeFills, verifyVault } from "../../vault/mod.ts";
import { createTestVault, type TestVault, testPan, trid } from "../../vault/test-vault.ts";
import type { Provision } from "./commands.ts";
import type { CardEvent } from "./events.ts";
import { type CardKind, createCardKind } from "./kind.ts";
import { routePan } from "./routing.ts";

let t: TestVault;
/** What the next draws of six bytes give; then all give 1. */
let numbers: number[];
let alarms: CapacityAlarm[];
let kind: CardKind;
let sequence = 0;

beforeEach(() => {
  numbers = [];
  alarms = [];
  const random = (bytes: number) => {
    const buf = Buffer.alloc(bytes);
    // Numbers are drawn 32 at a time, six bytes each.
    if (bytes === 192) {
      for (let at = 0; at < bytes; at += 6) buf.writeUIntBE(numbers.shift() ?? 1, at, 6);
    } else if (bytes >= 4) buf.writeUInt32BE(++sequence);
    return buf;
  };
  // In one shard every number is at home.
  t = createTestVault({ shards: 1, random });
  kind = createCardKind(t.vault, { onAlarm: (alarm) => alarms.push(alarm) });
});
afterEach(() => t.remove());

/** Decides and does not fold, as an owner whose group is on its way. */
function decide(pan: ClearPAN): CardEvent[] {
  const state = kind.load(routePan(t.vault, pan).actor);
  const command: Provision = {
    command: "provision",
    pan,
    panExpiry: 2909,
    trid,
    assurance: 12,
    active: true,
    verified: false,
    async: false,
  };
  const decision = kind.decide(state, command, kind.gather(state, command), t.clock.nowMs());
  if (decision.kind === "reject") throw decision.error;
  return [...decision.events];
}

function fold(pan: ClearPAN, events: readonly CardEvent[]): void {
  const { actor, shard } = routePan(t.vault, pan);
  t.vault.env.write(() => {
    let state = kind.load(actor);
    for (const event of events) {
      const after = kind.evolve(state, event, 0);
      kind.project(actor, state, after, event, { incarnation: 1, shard, seq: 1, ord: 0 });
      state = after;
    }
  });
}

function tokenOf([event]: readonly CardEvent[]) {
  if (event?.event !== "provisioned") throw new Error("no token was made");
  return event.token;
}

describe("ahead of the fold", () => {
  test("two cards get two numbers though both draw the same", () => {
    numbers = [...Array(32).fill(7), ...Array(31).fill(7), 8];
    const first = decide(testPan(1));
    const second = decide(testPan(2));
    expect(tokenOf(first).tpan.equals(tokenOf(second).tpan)).toBe(false);
    fold(testPan(2), second);
    fold(testPan(1), first);
    expect(verifyVault(t.vault)).toMatchObject({ tokens: 2, problems: [] });
  });

  test("two BIN ranges that each need a new sub-range get different ones", () => {
    const first = decide(testPan(1));
    const other = decide(testPan(1, "888888"));
    expect([tokenOf(first).opened?.range, tokenOf(other).opened?.range]).toEqual([1, 2]);
    fold(testPan(1, "888888"), other);
    fold(testPan(1), first);
    const fills = subRangeFills(t.vault).map(({ subRange, used }) => [subRange.range, used]);
    expect(fills).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(alarms).toEqual([]);
  });

  test("cards of one range share the sub-range that the first one opens, with one alarm", () => {
    fold(testPan(1), decide(testPan(1)));
    t.vault.env.write(() => t.vault.meta.addSubRangeUsed(0, 699_999));
    numbers = [...Array(32).fill(2), ...Array(32).fill(3), ...Array(32).fill(4)];
    const events = [2, 3].map((card) => decide(testPan(card)));
    expect(events.map((some) => tokenOf(some).opened)).toEqual([
      { range: 1, digits: 16 },
      { range: 1, digits: 16 },
    ]);
    expect(alarms).toMatchObject([{ subRange: 0, opened: 1 }]);
    fold(testPan(2), events[0]!);
    fold(testPan(3), events[1]!);
    expect(subRangeFills(t.vault).map(({ used }) => used)).toEqual([700_000, 2]);
    expect(tokenOf(decide(testPan(4))).opened).toBeUndefined();
    expect(verifyVault(t.vault).problems).toEqual([]);
  });
});
