// Stage: TPAN to blind index, 16 bytes: AES-256-CMAC under the index key of the TPAN in BCD, padded
// with F to 10 bytes. One lane call for the batch. What cannot be a token gets no index.
import { luhnValid } from "../../codec/pan/mod.ts";
import { IndexLanes, indexBytes, type KeyRing } from "../../crypto/mod.ts";
import { reason } from "../../platform/mod.ts";
import { rowsMax } from "../batch.ts";
import { copyWords } from "../copy-bytes.ts";
import { type Rows, work } from "../rows.ts";

const indexWords = indexBytes / 4;

/** BIN of the network's tokens. */
const tokenBin = Buffer.from("608727", "ascii");

export class IndexStage {
  private lanes: IndexLanes | null = null;
  private readonly laneRow = new Int32Array(rowsMax);

  rekey(ring: KeyRing): void {
    this.lanes = new IndexLanes(ring.active("index").bytes, rowsMax);
  }

  run(rows: Rows): void {
    const lanes = this.lanes!;
    let count = 0;
    for (let row = 0; row < rows.count; row++) {
      if (rows.reason[row] !== 0 || rows.work[row] === work.NONE) continue;
      const view = rows.views[row]!;
      const at = view.offset(2);
      const length = view.length(2);
      if (isToken(view.buf, at, length) && lanes.set(count, view.buf, at, length)) {
        this.laneRow[count++] = row;
      } else rows.reason[row] = reason.TOKEN_UNKNOWN;
    }
    if (count === 0) return;
    lanes.run(count);
    for (let lane = 0; lane < count; lane++) {
      const row = this.laneRow[lane] as number;
      copyWords(lanes.outWords, lane * indexWords, rows.indexWords, row * indexWords, indexWords);
    }
  }
}

function isToken(buf: Buffer, at: number, length: number): boolean {
  for (let i = 0; i < tokenBin.length; i++) if (buf[at + i] !== tokenBin[i]) return false;
  return luhnValid(buf, at, length);
}
