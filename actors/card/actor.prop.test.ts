// Defends: over any sequence of commands the actor says and does what a naive model says, the vault
// is whole after each, and a second node that folds the same events through their bytes, cut into
// transactions anyhow, with states kept or loaded anew, has the same bytes in every table.
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import { beginIncarnation, verifyVault, viewToken } from "../../vault/mod.ts";
import { createTestVault, otherTrid, seededRandom, testPan, trid } from "../../vault/test-vault.ts";
import { DirectCards } from "./direct.ts";
import { evolveCard } from "./evolve.ts";
import { timersOf } from "./kind.ts";
import { nobody } from "./state.ts";
import { event } from "./test-events.ts";
import { dump, fold, type Logged, spell, throughLog } from "./test-fold.ts";
import { NaiveModel } from "./test-model.ts";

const vaults: { remove(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(vaults.splice(0).map((vault) => vault.remove()));
});

const causes = ["ISSUER_TOKEN", "TOKEN_REQUESTOR", "CARDHOLDER", "ADMIN", "FRAUD_CONTROL"] as const;
/** Few, so that cards meet: three of one requestor behind one PAN is what rules are made for. */
const cards = 3;

const card = fc.nat(cards - 1);
const token = fc.nat(20);
const cause = fc.constantFrom(...causes);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("provision" as const),
      card,
      trid: fc.constantFrom(trid, trid, trid, otherTrid),
      active: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("suspendToken" as const, "resumeToken" as const),
      token,
      cause,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("activateToken" as const, "deleteToken" as const),
      token,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom("suspendCard" as const, "resumeCard" as const),
      card,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("deleteCard" as const), card }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("updatePan" as const), card, to: card }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A vault whose commands are collected as a log would have them. */
function owner(seed: string) {
  const t = createTestVault({ random: seededRandom(seed) });
  vaults.push(t);
  const log: Logged[] = [];
  let under: Logged[] = [];
  const direct = new DirectCards(t.vault, {}, (to, events) => {
    under.push(...events.map((event) => ({ to, event })));
  });
  /** Runs one request; what a refused one did is rolled back, its events with it. */
  const run = <T>(work: (cards: DirectCards) => T): T | string => {
    under = [];
    try {
      const result = work(direct);
      log.push(...under.map(throughLog));
      return result;
    } catch (error) {
      if (isAppError(error)) return error.code;
      throw error;
    }
  };
  return { t, log, run };
}

type Owner = ReturnType<typeof owner>;

/** Does the step in both; the refs of the model's tokens are their names. */
function both(model: NaiveModel, { run }: Owner, one: Step): void {
  if (one.do === "provision") {
    const more = { trid: one.trid, active: one.active, panExpiry: 2909, assurance: 12 };
    const made = run((direct) => direct.provision({ pan: testPan(one.card), ...more }));
    const name = typeof made === "string" ? "" : made.token.ref;
    const known = model.tokens.length;
    const said = model.provision(one.card, one.trid, one.active, name);
    if (typeof said === "string") expect(made).toBe(said);
    else
      expect(made).toMatchObject({
        reused: model.tokens.length === known,
        token: { ref: said.name },
      });
    return;
  }
  if (one.do === "updatePan") {
    const [from, to] = [testPan(one.card), testPan(one.to)];
    const made = run((direct) => direct.updatePan(from, to, 3104).changed);
    expect(made).toBe(model.updatePan(one.card, one.to));
    return;
  }
  if ("card" in one) {
    const action = (
      { suspendCard: "suspend", resumeCard: "resume", deleteCard: "delete" } as const
    )[one.do];
    const made = run((direct) => direct.card(action, testPan(one.card)).changed);
    expect(made).toBe(model[one.do](one.card));
    return;
  }
  const target = model.tokens[one.token % Math.max(1, model.tokens.length)];
  if (target === undefined) return;
  const action = one.do.slice(0, -"Token".length) as "suspend" | "resume" | "activate" | "delete";
  const cause = "cause" in one ? one.cause : "ADMIN";
  const made = run((direct) => direct.token(action, target.name, cause).changed);
  const said = "cause" in one ? model[one.do](target, one.cause) : model[one.do](target);
  expect(made).toBe(said);
}

