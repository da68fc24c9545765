// Defends: a migration ends once: the first end is kept, and what is said of it later changes and
// tells nothing.
import { expect, test } from "vitest";
import { MemoryStore } from "../store/memory.ts";
import { createMigrationKind, decideMigration, type MigrationEnd } from "./kind.ts";

const end: MigrationEnd = {
  trid: "99900000001",
  migrationId: "mig_a",
  outcome: "DONE",
  reasonCode: "",
  records: 2,
  counts: { TOKENISED: 1, DECLINED: 1 },
};
const position = { incarnation: 1, shard: 0, seq: 1, ord: 0 };

test("the first end of a migration is an event, a second one is none", () => {
  const store = new MemoryStore();
  const kind = createMigrationKind(store);
  const key = Buffer.alloc(16, 7);
  const first = decideMigration(kind.load(key), end);
  if (first.kind === "reject") throw first.error;
  expect([first.events, first.answer]).toEqual([[end], { changed: true }]);
  const [event] = first.events;
  const decoded = kind.typeOf(event!).decode(kind.typeOf(event!).encode(event!)) as MigrationEnd;
  const after = kind.evolve(undefined, decoded, 0);
  store.write(() => kind.project(key, undefined, after, decoded, position));
  expect(kind.load(key)).toEqual(end);
  const second = decideMigration(kind.load(key), { ...end, records: 3 });
  expect(second).toEqual({ kind: "accept", events: [], answer: { changed: false } });
});
