// Stage: PTAV. The 20 bytes out of base64; then, for the rows that are still open, the MAC
// recomputed from the message as it was received, one run of lanes a key version, compared in
// constant time.
import { decodePtavText, PTAV_BYTES, ptavMacOffset, writeMacInput } from "../../codec/ptav/mod.ts";
import { CmacLanes, equalConstantTime, type KeyRing } from "../../crypto/mod.ts";
import { rowFlag } from "../../vault/mod.ts";
import { rowsMax } from "../batch.ts";
import type { HotMetrics } from "../hot-metrics.ts";
import { type Rows, work } from "../rows.ts";
import { isMit, tag } from "../verification-table.ts";

const macBytes = 8;
const kvnMax = 255;
/** 53 bytes take four blocks. */
const macInputBytesMax = 64;

class KvnLanes {
  readonly lanes: CmacLanes;
  readonly laneRow = new Int32Array(rowsMax);
  count = 0;

  constructor(key: Buffer) {
    this.lanes = new CmacLanes(key, { lanesMax: rowsMax, bytesMax: macInputBytesMax });
  }
}

export class VerifyStage {
  /** By KVN: 1 where PTAVs under it may be verified. */
  readonly kvnVerifiable = new Uint8Array(kvnMax + 1);
  /** By row: 1 when the MAC equals. */
  readonly macEqual = new Uint8Array(rowsMax);
  private readonly metrics: HotMetrics;
  private readonly byKvn: (KvnLanes | null)[] = new Array(kvnMax + 1).fill(null);
  private inUse: KvnLanes[] = [];

  constructor(metrics: HotMetrics) {
    this.metrics = metrics;
  }

  rekey(ring: KeyRing): void {
    this.kvnVerifiable.fill(0);
    this.byKvn.fill(null);
    this.inUse = [];
    // Another process may already mint under a key that is PRE_ACTIVE here.
    for (const key of ring.usable("ptav")) {
      const lanes = new KvnLanes(key.bytes);
      this.kvnVerifiable[key.version] = 1;
      this.byKvn[key.version] = lanes;
      this.inUse.push(lanes);
    }
  }

  /** Base64 to bytes; a PTAV on a MIT is ignored and marked. */
  decode(rows: Rows): void {
    for (let row = 0; row < rows.count; row++) {
      rows.ptavDecoded[row] = 0;
      if (!rows.open(row, work.VERIFY)) continue;
      const { buf, tags } = rows.views[row]!;
      if (!tags.has(tag.PTAV)) continue;
      if (isMit(rows, row)) {
        rows.marks[row] = (rows.marks[row] as number) | rowFlag.ptavIgnored;
        this.metrics.ignoredPtavs.add(1);
        continue;
      }
      const at = tags.offset(tag.PTAV);
      const decoded = decodePtavText(buf, at, tags.length(tag.PTAV), rows.ptav, row * PTAV_BYTES);
      rows.ptavDecoded[row] = decoded ? 1 : 0;
    }
  }

  recompute(rows: Rows): void {
    for (const lanes of this.inUse) lanes.count = 0;
    for (let row = 0; row < rows.count; row++) {
      this.macEqual[row] = 0;
      if (!rows.open(row, work.VERIFY) || rows.ptavDecoded[row] === 0) continue;
      const at = row * PTAV_BYTES;
      const kvn = this.byKvn[rows.ptav[at + 1] as number] as KvnLanes;
      const { lanes } = kvn;
      if (!this.writeInput(rows, row, lanes.bytes, lanes.at(kvn.count))) continue;
      lanes.setLength(kvn.count, 53);
      kvn.laneRow[kvn.count++] = row;
    }
    for (const kvn of this.inUse) if (kvn.count > 0) this.compare(rows, kvn);
  }

  private writeInput(rows: Rows, row: number, bytes: Buffer, at: number): boolean {
    const view = rows.views[row]!;
    const { buf, tags } = view;
    return writeMacInput(
      bytes,
      at,
      rows.ptav,
      row * PTAV_BYTES,
      buf,
      view.offset(2),
      view.length(2),
      buf,
      view.offset(14),
      buf,
      tags.offset(tag.TRID),
      tags.length(tag.TRID),
      buf,
      view.offset(4),
      buf,
      view.offset(49),
      buf,
      view.offset(42),
      view.length(42),
    );
  }

  private compare(rows: Rows, kvn: KvnLanes): void {
    kvn.lanes.run(kvn.count);
    for (let lane = 0; lane < kvn.count; lane++) {
      const row = kvn.laneRow[lane] as number;
      const at = row * PTAV_BYTES + ptavMacOffset;
      const equal = equalConstantTime(rows.ptav, at, kvn.lanes.out, lane * 16, macBytes);
      this.macEqual[row] = equal ? 1 : 0;
    }
  }
}
