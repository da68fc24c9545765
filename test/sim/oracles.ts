// What must hold at the end of a run, told from the log alone: by a reading of it that shares
// nothing with the fold but the record's codec.
import type { MemoryPlace } from "../../actors/log/memory.ts";
import { ownTypes, type RecordSeal } from "../../actors/log/record.ts";
import { readNoted } from "../../actors/runtime/event-frame.ts";
import type { AccountEvent } from "../../actors/runtime/test-account.ts";
import { accountRows } from "../../actors/runtime/test-account.ts";
import type { Client, Told } from "./clients.ts";
import type { Plan } from "./plan.ts";
import type { SimNode } from "./sim-node.ts";

interface Account {
  balance: number;
  changes: number;
  lockedUntilMs: number;
}

/** A command in the log, with the state that it left behind. */
interface Decided {
  readonly shard: number;
  readonly seq: number;
  readonly ord: number;
  /** Its place among all commands of the shard. */
  readonly place: number;
  readonly account: string;
  readonly answer: string;
  readonly after: Account;
}

interface Reading {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly commands: ReadonlyMap<string, Decided>;
  /** By account, in log order. */
  readonly histories: ReadonlyMap<string, readonly Decided[]>;
}

export function judge(
  plan: Plan,
  place: MemoryPlace,
  nodes: readonly SimNode[],
  clients: readonly Client[],
): string[] {
  const faults: string[] = nodes.flatMap((node) => node.parked);
  const reading = readLog(plan, place, nodes[0]!.seal, faults);
  compareStores(reading, nodes, faults);
  const told = clients.flatMap((client) => client.told);
  for (const one of told) {
    if (one.reply.ok) checkAccepted(reading, one, faults);
    else if (one.reply.error.code !== "TOKEN_STATE_CONFLICT")
      checkNothingDone(reading, one, faults);
    else checkRefused(reading, told, one, faults);
  }
  checkOrder(reading, told, faults);
  return faults;
}

function readLog(plan: Plan, place: MemoryPlace, seal: RecordSeal, faults: string[]): Reading {
  const accounts = new Map<string, Account>();
  const commands = new Map<string, Decided>();
  const histories = new Map<string, Decided[]>();
  for (let shard = 0; shard < plan.shards; shard++) {
    let epoch = 0;
    let owner = "";
    let counter = 0;
    for (const [i, bytes] of place.stream("evt", shard).records.entries()) {
      const { head, events } = seal.open(bytes);
      const nonce = head.nonce.toString("hex");
      const opens = events[0]?.type === ownTypes.epochOpened;
      if (opens ? head.epoch <= epoch : head.epoch !== epoch || nonce !== owner) {
        faults.push(`epochs: shard ${shard} record ${i + 1} of epoch ${head.epoch} after ${epoch}`);
      }
      epoch = head.epoch;
      owner = nonce;
      for (const [ord, event] of events.entries()) {
        if (event.type < ownTypes.epochOpened) {
          const key = event.payload.toString("hex", 0, 16);
          const change = JSON.parse(event.payload.toString("utf8", 16)) as AccountEvent;
          accounts.set(key, apply(accounts.get(key), change));
        } else if (event.type === ownTypes.commandNoted) {
          const id = event.commandId.toString("hex");
          const { actor, answerText } = readNoted(event.payload);
          const account = actor.toString("hex");
          const after = accounts.get(account) ?? apply(undefined, { is: "broken" });
          if (commands.has(id)) faults.push(`twice: command ${id} is in the log twice`);
          const where = { shard, seq: i + 1, ord, place: counter++ };
          const decided = { ...where, account, answer: answerText.toString(), after };
          commands.set(id, decided);
          histories.set(account, [...(histories.get(account) ?? []), decided]);
        }
      }
    }
  }
  return { accounts, commands, histories };
}

function apply(before: Account | undefined, event: AccountEvent): Account {
  const after = { balance: 0, changes: 0, lockedUntilMs: 0, ...before };
  if (event.is === "moved") {
    after.balance += event.by;
    after.changes++;
  } else if (event.is === "locked") after.lockedUntilMs = event.untilMs;
  else if (event.is === "unlocked") after.lockedUntilMs = 0;
  return after;
}

