// Proves a chain: every block genuine, none missing, none out of place, its end where the vault
// says that it was, and the journals' rows as they were when they were read.
import type { KeyRing } from "../../crypto/mod.ts";
import { type Block, isGenuine, openBlock } from "./block.ts";
import type { StoredBlock } from "./chain.ts";
import type { Source } from "./entry.ts";
import { type Mark, nowhere } from "./mark.ts";

export interface AuditProblem {
  /** The block at which it shows. */
  readonly seq: number;
  readonly what: string;
}

export interface ChainCheck {
  /** Undefined: hashes only, for an auditor without keys. */
  readonly ring?: KeyRing;
  /** What came before the oldest block; undefined where that is not vouched for. */
  readonly base: Mark | undefined;
  /** Where the chain ends by the store's own word. */
  readonly head?: Mark;
  /** Places that were noted elsewhere and must lie on the chain. */
  readonly marks?: readonly (Mark & { readonly from: string })[];
  /** Digest of bytes of a journal file; undefined where it is gone. */
  readonly digestOf?: (source: Source) => Buffer | undefined;
  /** How far each journal file was read by the store's own word. */
  readonly cursors?: ReadonlyMap<string, number>;
  /** The number of the newest act in the vault. */
  readonly acts?: number;
  readonly onProgress?: (blocks: number) => void;
}

export interface AuditVerified {
  readonly blocks: number;
  readonly entries: number;
  readonly releases: number;
  readonly acts: number;
  /** Journal files whose rows could still be compared. */
  readonly filesCompared: number;
  readonly head: Mark;
  readonly problems: readonly AuditProblem[];
}

/** Faults that one run names; a broken chain has no end of them. */
const problemsMax = 100;

export function verifyChain(blocks: Iterable<StoredBlock>, check: ChainCheck): AuditVerified {
  const run = new ChainRun(check);
  for (const stored of blocks) run.take(stored);
  return run.end();
}

class ChainRun {
  readonly #check: ChainCheck;
  readonly #problems: AuditProblem[] = [];
  readonly #marks: Map<number, { readonly hash: Buffer; readonly from: string }[]>;
  readonly #read = new Map<string, number>();
  readonly #compared = new Set<string>();
  #at: Mark;
  #counts = { blocks: 0, entries: 0, releases: 0, acts: 0 };
  #lastAct: number | undefined;

  constructor(check: ChainCheck) {
    this.#check = check;
    this.#at = check.base ?? nowhere;
    if (check.base === undefined) this.#fault(0, "nobody vouches for where the chain begins");
    this.#marks = new Map();
    for (const { seq, hash, from } of check.marks ?? []) {
      const here = this.#marks.get(seq) ?? [];
      this.#marks.set(seq, [...here, { hash, from }]);
    }
    this.#compareMarks(this.#at);
  }

  take({ seq, bytes }: StoredBlock): void {
    this.#counts.blocks++;
    this.#check.onProgress?.(this.#counts.blocks);
    const expected = this.#at.seq + 1;
    if (seq > expected) this.#fault(seq, `blocks ${expected} to ${seq - 1} are missing`);
    const block = openBlock(bytes);
    if (typeof block === "string") {
      this.#fault(seq, block);
      this.#at = { seq, hash: Buffer.alloc(0) };
      return;
    }
    if (block.seq !== seq) this.#fault(seq, `says that it is block ${block.seq}`);
    else if (seq === expected && !block.prev.equals(this.#at.hash)) {
      this.#fault(seq, "does not follow the block before it");
    }
    if (this.#check.ring !== undefined && !isGenuine(this.#check.ring, block, bytes)) {
      this.#fault(seq, "was not written with the vault's key");
    }
    this.#at = { seq, hash: block.hash };
    this.#compareMarks(this.#at);
    this.#takeEntries(block);
  }

  end(): AuditVerified {
    const { head, cursors, acts } = this.#check;
    const { seq, hash } = this.#at;
    if (head !== undefined && (head.seq !== seq || !head.hash.equals(hash))) {
      this.#fault(seq, `the chain ends here; by its head it ends at block ${head.seq}`);
    }
    for (const [markSeq, marks] of this.#marks) {
      if (markSeq <= seq) continue;
      for (const { from } of marks) {
        this.#fault(markSeq, `is missing: ${from} says that the chain reached it`);
      }
    }
    for (const [file, to] of this.#read) {
      const cursor = cursors?.get(file);
      if (cursor === undefined || cursor === to) continue;
      this.#fault(seq, `${file} was read to byte ${cursor}, and the chain has it to ${to}`);
    }
    if (acts !== undefined && acts < (this.#lastAct ?? 0)) {
      this.#fault(seq, `the vault has ${acts} acts, and the chain ${this.#lastAct}`);
    }
    const problems = this.#problems;
    return { ...this.#counts, filesCompared: this.#compared.size, head: this.#at, problems };
  }

  #takeEntries({ seq, entries }: Block): void {
    this.#counts.entries += entries.length;
    for (const entry of entries) {
      if (entry.kind === "release") this.#counts.releases++;
      else if (entry.kind === "source") this.#takeSource(seq, entry);
      else {
        this.#counts.acts++;
        const last = this.#lastAct;
        if (last !== undefined && entry.number !== last + 1) {
          this.#fault(seq, `act ${entry.number} comes after act ${last}`);
        }
        this.#lastAct = entry.number;
      }
    }
  }

  #takeSource(seq: number, source: Source): void {
    const { file, from, to } = source;
    const read = this.#read.get(file);
    if (read !== undefined && read !== from) {
      this.#fault(seq, `${file} goes on at byte ${from}, and was read to ${read}`);
    }
    this.#read.set(file, to);
    const digest = this.#check.digestOf?.(source);
    if (digest === undefined) return;
    this.#compared.add(file);
    if (!digest.equals(source.digest)) {
      this.#fault(seq, `${file} was altered between bytes ${from} and ${to}`);
    }
  }

  #compareMarks({ seq, hash }: Mark): void {
    for (const mark of this.#marks.get(seq) ?? []) {
      if (!mark.hash.equals(hash)) this.#fault(seq, `has another hash than ${mark.from} says`);
    }
  }

  #fault(seq: number, what: string): void {
    if (this.#problems.length < problemsMax) this.#problems.push({ seq, what });
  }
}
