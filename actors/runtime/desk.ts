// Where commands to one shard are decided: checked by id, run by their actor, and gathered into
// groups. Nothing here waits; what becomes of the groups is the shard's business.
import { type AppError, appError, isAppError } from "../../platform/mod.ts";
import type { LogEvent } from "../log/record.ts";
import { type Answer, type Envelope, keyBytes, type Reply, type Send } from "./actor-kind.ts";
import { framePayload, notedEvent } from "./event-frame.ts";
import type { Fold } from "./fold.ts";
import { damagedState } from "./folded-actors.ts";
import { type AnswerTo, fitsRecord, Group, type PendingCommand, type Waiter } from "./group.ts";
import type { AnyKind } from "./kinds.ts";
import { type LiveActor, LiveActors } from "./live-actors.ts";
import { ParkError } from "./park.ts";
import type { RuntimePorts } from "./ports.ts";
import { shardParked } from "./shard-refusals.ts";
import { stateHash } from "./state-marks.ts";

/** Commands of one actor that are not answered yet: a hot card sheds load, it gets no latency. */
export const mailboxMax = 64;

/** Those who wait for one command: its caller, and the same caller impatient. */
const waitersMax = 16;

/** A group's time does not grow older than this before it is cut. */
const groupAgeMsMax = 1_000;

export interface DeskOptions extends Pick<RuntimePorts, "clock"> {
  readonly fold: Fold;
  readonly shard: number;
  readonly actorsMax: number;
  /** Takes commands that actors send to others. */
  readonly send: (envelope: Envelope, answer: AnswerTo) => void;
  /** Something was read that must not be decided on. */
  readonly park: (error: ParkError) => void;
}

/** What an actor sends has no caller who would go away; a timer of the sender repeats it. */
const sendTimeoutMs = 30_000;

export class Desk {
  readonly #options: DeskOptions;
  readonly #actors: LiveActors;
  readonly #pending = new Map<string, PendingCommand>();
  #groups: Group[] = [];
  #atMs: number;

