import { digitsToBcd } from "../codec/pan/mod.ts";
import { CmacLanes } from "./cmac-lanes.ts";

const tpanBcdBytes = 10;
export const indexBytes = 16;

/**
 * Blind indexes of many TPANs at once: AES-CMAC under the index key of the TPAN's ten BCD bytes,
 * F-padded. A keyed hash of the whole number (PCI DSS 3.5.1.1): without the key nobody can go
 * through the 10^9 numbers of a range. `out` holds 16 bytes a lane after `run`.
 */
export class IndexLanes {
  readonly out: Buffer;
  /** The same as words, four a lane. */
  readonly outWords: Int32Array;
  readonly lanesMax: number;
  readonly #lanes: CmacLanes;

  constructor(key: Uint8Array, lanesMax: number) {
    this.lanesMax = lanesMax;
    this.#lanes = new CmacLanes(key, { lanesMax, bytesMax: tpanBcdBytes });
    this.out = this.#lanes.out;
    this.outWords = this.#lanes.outWords;
    for (let lane = 0; lane < lanesMax; lane++) this.#lanes.setLength(lane, tpanBcdBytes);
  }

  /** Takes the lane's TPAN as ASCII digits. False when it is no number of at most 19 digits. */
  set(lane: number, tpan: Uint8Array, off: number, len: number): boolean {
    if (len < 1 || len > 19) return false;
    return digitsToBcd(tpan, off, len, this.#lanes.bytes, this.#lanes.at(lane), tpanBcdBytes);
  }

  run(count: number): void {
    this.#lanes.run(count);
  }
}
