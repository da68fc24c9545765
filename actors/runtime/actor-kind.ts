// What a kind of actor brings along. The runtime knows nothing else of it: a new kind is a folder
// with state, commands, events, `decide` and `evolve`, and one line in the table of kinds.
import type { AppError } from "../../platform/mod.ts";

/** Bytes of an actor's key, of a command's id and of a command body's digest. */
export const keyBytes = 16;

/** Bytes to a value and back; `decode` throws where the bytes are none of its making. */
export interface Codec<Value> {
  encode(value: Value): Buffer;
  decode(bytes: Buffer): Value;
}

/**
 * One version of a type of event. Its number and the meaning of a version never change once
 * written. A kind lists each version that it can still read; type and version choose the decoder.
 */
export interface EventType<Event> extends Codec<Event> {
  /** 1 to 65,535, unique over all kinds. */
  readonly type: number;
  /** The version that `encode` writes. */
  readonly version: number;
  /** True: a node that does not know the type must park; false: it may store and skip it. */
  readonly critical: boolean;
}

/** Where an event stands: orders all events of a shard. */
export interface Position {
  readonly incarnation: number;
  readonly shard: number;
  readonly seq: number;
  readonly ord: number;
}

/** JSON that holds no PAN, TPAN, PTAV or key: it is kept in clear with the command's id. */
export type Answer = { readonly [name: string]: unknown };

/**
 * A command to another actor of the kind, handed over once the decision is stored and applied. It
 * is not stored itself: what must arrive is sent again by a timer.
 */
export interface Send<Command> {
  readonly shard: number;
  readonly actor: Buffer;
  /** Command id, 16 bytes; the same whenever it is sent again. */
  readonly id: Buffer;
  readonly command: Command;
  /** What the sender is told of the reply: a command to itself under this id, or nothing. */
  readonly onReply: (
    reply: Reply,
  ) => { readonly id: Buffer; readonly command: Command } | undefined;
}

export type Decision<Event, Command = never> =
  /** No events: nothing changed, and the answer is kept all the same (`command.noted`). */
  | {
      readonly kind: "accept";
      readonly events: readonly Event[];
      readonly answer: Answer;
      readonly sends?: readonly Send<Command>[];
    }
  | { readonly kind: "reject"; readonly error: AppError };

/** A command that an actor gives to itself when the time has come. */
export interface Timer<Command> {
  /** Unique within the actor; setting one again moves it. 1 to 255. */
  readonly id: number;
  /** Unix milliseconds by the owner's clock. */
  readonly dueMs: number;
  readonly command: Command;
}

export interface ActorKind<State, Command, Event, Gathered = undefined> {
  readonly name: string;
  /** 1 to 255; part of stored keys, never reused. */
  readonly number: number;
  readonly commands: Codec<Command>;
  /** Which type an event of the union has. */
  typeOf(event: Event): EventType<Event>;
  readonly eventTypes: readonly EventType<Event>[];

  /** Reads the actor from the projection; the state of nobody where there is none. Never awaits. */
  load(key: Buffer): State;
  /**
   * Everything that `decide` needs beside state and command: registry rows, drawn numbers, other
   * records. May read the projection and draw randomness; never awaits, never writes.
   */
  gather(state: State, command: Command): Gathered;
  /** Pure. `nowMs` is the owner's wall clock, never falling within a shard. */
  decide(
    state: State,
    command: Command,
    gathered: Gathered,
    nowMs: number,
  ): Decision<Event, Command>;
  /** Pure and total: what `decide` emitted once is accepted for ever. */
  evolve(state: State, event: Event, atMs: number): State;
  /** Writes what changed from `before` to `after`, inside the fold's transaction. */
  project(key: Buffer, before: State, after: State, event: Event, position: Position): void;
  /** The timers that this state wants; the runtime keeps the stored ones equal to it. */
  timers(state: State): readonly Timer<Command>[];
  /**
   * Bytes that are equal for equal states; undefined for nobody. Their hashes make the shard's
   * digest, by which replicas and a rebuild are compared; a kind without it is not compared.
   */
  fingerprint?(state: State): Buffer | undefined;
  /**
   * Layout of those bytes, 1 to 255, 1 unless told: raised with every change of them, since only
   * equal layouts are compared.
   */
  readonly fingerprintLayout?: number;
}

/** A command on its way to an actor. */
export interface Envelope {
  /** First 16 bytes of SHA-256(client ‖ 0x00 ‖ idempotency key). */
  readonly id: Buffer;
  readonly kind: number;
  readonly shard: number;
  /** The actor's key, 16 bytes. */
  readonly actor: Buffer;
  /** The encoded command; its SHA-256 tells a repetition from another use of the id. */
  readonly body: Buffer;
  /** Milliseconds that are left when it is handed over; past them it is not started. */
  readonly timeoutMs: number;
}

export type Reply =
  | {
      readonly ok: true;
      readonly answer: Answer;
      readonly position: Position;
      /** True where the answer is that of an earlier submission of the same command. */
      readonly repeated: boolean;
    }
  | { readonly ok: false; readonly error: AppError };
