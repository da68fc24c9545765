// Whether the program can answer. Readiness says "send me work"; liveness only says that the event
// loop turns, and never depends on anything outside the process.

export type HealthState = "starting" | "ready" | "draining";

/** One condition of readiness, such as "claims can be stored". */
export interface Condition {
  readonly name: string;
  readonly ok: boolean;
  /** Why not, in words that hold no card data. */
  readonly reason?: string;
}

export interface Health {
  readonly state: HealthState;
  /** Ready means: the state is ready and no condition fails. */
  readonly ready: boolean;
  setState(state: HealthState): void;
  /** Sets a condition by its name; unknown ones are added. */
  setCondition(condition: Condition): void;
  conditions(): readonly Condition[];
  /** Called at every change of `ready`; returns how to stop. */
  onChange(listener: (ready: boolean) => void): () => void;
}

/** Conditions are named in code; more than this is a leak. */
const conditionsMax = 64;

class HealthKeeper implements Health {
  #state: HealthState = "starting";
  readonly #conditions = new Map<string, Condition>();
  readonly #listeners = new Set<(ready: boolean) => void>();
  #told = false;

  get state(): HealthState {
    return this.#state;
  }

  get ready(): boolean {
    if (this.#state !== "ready") return false;
    return [...this.#conditions.values()].every((condition) => condition.ok);
  }

  setState(state: HealthState): void {
    if (this.#state === "draining" && state !== "draining") {
      throw new Error("a draining program does not become ready again");
    }
    this.#state = state;
    this.#tell();
  }

  setCondition(condition: Condition): void {
    this.#conditions.set(condition.name, condition);
    if (this.#conditions.size > conditionsMax) throw new Error("too many health conditions");
    this.#tell();
  }

  conditions(): readonly Condition[] {
    return [...this.#conditions.values()];
  }

  onChange(listener: (ready: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    const ready = this.ready;
    if (ready === this.#told) return;
    this.#told = ready;
    for (const listener of this.#listeners) listener(ready);
  }
}

export function createHealth(): Health {
  return new HealthKeeper();
}
