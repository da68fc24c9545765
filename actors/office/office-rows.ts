// The office in the vault: users, changes (the open ones, and the newest that are closed), policy.
// JSON; it holds no card number and of secrets only their hashes.
import { appError } from "../../platform/mod.ts";
import { IdentityRows } from "../cluster/stream-identity.ts";
import type { Rows, Store } from "../store/port.ts";
import { afterPrefix } from "../store/port.ts";
import { type Change, emptyOffice, isFinal, type Office, type User, usersMax } from "./office.ts";

/**
 * Refuses what one person is about to do at the machine, where the vault has users who must agree.
 * In a cluster keys are every node's own: `keys` are left to whoever is there.
 */
export function refuseAlone(store: Store, what: "registry" | "keys"): void {
  if (new OfficeRows(store).users().length === 0) return;
  const clustered = new IdentityRows(store).get("evt", 0) !== undefined;
  if (what === "keys" && clustered) return;
  throw appError(
    "SECOND_PERSON_NEEDED",
    "This vault has users, and such a change takes two of them: see pantun admin propose.",
  );
}

/** Closed changes that are kept for listing; all stand in the audit chain and in the log. */
const closedKept = 512;

const prefix = { user: Buffer.from("u"), change: Buffer.from("c") } as const;
const deskName = Buffer.from("d");

type Desk = Pick<Office, "policy" | "lastChange" | "numbers">;

export class OfficeRows {
  readonly #rows: Rows;

  constructor(store: Store) {
    this.#rows = store.rows("office");
  }

  load(): Office {
    const desk = this.#rows.get(deskName);
    if (desk === undefined) return emptyOffice;
    const open = this.changes().filter((change) => !isFinal(change));
    return { ...(JSON.parse(desk.toString()) as Desk), users: this.users(), open };
  }

  users(): User[] {
    return this.#all(prefix.user, usersMax) as User[];
  }

  user(name: string): User | undefined {
    return this.#get(userKey(name)) as User | undefined;
  }

  /** Oldest first. */
  changes(): Change[] {
    return this.#all(prefix.change, 2 * closedKept) as Change[];
  }

  change(id: number): Change | undefined {
    return this.#get(changeKey(id)) as Change | undefined;
  }

  /** Inside a transaction. */
  put(before: Office, after: Office, closed: readonly Change[]): void {
    const { users, open, policy, lastChange, numbers } = after;
    for (const user of users) {
      if (!before.users.includes(user)) this.#rows.put(userKey(user.name), textOf(user));
    }
    for (const change of [...open, ...closed]) {
      if (!before.open.includes(change)) this.#rows.put(changeKey(change.id), textOf(change));
    }
    const desk: Desk = { policy, lastChange, numbers };
    this.#rows.put(deskName, textOf(desk));
    const old = this.change(lastChange - closedKept);
    if (old !== undefined && isFinal(old)) this.#rows.remove(changeKey(old.id));
  }

  #get(key: Buffer): unknown {
    const bytes = this.#rows.get(key);
    return bytes === undefined ? undefined : JSON.parse(bytes.toString());
  }

  #all(start: Buffer, limit: number): unknown[] {
    return this.#rows
      .range({ start, end: afterPrefix(start), limit })
      .map(({ value }) => JSON.parse(value.toString()));
  }
}

function userKey(name: string): Buffer {
  return Buffer.concat([prefix.user, Buffer.from(name)]);
}

function changeKey(id: number): Buffer {
  const key = Buffer.alloc(5);
  prefix.change.copy(key);
  key.writeUInt32BE(Math.max(0, id), 1);
  return key;
}

function textOf(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
