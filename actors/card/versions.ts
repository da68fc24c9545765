// Versions of an event type. A version's bytes never change once written: a changed meaning is the
// next version, and each older one is read by its own decoder and lifted step by step.
import type { EventType } from "../runtime/actor-kind.ts";

/** How one version is read, and what makes the next version's value of it. */
export interface EventVersion {
  readonly decode: (bytes: Buffer) => unknown;
  /** Absent for the newest version alone. Pure. */
  readonly lift?: (value: never) => unknown;
}

export interface VersionedType<Event> {
  readonly type: number;
  readonly critical: boolean;
  readonly encode: (event: Event) => Buffer;
  /** Version 1 first; the newest is the one that `encode` writes. */
  readonly versions: readonly EventVersion[];
}

/** One entry a version, oldest first; each decodes to today's event. Only the newest encodes. */
export function eventTypesOf<Event>(described: VersionedType<Event>): EventType<Event>[] {
  const { type, critical, versions } = described;
  return versions.map((version, i) => ({
    type,
    version: i + 1,
    critical,
    encode: (event) => {
      if (i + 1 < versions.length) throw new Error(`version ${i + 1} of ${type} is only read`);
      return described.encode(event);
    },
    decode: (bytes) => {
      let value = version.decode(bytes);
      for (const { lift } of versions.slice(i, -1)) {
        if (lift === undefined) throw new Error(`a version of event type ${type} has no successor`);
        value = (lift as (value: unknown) => unknown)(value);
      }
      return value as Event;
    },
  }));
}
