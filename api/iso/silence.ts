// When a quiet connection is asked for a sign of life, and when it is given up.
import type { IsoLimits } from "./limits.ts";

export type SilenceVerdict = "alive" | "echo" | "dead";

export class Silence {
  /** Echoes sent so far; also the STAN of the next one. */
  echoes = 0;
  readonly #limits: IsoLimits;
  #heardMs: number;
  #trafficMs: number;
  #echoSentMs = 0;
  /** Echoes in a row that nothing came back for, the one under way included. */
  #open = 0;

  constructor(limits: IsoLimits, nowMs: number) {
    this.#limits = limits;
    this.#heardMs = nowMs;
    this.#trafficMs = nowMs;
  }

  /** Any byte from the peer is a sign of life. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#trafficMs = nowMs;
    this.#open = 0;
  }

  spoke(nowMs: number): void {
    this.#trafficMs = nowMs;
  }

  /** Only a signed-on session is asked; "echo" means that the caller sends one now. */
  judge(nowMs: number, signedOn: boolean): SilenceVerdict {
    const { idleMs, echoAnswerMs, echoMissesMax } = this.#limits;
    if (!signedOn) return nowMs - this.#heardMs >= idleMs ? "dead" : "alive";
    if (this.#open === 0) {
      if (nowMs - this.#trafficMs < idleMs) return "alive";
    } else {
      if (nowMs - this.#echoSentMs < echoAnswerMs) return "alive";
      if (this.#open >= echoMissesMax) return "dead";
    }
    this.#open += 1;
    this.echoes += 1;
    this.#echoSentMs = nowMs;
    return "echo";
  }
}
