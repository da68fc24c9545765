// Payments that never stop: for each shard at each node one after the other. Now and then a PTAV is
// presented by two transactions at two nodes at the same time, of which one may be approved. What
// gets 91 or no answer is sent again as it is, as a switch does. What was approved, and when, is
// kept.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { mydebit } from "../../../codec/iso8583/mod.ts";
import { systemClock, within } from "../../../platform/mod.ts";
import { testAcquirer } from "../../../vault/mod.ts";
import { localPtavSource } from "../../sim/local-ptav.ts";
import { encodeMessage, verification } from "../../sim/messages.ts";
import type { SimToken } from "../../sim/tokens.ts";
import { PayLine } from "./pay-line.ts";
import { type ClusterWorld, merchantId } from "./world.ts";

/** An answer that a switch got: DE39 of a transaction. */
interface Told {
  readonly shard: number;
  readonly response: string;
  readonly atMs: number;
}

/** One payment in so many has a rival: a token with many failed checks is stopped for a while. */
const rivalEvery = 5;
/** Tries of one transaction, the first among them. */
const triesMax = 4;
const answerMs = 4_000;
const againMs = 150;
const pauseMs = 90;
/** Above all tries of one transaction. */
const lastMs = 60_000;
const tagReason = 13;

export class Payers {
  readonly told: Told[] = [];
  /** PTAVs for which two transactions were approved, and approvals of another card. */
  readonly wrong: string[] = [];
  /** PTAVs of which a transaction was approved, with that transaction's verification id. */
  readonly approved = new Map<string, string>();
  /** PTAVs that were presented by two transactions. */
  rivals = 0;
  readonly #world: ClusterWorld;
  readonly #lines: readonly PayLine[];
  readonly #ptavs;
  readonly #loops: Promise<void>[];
  readonly #view = mydebit.createView();
  #stan = 0;
  #stopped = false;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#lines = world.nodes.map(({ switchAddress }) => new PayLine(switchAddress));
    const { ring } = world;
    this.#ptavs = localPtavSource({ ring, clock: systemClock, random: randomBytes });
    this.#loops = world.payers.flatMap((tokens, shard) =>
      this.#lines.map((_, node) => this.#loop(shard, tokens, node)),
    );
  }

  /** Ends once every payment that was begun is answered or given up. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const late = `a payment was neither answered nor given up within ${lastMs / 1_000} s`;
    await within(lastMs, late, Promise.all(this.#loops));
    for (const line of this.#lines) line.close();
  }

  /** Resolves when each shard has had so many more approvals; false where it took longer. */
  async progress(count: number, withinMs: number): Promise<boolean> {
    const from = this.told.length;
    const untilMs = systemClock.monotonicMs() + withinMs;
    const { shards } = this.#world;
    while (systemClock.monotonicMs() < untilMs) {
      const counts = new Array<number>(shards).fill(0);
      for (const { shard, response } of this.told.slice(from)) {
        if (response === "00") counts[shard]!++;
      }
      if (counts.every((one) => one >= count)) return true;
      await sleep(againMs);
    }
    return false;
  }

  /**
   * The longest time without an approval of a shard within a span, and how many payments got 91.
   */
  span(shard: number, fromMs: number, toMs: number): { gapMs: number; refused: number } {
    const told = this.told.filter((one) => {
      return one.shard === shard && one.atMs >= fromMs && one.atMs <= toMs;
    });
    const times = told.filter(({ response }) => response === "00").map(({ atMs }) => atMs);
    const edges = [fromMs, ...times, toMs];
    const gapMs = Math.max(...edges.slice(1).map((atMs, i) => atMs - (edges[i] as number)));
    return { gapMs, refused: told.filter(({ response }) => response === "91").length };
  }

  /** Payments of one shard that come to one node first. */
  async #loop(shard: number, tokens: readonly SimToken[], node: number): Promise<void> {
    for (let turn = node; !this.#stopped; turn++) {
      await this.#pay(shard, tokens[turn % tokens.length] as SimToken, turn, node);
      await sleep(pauseMs);
    }
  }

  /** One PTAV, one transaction or two, each at a node of its own. */
  async #pay(shard: number, token: SimToken, turn: number, node: number): Promise<void> {
    const amount = 100 + (turn % 10_000);
    const ptav = await this.#ptavs.get({ token, amount, merchantId });
    const many = turn % rivalEvery === 0 ? 2 : 1;
    if (many === 2) this.rivals++;
    const messages = Array.from({ length: many }, () => this.#message(token, amount, ptav));
    const ids = await Promise.all(
      messages.map((message, i) => this.#transaction(shard, token, message, node + i)),
    );
    const approvals = ids.filter((id) => id !== "");
    const [id] = approvals;
    if (id !== undefined) this.approved.set(ptav, id);
    if (approvals.length > 1) this.wrong.push(`a PTAV of shard ${shard} was accepted twice`);
  }

  #message(token: SimToken, amount: number, ptav: string): Buffer {
    this.#stan = (this.#stan % 999_999) + 1;
    const seconds = Math.floor(systemClock.nowMs() / 1_000);
    const payment = {
      ...{ tpan: token.tpan, tpanExpiry: token.tpanExpiry, trid: token.trid, amount, ptav },
      ...{ merchantId, acquirerId: testAcquirer, seconds, initiation: "C" as const },
      stan: this.#stan,
      rrn: `R${String(this.#stan).padStart(11, "0")}`,
    };
    return encodeMessage(verification(payment, { mti: "0100", withMac: false }));
  }

  /** Its verification id where it was approved, else empty. */
  async #transaction(
    shard: number,
    token: SimToken,
    message: Buffer,
    first: number,
  ): Promise<string> {
    for (let tries = 0; tries < triesMax; tries++) {
      const line = this.#lines[(first + tries) % this.#lines.length];
      const answer = await line?.ask(message, answerMs);
      if (answer !== undefined) {
        const { response, reason, pan, id } = this.#read(answer);
        this.told.push({ shard, response, atMs: systemClock.monotonicMs() });
        if (response === "00") {
          const card = token.card?.pan.toString("latin1");
          if (pan !== card) this.wrong.push(`shard ${shard}: the card of another token`);
          return id;
        }
        if (response !== "91" && reason === "2006") return "";
        if (response !== "91") this.wrong.push(`shard ${shard}: ${response} with ${reason}`);
      }
      await sleep(againMs);
    }
    return "";
  }

  #read(answer: Buffer) {
    const view = this.#view;
    const status = mydebit.scanMessage(view, answer, 0, answer.length);
    if (status !== 0) throw mydebit.error(status, view);
    const tag = (number: number): string => {
      if (!view.has(120) || !view.tags.has(number)) return "";
      const at = view.tags.offset(number);
      return answer.toString("latin1", at, at + view.tags.length(number));
    };
    return { response: view.text(39), reason: tag(tagReason), pan: view.text(2), id: tag(14) };
  }
}
