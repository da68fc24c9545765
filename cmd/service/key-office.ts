// Carries out what two people decided about keys: one service of a vault takes such a change, does
// it in the key file, and says what came of it. Whoever dies over it is followed by another, who
// sees in the key file whether it was done.
import { randomUUID } from "node:crypto";
import {
  type Change,
  type CommandPort,
  type ContentOf,
  lmdbStore,
  type OfficeCommand,
  OfficeRows,
  submitOffice,
} from "../../actors/mod.ts";
import type { KeyListing, KeyRing, KeyStore } from "../../crypto/mod.ts";
import { type Clock, isAppError, type Logger } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";

/** A rotation is no emergency; a compromised key is refused within this time. */
const intervalMs = 1_000;

/** Longer than any process takes to read a new key: then it is used. */
const spreadMsDefault = 5_000;

const commandTimeoutMs = 10_000;
const skewSeconds = 60;

export interface KeyOfficeOptions {
  readonly vault: Vault;
  readonly commands: CommandPort;
  readonly keyStore: KeyStore;
  /** Gives every thread the new ring. */
  readonly publish: (ring: KeyRing) => void;
  readonly ptavTtlSeconds: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly spreadMs?: number;
}

export class KeyOffice {
  readonly #options: KeyOfficeOptions;
  readonly #rows: OfficeRows;
  /** Names this service among those that may take a change. */
  readonly #executor = randomUUID();
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> | undefined;

  constructor(options: KeyOfficeOptions) {
    this.#options = options;
    this.#rows = new OfficeRows(lmdbStore(options.vault.env));
  }

  start(): void {
    this.#timer ??= setInterval(() => this.#look(), intervalMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#working;
  }

  #look(): void {
    if (this.#working !== undefined) return;
    this.#working = this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    const { vault, log } = this.#options;
    try {
      vault.freshRead();
      for (const change of this.#rows.load().open) {
        if (change.status === "PROPOSED") continue;
        if (await this.#take(change.id)) await this.#carryOut(change);
      }
    } catch (error) {
      log.error({ event: "keys.office", err: error }, "an approved change of keys waits");
    }
  }

  /** False where another service has it. */
  async #take(change: number): Promise<boolean> {
    try {
      await this.#submit({ command: "begin", executor: this.#executor, change });
      return true;
    } catch (error) {
      if (isAppError(error, "CHANGE_CLOSED")) return false;
      throw error;
    }
  }

  async #carryOut(change: Change): Promise<void> {
    const { keyStore, publish, log } = this.#options;
    const taken = { executor: this.#executor, change: change.id } as const;
    let done = true;
    let outcome: string;
    try {
      await keyStore.refresh();
      outcome = await this.#change(change);
      publish(await keyStore.load());
    } catch (error) {
      done = false;
      outcome = (error as Error).message;
      log.error({ event: "keys.office", change: change.id, err: error }, "a change of keys failed");
    }
    await this.#submit({ command: "finish", ...taken, done, outcome });
    log.info({ event: "keys.changed", change: change.id, kind: change.kind, done, outcome });
  }

  async #change({ kind, content, status }: Change): Promise<string> {
    if (kind === "key.rotate") {
      return this.#rotate(content as ContentOf<"key.rotate">, status === "BEGUN");
    }
    const { usage, version, label = "" } = content as ContentOf<"key.retire">;
    const { keyStore, ptavTtlSeconds } = this.#options;
    const wanted = kind === "key.retire" ? "RETIRED" : "COMPROMISED";
    const key = this.#keys(usage, label).find((one) => one.version === version);
    // By a service that died over it, or by hand.
    if (key?.state === wanted) return sayOf(key);
    if (kind === "key.compromise") return sayOf(await keyStore.compromise(usage, version, label));
    const ptavLifeMs = (ptavTtlSeconds + skewSeconds) * 1_000;
    return sayOf(await keyStore.retire(usage, version, { label, ptavLifeMs }));
  }

  async #rotate(content: ContentOf<"key.rotate">, again: boolean): Promise<string> {
    const { keyStore, spreadMs = spreadMsDefault, publish } = this.#options;
    const { usage, from, label = "" } = content;
    const active = this.#keys(usage, label).find((one) => one.state === "ACTIVE");
    if (active?.version !== from) {
      if (again && active !== undefined) return sayOf(active);
      throw new Error(`version ${from} is not the active one any more`);
    }
    const waiting = this.#keys(usage, label).find((one) => one.state === "PRE_ACTIVE");
    const made = waiting ?? (await keyStore.add(usage, { label, state: "PRE_ACTIVE" }));
    publish(await keyStore.load());
    await new Promise((resolve) => setTimeout(resolve, spreadMs));
    return sayOf(await keyStore.activate(usage, made.version, label));
  }

  #keys(usage: string, label: string): KeyListing[] {
    const all = this.#options.keyStore.list();
    return all.filter((key) => key.usage === usage && key.label === label);
  }

  async #submit(command: OfficeCommand): Promise<void> {
    const { vault, commands, clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + commandTimeoutMs;
    const call = { client: "key office", idempotencyKey: randomUUID(), deadlineMs };
    await submitOffice({ commands, clock, shards: vault.shards }, call, command);
  }
}

function sayOf({ id, state, kcv }: KeyListing): string {
  return `${id} ${state} KCV ${kcv}`;
}
