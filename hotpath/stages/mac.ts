// Stage: DE128 of requests, and of their answers after encoding. Eight bytes over everything from
// the MTI to the byte before DE128, one key a peer: the leftmost of AES-256-CMAC, or all of X9.19
// where the peer's key is a double-length DES one. A key that was just replaced still verifies, and
// then also signs the answer.
import {
  CmacLanes,
  createMessageMac,
  equalConstantTime,
  type KeyRing,
  type MessageMac,
  retailKeyBytes,
} from "../../crypto/mod.ts";
import { reason } from "../../platform/mod.ts";
import { type Batch, rowsMax } from "../batch.ts";
import { copyBytes } from "../copy-bytes.ts";
import type { Peer } from "../dispatch-types.ts";
import type { Rows } from "../rows.ts";

export const macBytes = 8;

/** Messages of the profile take 200-500 bytes; a longer one is rare and goes alone. */
const laneBytesMax = 640;

class MacKey {
  /** Null for X9.19, which goes message by message: DES cannot be batched. */
  private readonly lanes: CmacLanes | null;
  private readonly single: MessageMac;
  private readonly laneRow = new Int32Array(rowsMax);
  private count = 0;

  constructor(key: Buffer) {
    this.lanes =
      key.length === retailKeyBytes
        ? null
        : new CmacLanes(key, { lanesMax: rowsMax, bytesMax: laneBytesMax });
    this.single = createMessageMac(key);
  }

  begin(): void {
    this.count = 0;
  }

  /** Takes the row's message into a lane, or computes it at once where it is too long for one. */
  add(row: number, buf: Buffer, offset: number, length: number, out: Buffer): void {
    const lanes = this.lanes;
    if (lanes === null || length > laneBytesMax) {
      this.single.mac(buf, offset, length, out, row * macBytes, macBytes);
      return;
    }
    const lane = this.count++;
    this.laneRow[lane] = row;
    const at = lanes.at(lane);
    buf.copy(lanes.bytes, at, offset, offset + length);
    lanes.setLength(lane, length);
  }

  /** Writes the gathered MACs to their rows' places. */
  finish(out: Buffer): void {
    const lanes = this.lanes;
    if (lanes === null || this.count === 0) return;
    lanes.run(this.count);
    for (let lane = 0; lane < this.count; lane++) {
      const to = (this.laneRow[lane] as number) * macBytes;
      for (let i = 0; i < macBytes; i++) out[to + i] = lanes.out[lane * 16 + i] as number;
    }
  }
}

export class MacStage {
  private readonly peers: readonly Peer[];
  /** By peer id: the current key first, then those that still verify. */
  private keys: MacKey[][] = [];
  private readonly computed = Buffer.alloc(rowsMax * macBytes);
  /** The key that verified the row's request. */
  private readonly keyOf = new Uint8Array(rowsMax);
  private readonly pending = new Uint8Array(rowsMax);

  constructor(peers: readonly Peer[]) {
    this.peers = peers;
  }

  rekey(ring: KeyRing): void {
    this.keys = this.peers.map((peer) => {
      if (peer.macLabel === null) return [];
      return ring.usable("mac", peer.macLabel).map((key) => new MacKey(key.bytes));
    });
  }

  /**
   * Judges DE128 of the requests. A message with no DE128 passes where its peer need not send one.
   */
  verify(rows: Rows): void {
    this.keyOf.fill(0, 0, rows.count);
    let waiting = 0;
    for (let row = 0; row < rows.count; row++) {
      this.pending[row] = 0;
      if (rows.reason[row] !== 0) continue;
      const peer = this.peers[rows.peer[row] as number] as Peer;
      if (!rows.views[row]!.has(128)) {
        if (peer.macRequired) rows.reason[row] = reason.FORMAT_ERROR;
      } else if (peer.macLabel !== null) {
        this.pending[row] = 1;
        waiting++;
      }
    }
    for (let round = 0; waiting > 0; round++) waiting = this.verifyRound(rows, round);
  }

  private verifyRound(rows: Rows, round: number): number {
    for (const keys of this.keys) keys[round]?.begin();
    for (let row = 0; row < rows.count; row++) {
      if (this.pending[row] === 0) continue;
      const key = this.keys[rows.peer[row] as number]?.[round];
      if (key === undefined) {
        rows.reason[row] = reason.MAC_FAILED;
        this.pending[row] = 0;
        continue;
      }
      const view = rows.views[row]!;
      key.add(row, view.buf, view.begin, view.offset(128) - view.begin, this.computed);
    }
    for (const keys of this.keys) keys[round]?.finish(this.computed);
    let waiting = 0;
    for (let row = 0; row < rows.count; row++) {
      if (this.pending[row] === 0) continue;
      const view = rows.views[row]!;
      const at = row * macBytes;
      if (equalConstantTime(view.buf, view.offset(128), this.computed, at, macBytes)) {
        this.pending[row] = 0;
        this.keyOf[row] = round;
      } else waiting++;
    }
    return waiting;
  }

  /** True where the row's answer must carry a MAC: its peer has a key and used or must use it. */
  answers(rows: Rows, row: number): boolean {
    const peer = this.peers[rows.peer[row] as number] as Peer;
    if ((this.keys[rows.peer[row] as number]?.length ?? 0) === 0) return false;
    return peer.macRequired || (rows.status[row] === 0 && rows.views[row]!.has(128));
  }

  /** Fills the eight zero bytes that the encoder left at the end of each answer. */
  sign(batch: Batch, rows: Rows): void {
    for (const keys of this.keys) for (const key of keys) key.begin();
    let signing = 0;
    for (let row = 0; row < rows.count; row++) {
      const length = batch.answerLength(row);
      this.pending[row] = length > 0 && this.answers(rows, row) ? 1 : 0;
      if (this.pending[row] === 0) continue;
      signing++;
      const key = this.keys[rows.peer[row] as number]![this.keyOf[row] as number] as MacKey;
      key.add(row, batch.output, batch.answerOffset(row), length - macBytes, this.computed);
    }
    if (signing === 0) return;
    for (const keys of this.keys) for (const key of keys) key.finish(this.computed);
    for (let row = 0; row < rows.count; row++) {
      if (this.pending[row] === 0) continue;
      const end = batch.answerOffset(row) + batch.answerLength(row);
      copyBytes(this.computed, row * macBytes, batch.output, end - macBytes, macBytes);
    }
  }
}
