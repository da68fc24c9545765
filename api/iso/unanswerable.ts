// Messages that cannot be answered: counted, logged without content, and tolerated a few times.
import { unpackStatus } from "../../codec/iso8583/mod.ts";
import type { Logger } from "../../platform/mod.ts";
import { countUp, type IsoStats, type PeerStats } from "./stats.ts";

export class Unanswerable {
  readonly #stats: IsoStats;
  readonly #peer: PeerStats;
  readonly #log: Logger;
  readonly #max: number;
  #count = 0;

  constructor(stats: IsoStats, peer: PeerStats, log: Logger, max: number) {
    this.#stats = stats;
    this.#peer = peer;
    this.#log = log;
    this.#max = max;
  }

  /** True where the connection must end. A status of 0 is an answer to nothing that was asked. */
  note(status: number): boolean {
    this.#count += 1;
    const what = status < 0 ? unpackStatus(status) : null;
    const fatal = what !== null && (what.action === "close" || what.code === "UNKNOWN_MTI");
    const { code, path } = what ?? { code: "UNEXPECTED_ANSWER", path: "" };
    if (what === null) this.#peer.unmatched += 1;
    countUp(this.#stats.unanswerable, code);
    this.#log.warn({ code, path, count: this.#count }, "message cannot be answered");
    return fatal || this.#count >= this.#max;
  }
}
