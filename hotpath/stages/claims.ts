// Stage: one use, exactly. Rows that would be approved make one claim each, all in one write
// transaction: a PTAV under its time of issue and MAC, a message without PTAV under DE7 and its
// numbers. A decline claims nothing.
import { ptavMacOffset } from "../../codec/ptav/mod.ts";
import { CmacLanes, type KeyRing } from "../../crypto/mod.ts";
import { reason } from "../../platform/mod.ts";
import {
  ClaimLanes,
  claim,
  claimKeyBytes,
  claimKind,
  type ReplayStore,
  rowFlag,
} from "../../vault/mod.ts";
import { type Batch, rowsMax } from "../batch.ts";
import { writeFingerprint, writeMitKey, writeOriginalId } from "../claim-inputs.ts";
import { copyBytes, copyWords } from "../copy-bytes.ts";
import type { Peer } from "../dispatch-types.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";
import { isMit } from "../verification-table.ts";

const idBytes = 16;
const idWords = idBytes / 4;

/** Fingerprint input: with every part at its longest 135 bytes. */
const fingerprintBytesMax = 144;
const numbersBytesMax = 64;

export class ClaimStage {
  protected readonly metrics: HotMetrics;
  protected readonly lanes = new ClaimLanes(rowsMax);
  protected readonly rowOf = new Int32Array(rowsMax);
  protected rows: Rows | null = null;
  private readonly peers: readonly Peer[];
  private readonly proposed = Buffer.alloc(idBytes);
  private fingerprints: CmacLanes | null = null;
  private mitKeys: CmacLanes | null = null;
  private originals: CmacLanes | null = null;

  constructor(peers: readonly Peer[], metrics: HotMetrics) {
    this.peers = peers;
    this.metrics = metrics;
    this.lanes.fillOriginals = () => this.fillOriginals();
  }

  rekey(ring: KeyRing): void {
    const key = ring.active("fingerprint").bytes;
    this.fingerprints = new CmacLanes(key, { lanesMax: rowsMax, bytesMax: fingerprintBytesMax });
    this.mitKeys = new CmacLanes(key, { lanesMax: rowsMax, bytesMax: numbersBytesMax });
    this.originals = new CmacLanes(key, { lanesMax: rowsMax, bytesMax: numbersBytesMax });
  }

  run(batch: Batch, rows: Rows, store: ReplayStore): void {
    this.rows = rows;
    this.gather(rows);
    const { lanes } = this;
    if (lanes.count === 0) return;
    this.fillKeys(batch, rows);
    store.claim(lanes);
    for (let lane = 0; lane < lanes.count; lane++) this.settle(batch, rows, lane);
  }

  private gather(rows: Rows): void {
    const { lanes, rowOf } = this;
    let count = 0;
    for (let row = 0; row < rows.count; row++) if (claims(rows, row)) rowOf[count++] = row;
    lanes.count = count;
  }

  protected fillKeys(batch: Batch, rows: Rows): void {
    const { lanes, rowOf } = this;
    const fingerprints = this.fingerprints!;
    const mitKeys = this.mitKeys!;
    let mits = 0;
    for (let lane = 0; lane < lanes.count; lane++) {
      const row = rowOf[lane] as number;
      const view = rows.views[row]!;
      const used = writeFingerprint(
        view,
        rows.index,
        row * 16,
        fingerprints.bytes,
        fingerprints.at(lane),
      );
      fingerprints.setLength(lane, used);
      lanes.peers[lane] = this.peers[rows.peer[row] as number]!.tag;
      copyWords(batch.idWords, row * idWords, lanes.verificationIdWords, lane * idWords, idWords);
      if (withoutPtav(rows, row)) {
        lanes.kinds[lane] = claimKind.DE7;
        mitKeys.setLength(mits, writeMitKey(view, mitKeys.bytes, mitKeys.at(mits)));
        mits++;
        lanes.keys.writeUInt32BE(rows.transmitted[row] as number, lane * claimKeyBytes);
      } else {
        lanes.kinds[lane] = claimKind.PTAV;
        // issuedAt (4) and MAC (8) stand side by side in the PTAV already.
        const from = row * 20 + ptavMacOffset - 4;
        copyBytes(rows.ptav, from, lanes.keys, lane * claimKeyBytes, claimKeyBytes);
      }
    }
    fingerprints.run(lanes.count);
    fingerprints.out.copy(lanes.fingerprints, 0, 0, lanes.count * 16);
    if (mits === 0) return;
    mitKeys.run(mits);
    this.copyMitKeys();
  }