function compare(model: NaiveModel, { t }: Owner): void {
  for (const one of model.tokens) {
    const view = viewToken(t.vault, one.name);
    expect(view).toMatchObject({ trid: one.trid, status: model.statusOf(one) });
    expect(view.primary).toBe(one.primary);
    if (one.deleted) continue;
    expect([...view.suspendedBy].sort()).toEqual([...one.causes].sort());
    expect(view.pan.equals(testPan(one.card))).toBe(true);
    expect(view.cardStatus).toBe(model.cards.get(one.card)!.status);
  }
  expect(verifyVault(t.vault).problems).toEqual([]);
}

describe("the card actor", () => {
  test("does what the naive model does, and the vault is whole after every command", () => {
    let runs = 0;
    const property = fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const one = owner(`model ${runs++}`);
      const model = new NaiveModel();
      for (const each of steps) {
        both(model, one, each);
        compare(model, one);
      }
    });
    fc.assert(property, { numRuns: 60 });
  }, 60_000);

  test("the same events give the same bytes, however they are cut and whoever loads", () => {
    let runs = 0;
    const anyCuts = fc.uniqueArray(fc.nat(80), { maxLength: 30 });
    const days = fc.constantFrom(0, 0, 0, 20, 400, 1_200);
    const moment = fc.record({ step, days, restore: fc.nat(20) });
    const moments = fc.array(moment, { minLength: 5, maxLength: 50, size: "max" });
    const property = fc.property(moments, anyCuts, fc.boolean(), (all, cuts, keep) => {
      const one = owner(`fold ${runs}`);
      const model = new NaiveModel();
      for (const { step: each, days: later, restore } of all) {
        one.t.clock.advance(later * 86_400_000);
        // With time the model's words end to hold; only what was decided counts here.
        blindly(model, one, each);
        if (restore === 7) beginIncarnation(one.t.vault);
      }
      const other = createTestVault({ random: seededRandom(`other ${runs++}`) });
      vaults.push(other);
      const states = fold(other.vault, one.log, { cuts, keep });
      expect(dump(other.vault)).toEqual(dump(one.t.vault));
      for (const [key, state] of states) expect(spell(state)).toBe(spell(loaded(other, key)));
      expect(verifyVault(other.vault).problems).toEqual([]);
    });
    fc.assert(property, { numRuns: 60 });
  }, 60_000);
});

test("evolve takes any event after any other, also such as nobody decides", () => {
  const property = fc.property(fc.array(event, { maxLength: 12 }), (all) => {
    let state = nobody(Buffer.alloc(16, 1));
    for (const one of all) {
      const before = spell(state);
      const after = evolveCard(state, one);
      expect(spell(state)).toBe(before);
      state = after;
    }
    expect(timersOf(state).length).toBeLessThanOrEqual(2);
  });
  fc.assert(property, { numRuns: 500 });
});

function loaded(other: ReturnType<typeof createTestVault>, key: string) {
  return new DirectCards(other.vault).load(Buffer.from(key, "hex"));
}

function blindly(model: NaiveModel, one: Owner, each: Step): void {
  const { run } = one;
  if (each.do === "provision") {
    const more = { trid: each.trid, active: each.active, panExpiry: 9912, assurance: 12 };
    const made = run((direct) => direct.provision({ pan: testPan(each.card), ...more }));
    if (typeof made !== "string" && !made.reused) {
      const { ref } = made.token;
      model.tokens.push({ name: ref } as NaiveModel["tokens"][number]);
    }
  } else if (each.do === "updatePan") {
    run((direct) => direct.updatePan(testPan(each.card), testPan(each.to), 9911));
  } else if ("card" in each) {
    const pan = testPan(each.card);
    if (each.do === "suspendCard") run((direct) => direct.card("suspend", pan, { reason: "LOST" }));
    else if (each.do === "resumeCard") run((direct) => direct.card("resume", pan));
    else run((direct) => direct.card("expiry", pan, { expiry: 9910 }));
  } else {
    const target = model.tokens[each.token % Math.max(1, model.tokens.length)];
    if (target === undefined) return;
    const cause = "cause" in each ? each.cause : "ADMIN";
    const action = each.do.slice(0, -"Token".length) as
      | "suspend"
      | "resume"
      | "activate"
      | "delete";
    run((direct) => direct.token(action, target.name, cause));
    run((direct) => direct.clock(target.name));
  }
}