/** fold(log) == store, on every node. */
function compareStores(reading: Reading, nodes: readonly SimNode[], faults: string[]): void {
  for (const node of nodes) {
    const rows = accountRows(node.store);
    for (const [key, account] of reading.accounts) {
      const row = rows.get(Buffer.from(key, "hex"))?.toString();
      const stored = row === undefined ? undefined : (JSON.parse(row) as Account);
      if (stored?.balance === account.balance && stored.changes === account.changes) continue;
      faults.push(`store: ${node.name} has ${row} for ${JSON.stringify(account)}`);
    }
  }
}

/** No command that was answered is lost, and its answer is the one of its place in the log. */
function checkAccepted(reading: Reading, { id, reply }: Told, faults: string[]): void {
  if (!reply.ok) return;
  const name = id.toString("hex");
  const decided = reading.commands.get(name);
  const { seq, ord } = reply.position;
  if (decided === undefined) faults.push(`lost: ${name} was answered and is not in the log`);
  else if (decided.seq !== seq || decided.ord !== ord) {
    faults.push(`position: ${name} was told ${seq}/${ord}, it is at ${decided.seq}/${decided.ord}`);
  } else {
    const { balance, changes } = decided.after;
    const answer = JSON.stringify(reply.answer);
    const right = JSON.stringify({ balance, changes });
    if (answer !== right) faults.push(`answer: ${name} was told ${answer}, right is ${right}`);
  }
}

/** Whoever was told that nothing was done, and did not ask again, finds nothing done. */
function checkNothingDone(reading: Reading, { id, reply }: Told, faults: string[]): void {
  const name = id.toString("hex");
  if (reply.ok || !reading.commands.has(name)) return;
  faults.push(`done: ${name} was told ${reply.error.code}, and is in the log`);
}

/**
 * Per account the log is the order of things: what was told before another was asked for comes
 * before it.
 */
function checkOrder(reading: Reading, told: readonly Told[], faults: string[]): void {
  const accepted = told.filter(({ reply }) => reply.ok);
  for (const later of accepted) {
    const at = reading.commands.get(later.id.toString("hex"));
    for (const earlier of accepted) {
      if (earlier.shard !== later.shard || earlier.toldMs >= later.askedMs) continue;
      if (!earlier.account.equals(later.account)) continue;
      const before = reading.commands.get(earlier.id.toString("hex"));
      // A repetition is told what happened when it was asked for first.
      if (later.reply.ok && later.reply.repeated) continue;
      if (at !== undefined && before !== undefined && before.place >= at.place) {
        faults.push(`order: ${earlier.id.toString("hex")} was told before, and stands behind`);
      }
    }
  }
}

/** A refusal fits some state between what was told before it was asked for and what came after. */
function checkRefused(
  reading: Reading,
  told: readonly Told[],
  { account, askedMs, toldMs, command }: Told,
  faults: string[],
): void {
  if (command.do !== "withdraw" && command.do !== "deposit") return;
  const history = reading.histories.get(account.toString("hex")) ?? [];
  const placeOf = (one: Told) => reading.commands.get(one.id.toString("hex"))?.place;
  const others = told.filter((one) => one.reply.ok && one.account.equals(account));
  const before = others.filter((one) => one.toldMs < askedMs).map(placeOf);
  const after = others.filter((one) => one.askedMs > toldMs && !isRepeated(one)).map(placeOf);
  const from = Math.max(-1, ...before.filter((place) => place !== undefined));
  const to = Math.min(Number.POSITIVE_INFINITY, ...after.filter((place) => place !== undefined));
  const states = history.filter(({ place }) => place >= from && place < to).map((d) => d.after);
  if (from < 0) states.push({ balance: 0, changes: 0, lockedUntilMs: 0 });
  const by = command.do === "deposit" ? command.amount : -command.amount;
  const fits = states.some((state) => state.lockedUntilMs !== 0 || state.balance + by < 0);
  if (!fits) faults.push(`refusal: ${JSON.stringify(command)} was refused without a reason`);
}

function isRepeated({ reply }: Told): boolean {
  return reply.ok && reply.repeated;
}
