// Proves the audit chain of a vault, with everything that the vault knows about it.
import { createHash } from "node:crypto";
import { closeSync, readSync } from "node:fs";
import { join } from "node:path";
import type { History } from "../history/history.ts";
import { openSegment } from "../history/tail.ts";
import { journalPath } from "../journal/segment.ts";
import type { Vault } from "../vault.ts";
import { ActRows } from "./act.ts";
import { readAnchor } from "./anchor.ts";
import { type AuditVerified, type ChainCheck, verifyChain } from "./check.ts";
import type { Source } from "./entry.ts";

const chunkBytes = 2 ** 20;

/** `marks`: places that were noted outside of the vault. */
export function verifyAudit(
  vault: Vault,
  history: History,
  { marks = [], onProgress }: Pick<ChainCheck, "marks" | "onProgress"> = {},
): AuditVerified {
  const { ring } = vault.sealing;
  vault.freshRead();
  // The anchor before the chain: it may move on meanwhile.
  const anchor = readAnchor(vault, ring);
  const acts = new ActRows(vault.env).last();
  const chain = history.auditChain();
  const own = anchor === undefined || anchor === "none" ? [] : [{ ...anchor, from: "the vault" }];
  const verified = verifyChain(chain.blocks(), {
    ring,
    base: chain.base(ring),
    head: chain.head(),
    marks: [...own, ...marks],
    digestOf: (source) => digestOf(vault.dir, source),
    cursors: history.cursors(),
    acts,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  if (anchor !== undefined) return verified;
  const problem = { seq: 0, what: "the vault's note of the chain's end is not its own" };
  return { ...verified, problems: [problem, ...verified.problems] };
}

/** SHA-256 of those bytes; undefined where the file, or its end, is gone. */
function digestOf(dir: string, { file, from, to }: Source): Buffer | undefined {
  const fd = openSegment(join(journalPath(dir), file));
  if (fd < 0) return undefined;
  const hash = createHash("sha256");
  const chunk = Buffer.alloc(Math.min(chunkBytes, to - from));
  try {
    for (let at = from; at < to; ) {
      const read = readSync(fd, chunk, 0, Math.min(chunk.length, to - at), at);
      // Cut off: the digest of what is left is another one.
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      at += read;
    }
  } finally {
    closeSync(fd);
  }
  return hash.digest();
}
