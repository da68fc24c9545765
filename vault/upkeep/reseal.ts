// After a rotation of the sealing key: seals every block anew under the active version, in small
// transactions beside the running service. A cursor in the vault lets the next run go on where one
// stopped. The history keeps blocks of its own; the old key stays VERIFY_ONLY as long as they do.
import { setImmediate as nextTurn } from "node:timers/promises";
import { appError } from "../../platform/mod.ts";
import { cardAt } from "../card-record.ts";
import { lanesMax, plainBytes } from "../sealing.ts";
import { indexBytes, sealedBytes, tokenAt } from "../token-record.ts";
import type { Vault } from "../vault.ts";

/** Records of one transaction, well below 10 ms: a suspension waits no longer than that. */
const batchRowsDefault = 1024;

export interface ResealProgress {
  readonly scanned: number;
  readonly tokens: number;
  readonly cards: number;
}

export interface ResealOptions {
  readonly batchRows?: number;
  readonly onProgress?: (progress: ResealProgress) => void;
  /** Stops after the batch under way; a later run goes on. */
  readonly signal?: AbortSignal;
}

export interface ResealResult extends ResealProgress {
  /** False when the signal stopped it. */
  readonly complete: boolean;
  readonly version: number;
}

/** Where the sealed blocks of one kind of record are. */
interface Shape {
  readonly table: "tokens" | "cards";
  readonly versionAt: number;
  readonly blocks: readonly number[];
}

const shapes: readonly Shape[] = [
  {
    table: "tokens",
    versionAt: tokenAt.sealKeyVersion,
    blocks: [tokenAt.sealedPan, tokenAt.sealedTpan],
  },
  {
    table: "cards",
    versionAt: cardAt.sealKeyVersion,
    blocks: [cardAt.sealedPan],
  },
];

/** Re-seals tokens, then cards. VAULT_CORRUPT when a block fails its tag, KEY_NOT_FOUND. */
export async function resealVault(
  vault: Vault,
  options: ResealOptions = {},
): Promise<ResealResult> {
  const version = vault.sealing.sealVersion;
  const done = { scanned: 0, tokens: 0, cards: 0 };
  let cursor: Cursor | undefined = cursorOf(vault, version);
  while (cursor !== undefined) {
    if (options.signal?.aborted) return { ...done, complete: false, version };
    cursor = resealBatch(vault, cursor, options.batchRows ?? batchRowsDefault, done);
    options.onProgress?.({ ...done });
    await nextTurn();
  }
  return { ...done, complete: true, version };
}

interface Cursor {
  readonly shape: number;
  /** The last index that is done; empty at the beginning. */
  readonly after: Buffer;
  readonly version: number;
}

/** Cursor as stored: shape (1), target version (2), index. Another target begins anew. */
function cursorOf(vault: Vault, version: number): Cursor {
  const stored = vault.meta.resealCursor();
  if (stored === undefined || stored.readUInt16LE(1) !== version) {
    return { shape: 0, after: Buffer.alloc(0), version };
  }
  return { shape: stored[0]!, after: stored.subarray(3), version };
}

function resealBatch(
  vault: Vault,
  cursor: Cursor,
  rowsMax: number,
  done: { scanned: number; tokens: number; cards: number },
): Cursor | undefined {
  const shape = shapes[cursor.shape]!;
  return vault.env.write(() => {
    const rows: Row[] = [];
    let scanned = 0;
    let last = cursor.after;
    const start = cursor.after.length === 0 ? {} : { start: cursor.after, exclusiveStart: true };
    for (const { key, value } of vault.tables[shape.table].getRange({ ...start, limit: rowsMax })) {
      scanned++;
      last = key;
      if (value.readUInt16LE(shape.versionAt) !== cursor.version)
        rows.push({ index: key, record: value });
    }
    resealRows(vault, shape, rows);
    done.scanned += scanned;
    done[shape.table] += rows.length;
    const next = nextCursor(cursor, scanned, rowsMax, last);
    vault.meta.setResealCursor(next === undefined ? null : cursorBytes(next));
    return next;
  });
}

interface Row {
  readonly index: Buffer;
  readonly record: Buffer;
}

function nextCursor(
  cursor: Cursor,
  scanned: number,
  rowsMax: number,
  last: Buffer,
): Cursor | undefined {
  if (scanned === rowsMax) return { ...cursor, after: last };
  const shape = cursor.shape + 1;
  return shape < shapes.length ? { ...cursor, shape, after: Buffer.alloc(0) } : undefined;
}

function cursorBytes(cursor: Cursor): Buffer {
  const bytes = Buffer.alloc(3 + cursor.after.length);
  bytes[0] = cursor.shape;
  bytes.writeUInt16LE(cursor.version, 1);
  cursor.after.copy(bytes, 3);
  return bytes;
}

function resealRows(vault: Vault, shape: Shape, rows: readonly Row[]): void {
  const byVersion = new Map<number, Row[]>();
  for (const row of rows) {
    const version = row.record.readUInt16LE(shape.versionAt);
    const list = byVersion.get(version) ?? [];
    list.push(row);
    byVersion.set(version, list);
  }
  for (const [version, list] of byVersion) {
    for (let from = 0; from < list.length; from += lanesMax) {
      const some = list.slice(from, from + lanesMax);
      for (const at of shape.blocks) resealBlocks(vault, some, at, version);
    }
  }
  for (const { index, record } of rows) {
    record.writeUInt16LE(vault.sealing.sealVersion, shape.versionAt);
    vault.tables[shape.table].putSync(index, record);
  }
}

function resealBlocks(vault: Vault, rows: readonly Row[], at: number, version: number): void {
  const count = rows.length;
  const sealed = Buffer.alloc(count * sealedBytes);
  const ad = Buffer.alloc(count * indexBytes);
  const opened = { plain: Buffer.alloc(count * plainBytes), ok: new Uint8Array(count) };
  rows.forEach((row, i) => {
    row.record.copy(sealed, i * sealedBytes, at, at + sealedBytes);
    row.index.copy(ad, i * indexBytes);
  });
  if (vault.sealing.openMany(sealed, ad, count, version, opened) > 0) {
    throw appError("VAULT_CORRUPT", "A sealed block fails its tag; run `pantun vault verify`.");
  }
  vault.sealing.sealMany(opened.plain, ad, count, sealed);
  opened.plain.fill(0);
  rows.forEach((row, i) => {
    sealed.copy(row.record, at, i * sealedBytes, (i + 1) * sealedBytes);
  });
}
