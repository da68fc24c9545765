// What a fold finds for the audit chain: collected row by row, written as one block at its end.
import type { KeyRing } from "../../crypto/mod.ts";
import type { RowView } from "../journal/row-view.ts";
import type { Vault } from "../vault.ts";
import { ActRows } from "./act.ts";
import { AuditChain, type ChainTables } from "./chain.ts";
import { BlockBody, releases, type Source } from "./entry.ts";

/** Where acts and keys come from. */
export interface AuditSource {
  readonly ring: () => KeyRing;
  readonly acts: Pick<ActRows, "after" | "last">;
}

/** The acts and keys of a vault. */
export function auditSourceOf(vault: Vault): AuditSource {
  return { ring: () => vault.sealing.ring, acts: new ActRows(vault.env) };
}

/** Acts of one block; more are in the next. */
const actsPerBlock = 64;

export class AuditTrail {
  readonly chain: AuditChain;
  readonly #source: AuditSource;
  readonly #body = new BlockBody();

  constructor(tables: ChainTables, source: AuditSource) {
    this.chain = new AuditChain(tables);
    this.#source = source;
  }

  actsWait(): boolean {
    return this.#source.acts.last() > this.chain.actsTaken();
  }

  /** Before the first row of a fold: what an aborted one collected is forgotten. */
  begin(): void {
    this.#body.clear();
  }

  row(row: RowView): void {
    if (releases(row)) this.#body.release(row);
  }

  took(source: Omit<Source, "kind">): void {
    this.#body.source(source);
  }

  /** Inside the fold's transaction. */
  write(nowMs: number): void {
    let acts = this.chain.actsTaken();
    for (const one of this.#source.acts.after(acts, actsPerBlock)) {
      this.#body.act(one);
      acts = one.number;
    }
    if (this.#body.count > 0) this.chain.append(this.#source.ring(), this.#body, nowMs, acts);
    this.begin();
  }
}
