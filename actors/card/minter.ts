// Draws token numbers for decisions whose events are not folded yet. What is drawn stays reserved
// until the vault has it, so that two actors of a shard never decide on one number; actors of other
// shards cannot, since a number has one home. Lost with the process, as are the decisions.

import type { ClearPAN } from "../../codec/pan/mod.ts";
import {
  type BinRange,
  type CapacityAlarm,
  drawTpan,
  pickSubRange,
  type SubRange,
  tokenRef,
  type Vault,
} from "../../vault/mod.ts";

/** Far more decisions than a log's groups hold at once; the oldest reservation goes first. */
const reservedMax = 65_536;

export interface Draw {
  readonly tpan: ClearPAN;
  readonly index: Buffer;
  readonly ref: Buffer;
  readonly subRange: SubRange;
  /** The sub-range is not in the registry yet: the token's event brings it. */
  readonly opens: boolean;
}

export class Minter {
  readonly #vault: Vault;
  readonly #onAlarm: (alarm: CapacityAlarm) => void;
  readonly #reserved = new Set<string>();
  #opening: SubRange[] = [];

  constructor(vault: Vault, onAlarm: (alarm: CapacityAlarm) => void = () => {}) {
    this.#vault = vault;
    this.#onAlarm = onAlarm;
  }

  /** A TPAN for a card of `range` in `shard`, and a reference. Error: TOKEN_RANGE_FULL. */
  draw(range: BinRange, shard: number): Draw {
    const vault = this.#vault;
    const { subRanges } = vault.registry();
    this.#opening = this.#opening.filter((one) => subRanges[one.number] === undefined);
    const { subRange, isNew, alarm } = pickSubRange(vault, range, this.#opening);
    const isReserved = (index: Buffer) => this.#reserved.has(index.toString("latin1"));
    const { tpan, index } = drawTpan(vault, subRange, shard, isReserved);
    this.#reserve(index);
    const known = this.#opening.some((one) => one.number === subRange.number);
    if (isNew && !known) this.#opening.push(subRange);
    if (alarm !== undefined && !known) this.#onAlarm(alarm);
    const ref = tokenRef(vault.random, vault.clock.nowMs());
    return { tpan, index, ref, subRange, opens: isNew };
  }

  #reserve(index: Buffer): void {
    if (this.#reserved.size >= reservedMax) {
      const [oldest] = this.#reserved;
      this.#reserved.delete(oldest!);
    }
    this.#reserved.add(index.toString("latin1"));
  }
}