  /** Begins with nothing in memory; `atMs`: of the shard's newest record. */
  constructor(options: DeskOptions, atMs: number) {
    this.#options = options;
    this.#actors = new LiveActors(options.actorsMax, (kind, key, state) => {
      const { fold, shard } = options;
      if (fold.marks.isAsFolded(kind, key, stateHash(kind, key, state))) return;
      throw damagedState(shard, fold.cursor(shard).seq, kind, key);
    });
    this.#atMs = atMs;
  }

  /** Commands that are not answered yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  get actorsInMemory(): number {
    return this.#actors.size;
  }

  /** Takes the oldest group; from now on it does not change. */
  next(): Group | undefined {
    return this.hasGroup ? this.#groups.shift() : undefined;
  }

  /** Whether something waits to be taken to the log. */
  get hasGroup(): boolean {
    return this.#groups[0]?.empty === false;
  }

  /** The shard's time: the wall clock, but never falling. */
  nowMs(): number {
    this.#atMs = Math.max(this.#atMs, this.#options.clock.nowMs());
    return this.#atMs;
  }

  /** Decides on a command; `answer` is called once, now or when its group's fate is known. */
  submit(envelope: Envelope, answer: AnswerTo): void {
    const deadlineMs = this.#options.clock.monotonicMs() + envelope.timeoutMs;
    const reply = this.#submit(envelope, { answer, deadlineMs, repeated: false });
    if (reply !== undefined) answer(reply);
  }

  /** The reply, where it need not wait for a group. */
  #submit(envelope: Envelope, waiter: Waiter): Reply | undefined {
    if (envelope.timeoutMs <= 0) return refusal("DEADLINE_EXCEEDED", "It came too late.");
    const content = contentOf(envelope);
    let bodyDigest: Buffer;
    try {
      const { seal } = this.#options.fold;
      const isSame = (digest: Buffer) => seal.isDigest(digest, content);
      const inFlight = this.#pending.get(envelope.id.toString("latin1"));
      if (inFlight !== undefined) return joinCommand(inFlight, isSame, waiter);
      const known = this.#accepted(envelope, isSame);
      if (known !== undefined) return known;
      bodyDigest = seal.digest(content);
    } finally {
      // It may hold a card number.
      content.fill(0);
    }
    const kind = this.#options.fold.kinds.kind(envelope.kind);
    if (kind === undefined || envelope.actor.length !== keyBytes) {
      return refusal("INVALID_REQUEST", "No actor is of this kind or has such a key.");
    }
    const actor = this.#touch(kind, envelope.actor);
    if (actor instanceof ParkError) return { ok: false, error: shardParked(actor) };
    if (actor.waiting >= mailboxMax) {
      return refusal("OVERLOADED", "Too many commands for one card wait already.");
    }
    const group = this.#openGroup();
    let decided: Decided | AppError;
    try {
      decided = decide(kind, actor, envelope, bodyDigest, group.atMs);
    } catch (cause) {
      decided = appError("INTERNAL_ERROR", "A command could not be decided.", { cause });
    }
    if (isAppError(decided)) {
      ride(actor, actor.group ?? group, { ok: false, error: decided }, waiter);
      return undefined;
    }
    const { id } = envelope;
    const { answer: result, sends } = decided;
    this.#accept(group, decided, { id, bodyDigest, actor, result, sends, ord: 0 }, waiter);
    return undefined;
  }

  /** Where what is stored of the actor is damaged the shard stands: nobody decides on that. */
  #touch(kind: AnyKind, key: Buffer): LiveActor | ParkError {
    try {
      return this.#actors.touch(kind, key);
    } catch (error) {
      if (!(error instanceof ParkError)) throw error;
      this.#options.park(error);
      return error;
    }
  }

  /** The stored answer of a command that was accepted before under this id, or a conflict. */
  #accepted({ id, shard }: Envelope, isSame: (digest: Buffer) => boolean): Reply | undefined {
    const { fold } = this.#options;
    const row = fold.idem.get(shard, id);
    if (row === undefined) return undefined;
    if (!isSame(row.bodyDigest)) return keyReused();
    const answer = JSON.parse(row.answer.toString()) as Answer;
    const { incarnation, seq, ord } = row;
    const position = { incarnation, shard, seq, ord };
    return { ok: true, answer, position, repeated: true };
  }

  #accept(
    decidedIn: Group,
    { events, state }: Decided,
    command: Omit<PendingCommand, "waiters">,
    waiter: Waiter,
  ): void {
    let group = decidedIn;
    if (!group.hasRoom(events)) {
      // It was decided at the old group's time, so the new one keeps that.
      group = new Group(group.atMs, this.#options.clock.monotonicMs());
      this.#groups.push(group);
    }
    const ord = group.events.length + events.length - 1;
    const pending = { ...command, ord, waiters: [waiter] };
    const { actor } = command;
    group.add(events, actor, state);
    group.commands.push(pending);
    this.#pending.set(command.id.toString("latin1"), pending);
    actor.state = state;
    actor.waiting++;
    actor.group = group;
  }

  /** The group that is being filled. Groups that were taken are not among them. */
  #openGroup(): Group {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const last = this.#groups.at(-1);
    if (last !== undefined && (last.empty || nowMs - last.begunMs < groupAgeMsMax)) {
      if (!last.empty) return last;
      this.#groups.pop();
    }
    const group = new Group(this.nowMs(), nowMs);
    this.#groups.push(group);
    return group;
  }

  /** Nothing of a group is in doubt any more; its commands are answered. */
  applied(group: Group, seq: number): void {
    const { incarnation } = this.#options.fold.meta;
    const { shard } = this.#options;
    for (const command of group.commands) {
      this.#forget(group, command);
      const position = { incarnation, shard, seq, ord: command.ord };
      for (const { answer, repeated } of command.waiters) {
        answer({ ok: true, answer: command.result, position, repeated });
      }
      for (const send of command.sends) this.#send(command.actor, send);
    }
    for (const { actor, answer, reply } of group.riders) {
      actor.waiting--;
      answer(reply);
    }
  }

  /** What the reply means comes back to the sender as a command. */
  #send({ kind, key }: LiveActor, { shard, actor, id, command, onReply }: Send<unknown>): void {
    const { send, shard: own } = this.#options;
    const more = { kind: kind.number, timeoutMs: sendTimeoutMs };
    send({ ...more, id, shard, actor, body: kind.commands.encode(command) }, (reply) => {
      const told = onReply(reply);
      if (told === undefined) return;
      const body = kind.commands.encode(told.command);
      send({ ...more, id: told.id, shard: own, actor: key, body }, () => {});
    });
  }

  /** The group and all behind it are void, and so is what the actors in memory know. */
  void(group: Group | undefined, ofGroup: AppError, ofOthers: AppError): void {
    this.#actors.drop();
    const behind = this.#groups;
    this.#groups = [];
    if (group !== undefined) this.#refuseAll(group, ofGroup);
    for (const one of behind) this.#refuseAll(one, ofOthers);
  }

  /** Nobody knows whether the refusals of a group were this node's to give: none is given. */
  unseen(group: Group, error: AppError): void {
    this.#refuseAll(group, error);
  }

  #refuseAll(group: Group, error: AppError): void {
    for (const command of group.commands) {
      this.#forget(group, command);
      for (const { answer } of command.waiters) answer({ ok: false, error });
    }
    // A refusal was decided on a state that never came to be: not even that is an answer.
    for (const { actor, answer } of group.riders) {
      actor.waiting--;
      answer({ ok: false, error });
    }
  }

  #forget(group: Group, { id, actor }: PendingCommand): void {
    this.#pending.delete(id.toString("latin1"));
    actor.waiting--;
    if (actor.group === group) actor.group = undefined;
  }

  /** Tells those whose deadline has passed that nobody knows; the command goes on without them. */
  expire(taken: Group | undefined): void {
    const nowMs = this.#options.clock.monotonicMs();
    const late = (one: { readonly deadlineMs: number }) => one.deadlineMs <= nowMs;
    const error = appError("OUTCOME_UNKNOWN", "The log has not answered in time; send it again.");
    for (const group of taken === undefined ? this.#groups : [taken, ...this.#groups]) {
      for (const command of group.commands) {
        const gone = command.waiters.filter(late);
        if (gone.length === 0) continue;
        command.waiters = command.waiters.filter((one) => !late(one));
        for (const { answer } of gone) answer({ ok: false, error });
      }
      const gone = group.riders.filter(late);
      group.riders = group.riders.filter((one) => !late(one));
      for (const { actor, answer } of gone) {
        actor.waiting--;
        answer({ ok: false, error });
      }
    }
  }
}