  private copyMitKeys(): void {
    const { lanes } = this;
    let mit = 0;
    for (let lane = 0; lane < lanes.count; lane++) {
      if (lanes.kinds[lane] !== claimKind.DE7) continue;
      this.mitKeys!.out.copy(lanes.keys, lane * claimKeyBytes + 4, mit * 16, mit * 16 + 8);
      mit++;
    }
  }

  /** What a reversal without its original was remembered under; only where there is any. */
  protected fillOriginals(): void {
    const { lanes } = this;
    const rows = this.rows as Rows;
    const originals = this.originals!;
    for (let lane = 0; lane < lanes.count; lane++) {
      const view = rows.views[this.rowOf[lane] as number]!;
      originals.setLength(lane, writeOriginalId(view, originals.bytes, originals.at(lane)));
    }
    originals.run(lanes.count);
    for (let lane = 0; lane < lanes.count; lane++) {
      const at = lane * claimKeyBytes;
      const seconds = rows.transmitted[this.rowOf[lane] as number] as number;
      lanes.originals.writeUInt32BE(seconds, at);
      originals.out.copy(lanes.originals, at + 4, lane * 16, lane * 16 + 8);
    }
  }

  private settle(batch: Batch, rows: Rows, lane: number): void {
    const { lanes } = this;
    const row = this.rowOf[lane] as number;
    const ptav = lanes.kinds[lane] === claimKind.PTAV;
    this.metrics.countClaim(lanes.results[lane] as number);
    if (lanes.results[lane] === claim.NEW) return;
    if (lanes.results[lane] === claim.REPETITION) this.repeat(batch, rows, row, lane);
    else rows.reason[row] = refusalOf(lanes.results[lane] as number, ptav);
  }

  /**
   * The store names the id of the first claim. Where that is the id this row proposed itself, a
   * worker died between claim and answer and the batch is run again: nothing was answered yet, so
   * the answer is the first one and not a repetition.
   */
  private repeat(batch: Batch, rows: Rows, row: number, lane: number): void {
    const { verificationIds } = this.lanes;
    verificationIds.copy(this.proposed, 0, lane * idBytes, (lane + 1) * idBytes);
    const at = row * idBytes;
    if (this.proposed.compare(batch.ids, at, at + idBytes) === 0) return;
    this.proposed.copy(batch.ids, at);
    rows.marks[row] = (rows.marks[row] as number) | rowFlag.repetition;
    this.metrics.repetitions.add(1);
  }
}

/** The reason of a message that its claim refuses. */
export function refusalOf(result: number, ptav: boolean): number {
  switch (result) {
    case claim.USED:
      return ptav ? reason.PTAV_REPLAY : reason.DUPLICATE_TRANSMISSION;
    case claim.EXPIRED:
      return ptav ? reason.PTAV_EXPIRED : reason.MESSAGE_STALE;
    case claim.REVERSED:
      return reason.ORIGINAL_NOT_FOUND;
    default:
      return reason.SYSTEM_ERROR;
  }
}

/** A reversal or completion may come any number of times; it takes nothing. */
export function claims(rows: Rows, row: number): boolean {
  return rows.open(row, work.VERIFY) || rows.open(row, work.REFUND);
}

export function withoutPtav(rows: Rows, row: number): boolean {
  return rows.work[row] === work.REFUND || isMit(rows, row);
}
