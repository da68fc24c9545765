// When a quiet connection is asked for a sign of life, when it is given up, and which answer
// belongs to which question.
import type { IsoLimits } from "./limits.ts";

export type SilenceVerdict = "alive" | "echo" | "dead";

/** `late`: the next question had been asked by then, or the time was up. */
export type EchoAnswer = "fits" | "late" | "unmatched";

export class Silence {
  /** Echoes sent so far; also the STAN of the next one. */
  echoes = 0;
  /** Echoes whose answer did not come in time. */
  missed = 0;
  readonly #limits: IsoLimits;
  #heardMs: number;
  #trafficMs: number;
  #echoSentMs = 0;
  /** The newest echo has no answer yet. */
  #asked = false;
  /** The newest echo was counted as missed. */
  #lost = false;
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

  /** Judges an answer to an echo by its STAN. Each echo is answered once. */
  answered(stan: number, nowMs: number): EchoAnswer {
    if (stan < 1 || stan > this.echoes) return "unmatched";
    if (stan < this.echoes) return "late";
    // Answered already, or counted as missed: what comes now is too late or was not asked for.
    if (!this.#asked) return this.#lost ? "late" : "unmatched";
    this.#asked = false;
    return nowMs - this.#echoSentMs < this.#limits.echoAnswerMs ? "fits" : "late";
  }

  /** Only a signed-on session is asked; "echo" means that the caller sends one now. */
  judge(nowMs: number, signedOn: boolean): SilenceVerdict {
    const { idleMs, echoAnswerMs, echoMissesMax } = this.#limits;
    if (this.#asked && nowMs - this.#echoSentMs >= echoAnswerMs) {
      this.#asked = false;
      this.#lost = true;
      this.missed += 1;
    }
    if (!signedOn) return nowMs - this.#heardMs >= idleMs ? "dead" : "alive";
    if (this.#open === 0) {
      if (nowMs - this.#trafficMs < idleMs) return "alive";
    } else {
      if (nowMs - this.#echoSentMs < echoAnswerMs) return "alive";
      if (this.#open >= echoMissesMax) return "dead";
    }
    this.#open += 1;
    this.echoes += 1;
    this.#asked = true;
    this.#lost = false;
    this.#echoSentMs = nowMs;
    return "echo";
  }
}
