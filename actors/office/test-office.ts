// An office over a vault for tests: it decides as the runtime does, and what was decided is folded
// when the test says so.
import { expect } from "vitest";
import { ActRows } from "../../vault/mod.ts";
import { createTestVault, type TestVault, testNowMs } from "../../vault/test-vault.ts";
import type { Answer } from "../runtime/actor-kind.ts";
import { lmdbStore } from "../store/lmdb.ts";
import type { Store } from "../store/port.ts";
import { createOfficeKind, type OfficeKind } from "./kind.ts";
import {
  type Change,
  type Office,
  type OfficeCommand,
  officeKey,
  type Role,
  type User,
} from "./office.ts";
import { OfficeRows } from "./office-rows.ts";

const position = { incarnation: 1, shard: 0, seq: 1, ord: 0 };

export const user = (name: string, ...roles: Role[]): User => {
  return { name, roles, identities: [`URI:test:${name}`], secrets: [], status: "ACTIVE" };
};
export const people = [
  user("alice", "programme", "users"),
  user("bob", "programme", "users"),
  user("carol", "keys"),
  user("dave", "keys", "auditor"),
  user("erin", "auditor"),
];
export const bank = { id: "BANK0001", name: "Bank One" };

export class OfficeRig {
  readonly t: TestVault = createTestVault();
  readonly store: Store = lmdbStore(this.t.vault.env);
  readonly kind: OfficeKind = createOfficeKind(this.t.vault, this.store);
  office: Office = this.kind.load(officeKey);
  nowMs = testNowMs;
  /** Events that were decided and are not folded yet. */
  readonly #ahead: (() => void)[] = [];

  /** The state runs ahead, the vault follows with `fold`. */
  decide(command: OfficeCommand): Answer {
    const { kind } = this;
    const gathered = kind.gather(this.office, command);
    const decision = kind.decide(this.office, command, gathered, this.nowMs);
    if (decision.kind === "reject") throw decision.error;
    for (const event of decision.events) {
      const before = this.office;
      const after = kind.evolve(before, event, this.nowMs);
      this.office = after;
      this.#ahead.push(() => kind.project(officeKey, before, after, event, position));
    }
    return decision.answer;
  }

  fold(): void {
    this.store.write(() => {
      for (const one of this.#ahead.splice(0)) one();
    });
    this.t.vault.freshRead();
  }

  act(command: OfficeCommand): Answer {
    const answer = this.decide(command);
    this.fold();
    expect(this.kind.load(officeKey)).toEqual(this.office);
    return answer;
  }

  setUp(): void {
    this.act({ command: "setup", by: "cli:root", users: people });
  }

  propose(by: string, kind: string, content: object, note = ""): number {
    const command = { command: "propose", by, kind, content: { ...content }, note } as const;
    return Number(this.act(command).change);
  }

  approve(by: string, change: number): Answer {
    return this.act({ command: "approve", by, change });
  }

  changeOf(id: number): Change {
    return new OfficeRows(this.store).change(id)!;
  }

  changes(): Change[] {
    return new OfficeRows(this.store).changes();
  }

  acts() {
    const all = new ActRows(this.t.vault.env).after(0, 100);
    return all.map(({ act }) => [act.act, act.by, act.approvedBy]);
  }
}

export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "DONE";
}
