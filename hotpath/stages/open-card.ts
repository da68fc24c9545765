// Stage: PAN and expiry out of the sealed block of approved rows, AES-SIV, bound to the token's own
// index. Three lane calls a key version. A failed tag is an alarm, not a decline: the record was
// changed by something that does not hold the key.
import { type KeyRing, SivLanes } from "../../crypto/mod.ts";
import { reason } from "../../platform/mod.ts";
import { sealedBytes, tokenAt, tokenWords } from "../../vault/mod.ts";
import { rowsMax } from "../batch.ts";
import { copyWords } from "../copy-bytes.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";

const blockWords = 4;
const sealedWords = sealedBytes / 4;

/** Rows whose block is sealed under one version of the sealing key. */
class SealVersion {
  readonly version: number;
  readonly lanes: SivLanes;
  private readonly laneRow = new Int32Array(rowsMax);
  private count = 0;

  constructor(version: number, key: Buffer) {
    this.version = version;
    this.lanes = new SivLanes(key, rowsMax);
  }

  /** `sealed` at word `at`: the sealed block. */
  add(rows: Rows, row: number, sealed: Int32Array, at: number): void {
    const { lanes } = this;
    const lane = this.count++;
    copyWords(sealed, at, lanes.sealedWords, lane * sealedWords, sealedWords);
    copyWords(rows.indexWords, row * blockWords, lanes.adWords, lane * blockWords, blockWords);
    this.laneRow[lane] = row;
  }

  /** Opens what was added into `cards`; returns how many tags failed and marks their rows. */
  open(rows: Rows): number {
    const { lanes, count } = this;
    if (count === 0) return 0;
    this.count = 0;
    let failed = 0;
    lanes.open(count);
    for (let lane = 0; lane < count; lane++) {
      const row = this.laneRow[lane] as number;
      if (lanes.ok[lane] === 1) {
        copyWords(
          lanes.plainWords,
          lane * blockWords,
          rows.cardWords,
          row * blockWords,
          blockWords,
        );
      } else {
        rows.reason[row] = reason.SYSTEM_ERROR;
        failed++;
      }
    }
    lanes.wipe(count);
    return failed;
  }
}

export class OpenStage {
  private versions: SealVersion[] = [];
  private readonly metrics: HotMetrics;

  constructor(metrics: HotMetrics) {
    this.metrics = metrics;
  }

  rekey(ring: KeyRing): void {
    // A record sealed under a compromised key is still read, until it is sealed anew.
    this.versions = ring.usable("seal").map((key) => new SealVersion(key.version, key.bytes));
  }

  run(rows: Rows): void {
    for (let row = 0; row < rows.count; row++) {
      if (rows.open(row, work.VERIFY)) {
        const at = row * tokenWords + tokenAt.sealedPan / 4;
        this.add(rows, row, rows.half(row, tokenAt.sealKeyVersion), rows.record, at);
      } else if (rows.open(row, work.ORIGINAL) || rows.open(row, work.REFUND)) {
        this.add(rows, row, rows.sealVersion[row] as number, rows.sealedWords, row * sealedWords);
      }
    }
    for (const version of this.versions) this.metrics.failedTags.add(version.open(rows));
  }

  private add(rows: Rows, row: number, version: number, sealed: Int32Array, at: number): void {
    for (const candidate of this.versions) {
      if (candidate.version !== version) continue;
      candidate.add(rows, row, sealed, at);
      return;
    }
    this.metrics.failedTags.add(1);
    rows.reason[row] = reason.SYSTEM_ERROR;
  }
}
