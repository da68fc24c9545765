// Whether every page that an LMDB file leads to is in the file. Needed only where the file is
// shorter than its last page number: LMDB may count pages that it never writes (82 of 1,500
// random transactions here left up to 10), and only following the trees tells those from lost
// ones.
import { readSync } from "node:fs";

/** Offsets of LMDB 1.0's page and node headers; node offsets count from the end of the header. */
const pageAt = { flags: 18, lower: 20, pages: 20, pointers: 24 };
const headBytes = 24;
const nodeAt = { flags: 4, keyBytes: 6, data: 8 };
const pageFlag = { BRANCH: 1, LEAF: 2 };
const nodeFlag = { BIGDATA: 1, SUBDATA: 2 };
/** A tree's description in a leaf node: its root is its last eight bytes. */
const treeBytes = 48;

/** Deeper than any tree of the largest map (LMDB's own limit is 32). */
const depthMax = 32;

/** Page number of an empty tree. */
export const noPage = 0xffffffffffffffffn;

/**
 * True when every page that `root` leads to lies below `pages`. Pages that look like no page are
 * not judged: a writer may be at work, and LMDB itself refuses them without harm.
 */
export function isReachable(fd: number, root: bigint, pageBytes: number, pages: number): boolean {
  return follow({ fd, pageBytes, pages }, root, 0);
}

interface File {
  readonly fd: number;
  readonly pageBytes: number;
  readonly pages: number;
}

function follow(file: File, number: bigint, depth: number): boolean {
  if (number === noPage) return true;
  if (number >= BigInt(file.pages)) return false;
  if (depth > depthMax) return true;
  const page = Buffer.alloc(file.pageBytes);
  readSync(file.fd, page, 0, file.pageBytes, Number(number) * file.pageBytes);
  if (page.readBigUInt64LE(0) !== number) return true;
  const flags = page.readUInt16LE(pageAt.flags);
  const count = page.readUInt16LE(pageAt.lower) >> 1;
  for (let i = 0; i < count; i++) {
    const pointer = pageAt.pointers + 2 * i;
    if (pointer + 2 > file.pageBytes) return true;
    const node = page.readUInt16LE(pointer) + headBytes;
    if (node + nodeAt.data > file.pageBytes) return true;
    if (!followNode(file, page, node, flags, depth)) return false;
  }
  return true;
}

function followNode(file: File, page: Buffer, node: number, flags: number, depth: number): boolean {
  if ((flags & pageFlag.BRANCH) !== 0) {
    const high = BigInt(page.readUInt16LE(node + nodeAt.flags)) << 32n;
    return follow(file, BigInt(page.readUInt32LE(node)) | high, depth + 1);
  }
  if ((flags & pageFlag.LEAF) === 0) return true;
  const nodeFlags = page.readUInt16LE(node + nodeAt.flags);
  const data = node + nodeAt.data + page.readUInt16LE(node + nodeAt.keyBytes);
  if ((nodeFlags & nodeFlag.SUBDATA) !== 0) {
    if (data + treeBytes > file.pageBytes) return true;
    return follow(file, page.readBigUInt64LE(data + treeBytes - 8), depth + 1);
  }
  if ((nodeFlags & nodeFlag.BIGDATA) === 0 || data + 8 > file.pageBytes) return true;
  return overflowFits(file, page.readBigUInt64LE(data));
}

/** A large value lies in pages one after the other; the first tells how many. */
function overflowFits(file: File, first: bigint): boolean {
  if (first >= BigInt(file.pages)) return false;
  const head = Buffer.alloc(headBytes);
  readSync(file.fd, head, 0, headBytes, Number(first) * file.pageBytes);
  if (head.readBigUInt64LE(0) !== first) return true;
  return first + BigInt(head.readUInt32LE(pageAt.pages)) <= BigInt(file.pages);
}
