// One horizon as a claiming process keeps it.
import { type HorizonKind, type HorizonPort, horizonLeadSeconds } from "./horizon.ts";
import { type ReplayState, stateWord } from "./replay-state.ts";

export class HorizonLine {
  readonly highestWord: number;
  readonly horizonWord: number;
  readonly fenceWord: number;
  readonly #kind: HorizonKind;
  readonly #port: HorizonPort;
  readonly #state: ReplayState;
  /** Raised by this process: flushed, and not yet known to the others. */
  #raised = 0;

  constructor(kind: HorizonKind, port: HorizonPort, state: ReplayState) {
    const ptav = kind === "ptav";
    this.highestWord = ptav ? stateWord.highestPtav : stateWord.highestDe7;
    this.horizonWord = ptav ? stateWord.horizonPtav : stateWord.horizonDe7;
    this.fenceWord = ptav ? stateWord.fencePtav : stateWord.fenceDe7;
    this.#kind = kind;
    this.#port = port;
    this.#state = state;
  }

  /** What this process has raised itself; goes into the state of the next transaction. */
  get raised(): number {
    return this.#raised;
  }

  /** True where the horizon is known to be flushed at or above `time`. */
  covers(time: number): boolean {
    return time <= this.#raised || time <= this.#state.words[this.horizonWord]!;
  }

  /** Raises the horizon above `time` and waits for the flush. */
  raiseOver(time: number): void {
    this.#port.raise(this.#kind, time + horizonLeadSeconds);
    this.#raised = time + horizonLeadSeconds;
  }

  /** Nothing that was ever claimed lies above this. */
  bound(): number {
    return Math.max(this.#port.horizon(this.#kind), this.#state.words[this.horizonWord]!);
  }
}