interface Decided {
  readonly state: unknown;
  /** The command's events, `command.noted` last. */
  readonly events: readonly LogEvent[];
  readonly answer: Answer;
  readonly sends: readonly Send<unknown>[];
}

/** Runs the command on the actor as it stands; changes nothing. */
function decide(
  kind: AnyKind,
  actor: LiveActor,
  { id, body }: Envelope,
  bodyDigest: Buffer,
  atMs: number,
): Decided | AppError {
  let command: unknown;
  try {
    command = kind.commands.decode(body);
  } catch (cause) {
    return appError("INVALID_REQUEST", "The command cannot be read.", { cause });
  }
  const gathered = kind.gather(actor.state, command);
  const decision = kind.decide(actor.state, command, gathered, atMs);
  if (decision.kind === "reject") return decision.error;
  let state = actor.state;
  const events = decision.events.map((event): LogEvent => {
    state = kind.evolve(state, event, atMs);
    const eventType = kind.typeOf(event);
    const { type, version, critical } = eventType;
    const payload = framePayload(actor.key, eventType.encode(event));
    return { type, version, critical, commandId: id, payload };
  });
  const { answer } = decision;
  events.push(notedEvent(id, { kind: kind.number, actor: actor.key, bodyDigest, answer }));
  if (!fitsRecord(events)) {
    return appError(
      "PAYLOAD_TOO_LARGE",
      "What this command changes exceeds one record of the log.",
    );
  }
  return { state, events, answer, sends: decision.sends ?? [] };
}

/** Waits for the same answer as the command that is under way under this id. */
function joinCommand(
  command: PendingCommand,
  isSame: (digest: Buffer) => boolean,
  waiter: Waiter,
): Reply | undefined {
  if (!isSame(command.bodyDigest)) return keyReused();
  if (command.waiters.length >= waitersMax) {
    return refusal("OVERLOADED", "Too many wait for the same command.");
  }
  command.waiters.push({ ...waiter, repeated: true });
  return undefined;
}

function ride(actor: LiveActor, group: Group, reply: Reply, waiter: Waiter): void {
  const { answer, deadlineMs } = waiter;
  actor.waiting++;
  group.riders.push({ actor, answer, reply, deadlineMs });
}

function keyReused(): Reply {
  return refusal("IDEMPOTENCY_KEY_REUSED", "This key came with another command before.");
}

function refusal(code: AppError["code"], message: string): Reply {
  return { ok: false, error: appError(code, message) };
}

/** What must be the same where a command comes again under its id. */
function contentOf({ kind, actor, body }: Envelope): Buffer {
  return Buffer.concat([Buffer.of(kind), actor, body]);
}
