// Stage in place of the claims, where payments are in a log: what would be approved is not, but
// leaves as a payment for its shard's owner, and comes back with what that owner says. A message is
// judged anew then, so that a card that was suspended meanwhile does not pay.
import { reason } from "../../platform/mod.ts";
import {
  claim,
  claimKeyBytes,
  claimKind,
  paymentAt,
  paymentBytes,
  paymentHeadBytes,
  paymentKind,
  rowBytes,
  rowFlag,
  verdict,
} from "../../vault/mod.ts";
import { type Batch, pendingReason, rowsMax } from "../batch.ts";
import type { Peer } from "../dispatch-types.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";
import { ClaimStage, claims, refusalOf, withoutPtav } from "./claims.ts";
import { JournalStage } from "./journal.ts";
import type { OrphanStore } from "./originals.ts";

const idBytes = 16;
const noLane = -1;

export class LoggedClaims extends ClaimStage implements OrphanStore {
  private readonly allPeers: readonly Peer[];
  private readonly laneOf = new Int32Array(rowsMax);
  /** `paymentKind` of a row that waits, -1 where it does not. */
  private readonly kinds = new Int8Array(rowsMax);
  private readonly orphans = Buffer.alloc(rowsMax * claimKeyBytes);
  private batch: Batch | null = null;

  constructor(peers: readonly Peer[], metrics: HotMetrics) {
    super(peers, metrics);
    this.allPeers = peers;
  }

  /** Right after decoding: what its owner will not answer for now is refused. */
  begin(batch: Batch, rows: Rows): void {
    if (!batch.given) throw new Error("a message without an id among payments of a log");
    batch.takeGivenIds();
    this.batch = batch;
    this.kinds.fill(noLane, 0, rows.count);
    for (let row = 0; row < rows.count; row++) {
      const code = batch.verdict(row);
      const refused = code === verdict.REFUSED || code === verdict.MOVED;
      if (refused && rows.reason[row] === 0) rows.reason[row] = reason.SHARD_UNAVAILABLE;
    }
  }

  /** Called for a reversal whose original is not known; the owner has to know of it first. */
  rememberOrphan(key: Buffer, off: number, row: number): boolean {
    if (this.batch?.verdict(row) !== verdict.NONE) return true;
    key.copy(this.orphans, row * claimKeyBytes, off, off + claimKeyBytes);
    this.kinds[row] = paymentKind.ORPHAN;
    return true;
  }

  judge(batch: Batch, rows: Rows): void {
    const { lanes, rowOf } = this;
    this.rows = rows;
    lanes.count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (this.kinds[row] === paymentKind.ORPHAN) rows.reason[row] = pendingReason;
      if (rows.reason[row] !== 0 || rows.work[row] === work.NONE) continue;
      const code = batch.verdict(row);
      if (code !== verdict.NONE) this.take(rows, row, code);
      else if (!claims(rows, row)) this.pend(rows, row, paymentKind.ROW);
      else {
        this.laneOf[row] = lanes.count;
        rowOf[lanes.count++] = row;
      }
    }
    if (lanes.count === 0) return;
    this.fillKeys(batch, rows);
    this.fillOriginals();
    for (let lane = 0; lane < lanes.count; lane++) {
      this.pend(rows, rowOf[lane] as number, lanes.kinds[lane] as number);
    }
  }

  private pend(rows: Rows, row: number, kind: number): void {
    this.kinds[row] = kind;
    rows.reason[row] = pendingReason;
  }

  /** What the owner said of the row's claim. */
  private take(rows: Rows, row: number, code: number): void {
    const claimed = claims(rows, row);
    if (claimed) this.metrics.countClaim(code === verdict.NOTED ? claim.FAILED : code);
    if (code === verdict.NEW || (code === verdict.NOTED && !claimed)) return;
    if (code === verdict.REPETITION) {
      rows.marks[row] = (rows.marks[row] as number) | rowFlag.repetition;
      this.metrics.repetitions.add(1);
    } else rows.reason[row] = refusalOf(code, !withoutPtav(rows, row));
  }

  /** Before the answers are encoded: a row that waits gets none. */
  hide(rows: Rows): void {
    for (let row = 0; row < rows.count; row++) {
      if (rows.reason[row] === pendingReason) rows.answerable[row] = 0;
    }
  }

  /** Last of all: the payments of rows that wait, behind the answers of those that do not. */
  emit(batch: Batch, rows: Rows, journal: LoggedJournal): void {
    let at = endOf(batch);
    for (let row = 0; row < rows.count; row++) {
      const kind = this.kinds[row] as number;
      if (kind === noLane || rows.reason[row] !== pendingReason) continue;
      const bytes = kind === paymentKind.ORPHAN ? paymentHeadBytes : paymentBytes;
      this.write(batch, rows, row, at);
      if (bytes === paymentBytes) journal.copyRow(batch, rows, row, at + paymentAt.row);
      batch.setAnswer(row, at, bytes, pendingReason, 0);
      at += bytes;
    }
  }

  private write(batch: Batch, rows: Rows, row: number, at: number): void {
    const { output } = batch;
    const { lanes } = this;
    const kind = this.kinds[row] as number;
    output.fill(0, at, at + paymentHeadBytes);
    output[at + paymentAt.kind] = kind;
    output.writeUInt32LE(this.allPeers[rows.peer[row] as number]!.tag, at + paymentAt.peer);
    batch.ids.copy(output, at + paymentAt.verificationId, row * idBytes, (row + 1) * idBytes);
    if (kind === paymentKind.ORPHAN) {
      const from = row * claimKeyBytes;
      this.orphans.copy(output, at + paymentAt.key, from, from + claimKeyBytes);
    } else if (kind === claimKind.PTAV || kind === claimKind.DE7) {
      const lane = this.laneOf[row] as number;
      const from = lane * claimKeyBytes;
      lanes.keys.copy(output, at + paymentAt.key, from, from + claimKeyBytes);
      lanes.originals.copy(output, at + paymentAt.original, from, from + claimKeyBytes);
      const print = lane * idBytes;
      lanes.fingerprints.copy(output, at + paymentAt.fingerprint, print, print + idBytes);
    }
  }
}

/** The journal of a node whose accepted payments come out of a log: it writes the others. */
export class LoggedJournal extends JournalStage {
  override run(batch: Batch, rows: Rows): void {
    this.writer.rows.fill(0, 0, rows.count * rowBytes);
    let count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (rows.work[row] === work.NONE || rows.reason[row] === pendingReason) continue;
      if (rows.reason[row] === 0 && isLogged(batch.verdict(row))) continue;
      this.writeRow(batch, rows, row, count * rowBytes);
      count++;
    }
    this.append(rows, count);
  }

  /** The row as it will be when the payment is accepted. */
  copyRow(batch: Batch, rows: Rows, row: number, at: number): void {
    const pending = rows.reason[row] as number;
    rows.reason[row] = 0;
    this.writer.rows.fill(0, 0, rowBytes);
    this.writeRow(batch, rows, row, 0);
    this.writer.rows.copy(batch.output, at, 0, rowBytes);
    rows.reason[row] = pending;
  }
}

function isLogged(code: number): boolean {
  return code === verdict.NEW || code === verdict.REPETITION;
}

function endOf(batch: Batch): number {
  const last = batch.count - 1;
  return last < 0 ? 0 : batch.answerOffset(last) + batch.answerLength(last);
}
