// A migration's end as a kind of actor: told to its requestor once, however often whoever worked on
// it is killed and says so again.
import type { ActorKind, Codec, Decision, EventType } from "../runtime/actor-kind.ts";
import type { Rows, Store } from "../store/port.ts";

/** Part of stored keys; never another kind's. */
export const migrationKindNumber = 12;

/** What a requestor is told of a migration that ended. Holds nothing of a single card. */
export interface MigrationEnd {
  readonly trid: string;
  /** Name of the file without its endings, or id of the batch. */
  readonly migrationId: string;
  readonly outcome: "DONE" | "REFUSED";
  /** Why it was refused; "" otherwise. */
  readonly reasonCode: string;
  readonly records: number;
  /** Records by what came of them. */
  readonly counts: Readonly<Record<string, number>>;
}

export type MigrationState = MigrationEnd | undefined;

export type MigrationKind = ActorKind<MigrationState, MigrationEnd, MigrationEnd>;

/** JSON: few of them, and in the log they are sealed with their record. */
const codec: Codec<MigrationEnd> = {
  encode: (value) => Buffer.from(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(bytes.toString()) as MigrationEnd,
};

const ended: EventType<MigrationEnd> = { type: 3072, version: 1, critical: true, ...codec };

export function createMigrationKind(store: Store): MigrationKind {
  /** [actor's key 16] -> the end as JSON. One row a file or batch. */
  const rows: Rows = store.rows("migrations");
  return {
    name: "migration",
    number: migrationKindNumber,
    commands: codec,
    typeOf: () => ended,
    eventTypes: [ended],
    load: (key) => {
      const row = rows.get(key);
      return row && codec.decode(row);
    },
    gather: () => undefined,
    decide: decideMigration,
    evolve: (_, event) => event,
    project: (key, _, after) => {
      if (after !== undefined) rows.put(key, codec.encode(after));
    },
    timers: () => [],
    fingerprint: (state) => state && codec.encode(state),
  };
}

/** Pure. */
export function decideMigration(
  state: MigrationState,
  command: MigrationEnd,
): Decision<MigrationEnd> {
  const isNew = state === undefined;
  return { kind: "accept", events: isNew ? [command] : [], answer: { changed: isNew } };
}
