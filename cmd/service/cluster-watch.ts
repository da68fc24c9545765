// What a service knows of its cluster: whether this node's vault is fresh enough to answer from,
// and how its shards stand.
import type { Health } from "../../platform/mod.ts";
import type { ClusterState } from "./open-actors.ts";

/** Above it a replica is not ready: a suspended token must not go on working on it. */
const freshMs = 1_000;
/** The thread of the actors speaks four times a second. */
const silentMs = 2_000;
const checkMs = 500;

const condition = "cluster";

export class ClusterWatch {
  readonly #health: Health;
  readonly #nowMs: () => number;
  readonly #timer: NodeJS.Timeout;
  #state: ClusterState | undefined;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(health: Health, nowMs: () => number) {
    this.#health = health;
    this.#nowMs = nowMs;
    this.#check();
    this.#timer = setInterval(() => this.#check(), checkMs);
    this.#timer.unref();
  }

  /** As of a moment ago; undefined where the actors do not speak. */
  get state(): ClusterState | undefined {
    return this.#nowMs() - this.#atMs > silentMs ? undefined : this.#state;
  }

  heard(state: ClusterState): void {
    this.#state = state;
    this.#atMs = this.#nowMs();
    this.#check();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const reason = reasonOf(this.state);
    const ok = reason === "";
    this.#health.setCondition({ name: condition, ok, ...(ok ? {} : { reason }) });
  }
}

/** Why this node is not ready; empty where it is. */
export function reasonOf(state: ClusterState | undefined): string {
  if (state === undefined) return "the actors do not run here";
  const parked = state.shards.filter((one) => one.parked !== "").map((one) => one.shard);
  if (parked.length > 0) return `shards that stand: ${parked.join(", ")}`;
  const stale = state.shards.filter((one) => one.staleMs > freshMs).map((one) => one.shard);
  if (stale.length > 0) return `shards behind their owners: ${stale.join(", ")}`;
  return "";
}
