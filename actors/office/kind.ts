// The office as a kind of actor: what administrators change is in the log like everything else, so
// all nodes of a cluster have one registry, and an approved change is carried out once.
import { ActRows, type Vault } from "../../vault/mod.ts";
import type { ActorKind, Codec, EventType } from "../runtime/actor-kind.ts";
import { canonicalJson } from "../runtime/canonical.ts";
import type { Store } from "../store/port.ts";
import { actOf } from "./acts.ts";
import { decideOffice, type Gathered } from "./decide.ts";
import { evolveOffice } from "./evolve.ts";
import { gatherOffice } from "./gather.ts";
import { isFinal, type Office, type OfficeCommand, type OfficeEvent } from "./office.ts";
import { OfficeRows } from "./office-rows.ts";

/** Part of stored keys; never another kind's. */
export const officeKindNumber = 4;

export type OfficeKind = ActorKind<Office, OfficeCommand, OfficeEvent, Gathered>;

/** JSON: these are few, and what they hold is sealed with its record. */
function jsonCodec<Value>(): Codec<Value> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(bytes.toString()) as Value,
  };
}

const changed: EventType<OfficeEvent> = {
  type: 1_024,
  version: 1,
  critical: true,
  ...jsonCodec<OfficeEvent>(),
};

const expiryTimer = 1;

export function createOfficeKind(vault: Vault, store: Store): OfficeKind {
  const rows = new OfficeRows(store);
  const acts = new ActRows(vault.env);
  return {
    name: "office",
    number: officeKindNumber,
    commands: jsonCodec<OfficeCommand>(),
    typeOf: () => changed,
    eventTypes: [changed],
    load: () => rows.load(),
    gather: (state, command) => gatherOffice(vault, state, command),
    decide: decideOffice,
    evolve: evolveOffice,
    project(_, before, after, event) {
      const closed = event.event !== "setup" && isFinal(event.change) ? [event.change] : [];
      rows.put(before, after, closed);
      if (event.event === "moved") {
        for (const { kind, number, row } of event.effect?.rows ?? []) {
          vault.registryStore.put(kind, number, row);
        }
      }
      const act = actOf(event);
      if (act !== undefined) acts.put(act);
    },
    timers({ open }) {
      const waits = open.filter(({ status }) => status === "PROPOSED");
      if (waits.length === 0) return [];
      const dueMs = Math.min(...waits.map(({ expiresAtMs }) => expiresAtMs));
      return [{ id: expiryTimer, dueMs, command: { command: "expire" } }];
    },
    fingerprint: fingerprintOf,
  };
}

/** Users and changes lie in the vault in an order of their own. */
function fingerprintOf({ users, open, ...desk }: Office): Buffer | undefined {
  if (users.length === 0 && desk.lastChange === 0) return undefined;
  const named = Object.fromEntries(users.map((user) => [user.name, user]));
  const numbered = Object.fromEntries(open.map((change) => [change.id, change]));
  return canonicalJson({ ...desk, users: named, open: numbered });
}
