// Stage: reversals, completions and refunds. They need no PTAV, but an approved original of the
// same TPAN, TRID and merchant; the card that they get back is that original's, whatever became of
// the token since. Few messages are of this kind, so this stage reads the history and may allocate.

import { transmissionSeconds } from "../../codec/iso8583/mod.ts";
import { CmacLanes, type KeyRing } from "../../crypto/mod.ts";
import { reason } from "../../platform/mod.ts";
import {
  claimKeyBytes,
  de7SkewSeconds,
  type History,
  indexBytes,
  type Original,
  sealedBytes,
  tridBytes,
} from "../../vault/mod.ts";
import type { Batch } from "../batch.ts";
import { rowsMax } from "../batch.ts";
import { writeNamedOriginalId } from "../claim-inputs.ts";
import { type Rows, work } from "../rows.ts";
import { idBytes } from "../verification-id.ts";
import { tag } from "../verification-table.ts";

const originalIdBytesMax = 32;
const de90Bytes = 42;
const merchantBytes = 15;
/** DE7 within DE90. */
const de90TransmissionAt = 10;

/** Remembers a reversal without its original; false where it could not. `key` from `off` on. */
export interface OrphanStore {
  rememberOrphan(key: Buffer, off: number, row: number): boolean;
}

export class OriginalStage {
  private readonly history: History;
  private readonly replay: OrphanStore;
  private readonly found: (Original | undefined)[] = new Array(rowsMax).fill(undefined);
  private readonly orphan = Buffer.alloc(claimKeyBytes);
  private ids: CmacLanes | null = null;

  constructor(history: History, replay: OrphanStore) {
    this.history = history;
    this.replay = replay;
  }

  rekey(ring: KeyRing): void {
    const key = ring.active("fingerprint").bytes;
    this.ids = new CmacLanes(key, { lanesMax: 1, bytesMax: originalIdBytesMax });
  }

  /** Finds the originals; what has none is 3004, and a reversal without one is remembered. */
  find(rows: Rows): void {
    for (let row = 0; row < rows.count; row++) {
      if (!isOpen(rows, row)) continue;
      const original = this.lookUp(rows, row);
      this.found[row] = original;
      if (original === undefined) this.refuse(rows, row);
      else if (rows.work[row] === work.REFUND && !coversRefund(rows, row, original)) {
        rows.reason[row] = reason.ORIGINAL_NOT_FOUND;
      } else {
        original.sealedPAN.copy(rows.sealed, row * sealedBytes);
        rows.sealVersion[row] = original.sealVersion;
      }
    }
  }

  /** After the claims: takes refunds out of their originals, once, over all processes. */
  reserve(batch: Batch, rows: Rows): void {
    for (let row = 0; row < rows.count; row++) {
      if (!rows.open(row, work.REFUND)) continue;
      const view = rows.views[row]!;
      const taken = this.history.reserveRefund({
        key: (this.found[row] as Original).key,
        amount: view.int(4),
        currency: view.text(49),
        verificationId: Buffer.from(batch.ids.subarray(row * idBytes, (row + 1) * idBytes)),
      });
      if (!taken) rows.reason[row] = reason.ORIGINAL_NOT_FOUND;
    }
    this.found.fill(undefined, 0, rows.count);
  }

  private lookUp(rows: Rows, row: number): Original | undefined {
    const view = rows.views[row]!;
    const { tags } = view;
    if (!tags.has(tag.TRID) || tags.length(tag.TRID) !== 11) return undefined;
    const at = tags.offset(tag.TRID);
    const trid = Buffer.from(`0${view.buf.toString("latin1", at, at + 11)}`, "hex");
    if (trid.length !== tridBytes) return undefined;
    const slice = (element: number, length: number) =>
      Buffer.from(view.buf.subarray(view.offset(element), view.offset(element) + length));
    const index = Buffer.from(rows.index.subarray(row * indexBytes, (row + 1) * indexBytes));
    const query = { index, de90: slice(90, de90Bytes), trid, de42: slice(42, merchantBytes) };
    return this.history.findOriginalFresh(query);
  }

  private refuse(rows: Rows, row: number): void {
    rows.reason[row] = reason.ORIGINAL_NOT_FOUND;
    const view = rows.views[row]!;
    if ((view.mti & 0xf00) !== 0x400) return;
    const seconds = transmissionSeconds(
      view.buf,
      view.offset(90) + de90TransmissionAt,
      rows.nowSeconds,
    );
    if (seconds < 0 || Math.abs(seconds - rows.nowSeconds) > de7SkewSeconds) return;
    const ids = this.ids!;
    ids.setLength(0, writeNamedOriginalId(view, ids.bytes, ids.at(0)));
    ids.run(1);
    this.orphan.writeUInt32BE(seconds, 0);
    ids.out.copy(this.orphan, 4, 0, 8);
    // Not remembered is not safe: the original could still come and be approved.
    if (!this.replay.rememberOrphan(this.orphan, 0, row)) rows.reason[row] = reason.SYSTEM_ERROR;
  }
}

function isOpen(rows: Rows, row: number): boolean {
  return rows.open(row, work.ORIGINAL) || rows.open(row, work.REFUND);
}

function coversRefund(rows: Rows, row: number, original: Original): boolean {
  const view = rows.views[row]!;
  if (original.reversed || original.refund || original.currency !== view.text(49)) return false;
  // What earlier refunds left is judged after the claim: a refund that is sent again has taken its
  // share already.
  return view.int(4) <= original.amount;
}
