// A group: what a shard decided while its last append was under way. It leaves as one record.
import {
  eventOverheadBytes,
  eventsBytes,
  groupBytesMax,
  type LogEvent,
  recordBytesMax,
  recordEventsMax,
  recordOverheadBytes,
} from "../log/record.ts";
import type { Answer, Reply, Send } from "./actor-kind.ts";
import type { LiveActor } from "./live-actors.ts";
import { markBytes, statesNoted } from "./state-marks.ts";

export type AnswerTo = (reply: Reply) => void;

export interface Waiter {
  readonly answer: AnswerTo;
  /** Monotonic milliseconds past which it is told that nobody knows. */
  readonly deadlineMs: number;
  readonly repeated: boolean;
}

/** A command whose events are in a group. */
export interface PendingCommand {
  readonly id: Buffer;
  readonly bodyDigest: Buffer;
  readonly actor: LiveActor;
  readonly result: Answer;
  /** Handed over when the group is applied. */
  readonly sends: readonly Send<unknown>[];
  /** Index of its `command.noted` within the record. */
  readonly ord: number;
  waiters: Waiter[];
}

/**
 * A refusal. It changes nothing, but the state that it was decided on has to be the durable one,
 * and it has to be this node's turn: it waits for its group like a command.
 */
export interface Rider {
  readonly actor: LiveActor;
  readonly answer: AnswerTo;
  readonly reply: Reply;
  readonly deadlineMs: number;
}

/** The marks of one actor's state, which go along with every command's events. */
const marksBytes = eventOverheadBytes + markBytes;
/** Bytes of events that one record has room for. */
const eventBytesMax = recordBytesMax - recordOverheadBytes - marksBytes;
/** The last one is that of the marks. */
const eventsMax = recordEventsMax - 1;

export class Group {
  /** The record's time: all its commands were decided at it. */
  readonly atMs: number;
  /** Monotonic milliseconds at which it was begun. */
  readonly begunMs: number;
  readonly events: LogEvent[] = [];
  readonly commands: PendingCommand[] = [];
  riders: Rider[] = [];
  /** The states in which its events leave their actors, in the order of the first events. */
  readonly #states = new Map<LiveActor, unknown>();
  #bytes = recordOverheadBytes;

  constructor(atMs: number, begunMs: number) {
    this.atMs = atMs;
    this.begunMs = begunMs;
  }

  get empty(): boolean {
    return this.events.length === 0 && this.riders.length === 0;
  }

  /** Whether one more command's events may join: a group is cut, a command never. */
  hasRoom(events: readonly LogEvent[]): boolean {
    if (this.events.length === 0) return true;
    if (this.events.length + events.length > eventsMax) return false;
    return this.#bytes + eventsBytes(events) <= groupBytesMax;
  }

  /** What a command of `actor` decided, which leaves it in `state`. */
  add(events: readonly LogEvent[], actor: LiveActor, state: unknown): void {
    this.events.push(...events);
    this.#bytes += eventsBytes(events);
    // `command.noted` alone touches no actor.
    if (events.length > 1) this.#states.set(actor, state);
  }

  /** What goes into the record. */
  get sealed(): readonly LogEvent[] {
    if (this.#states.size === 0) return this.events;
    const marked = [...this.#states].map(([{ kind, key }, state]) => ({ kind, key, state }));
    return [...this.events, statesNoted(marked)];
  }
}

/** Whether one command's events fit into a record at all. */
export function fitsRecord(events: readonly LogEvent[]): boolean {
  return events.length <= eventsMax && eventsBytes(events) <= eventBytesMax;
}
