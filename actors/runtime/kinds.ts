// The table of kinds: everything that differs between them is found here by number. A new kind is a
// folder and one line where the table is made.
import { kindTypeMax } from "../log/record.ts";
import type { ActorKind, EventType } from "./actor-kind.ts";

export type AnyKind = ActorKind<unknown, unknown, unknown, unknown>;

export interface KnownEvent {
  readonly kind: AnyKind;
  readonly eventType: EventType<unknown>;
}

export class KindTable {
  readonly #kinds = new Map<number, AnyKind>();
  readonly #events = new Map<number, KnownEvent>();

  /** A RangeError where numbers are out of range or used twice: a fault of the program. */
  constructor(kinds: readonly AnyKind[]) {
    const owners = new Map<number, AnyKind>();
    for (const kind of kinds) {
      if (!isWithin(kind.number, 255)) throw new RangeError(`${kind.name}: number of a kind`);
      if (this.#kinds.has(kind.number))
        throw new RangeError(`two kinds have number ${kind.number}`);
      this.#kinds.set(kind.number, kind);
      for (const eventType of kind.eventTypes) {
        const { type, version } = eventType;
        if (!isWithin(type, kindTypeMax)) throw new RangeError(`${kind.name}: event type ${type}`);
        if (!isWithin(version, 0xffff)) throw new RangeError(`${kind.name}: version of ${type}`);
        if ((owners.get(type) ?? kind) !== kind || this.#events.has(keyOf(type, version))) {
          throw new RangeError(`event type ${type} version ${version} is taken`);
        }
        owners.set(type, kind);
        this.#events.set(keyOf(type, version), { kind, eventType });
      }
    }
  }

  kind(number: number): AnyKind | undefined {
    return this.#kinds.get(number);
  }

  /** Who reads this type in this version. An older version is an entry of its own. */
  event(type: number, version: number): KnownEvent | undefined {
    return this.#events.get(keyOf(type, version));
  }
}

function keyOf(type: number, version: number): number {
  return type * 0x1_0000 + version;
}

function isWithin(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
