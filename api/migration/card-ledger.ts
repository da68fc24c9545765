// Single cards, answered while the caller waits: each is one record, with the same steps as one of
// a file, written down under its caller's idempotency key before anything is done for it. A call
// that was cut off, by whatever, goes on at the next start; whoever asks again under the same key
// gets what came of it then, and no issuer is asked twice.
import { randomBytes } from "node:crypto";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { appError, type Logger } from "../../platform/mod.ts";
import { CardSegment } from "./card-segment.ts";
import type { RecordStatus } from "./checkpoints.ts";
import type { Digests } from "./digests.ts";
import { folderOf, makeFolders, namesIn, syncFolder } from "./folders.ts";
import { type RecordPorts, RunStopped } from "./records.ts";
import { type RecordResult, resultOf } from "./result-row.ts";
import { rowOf, type StoredCard } from "./upload-row.ts";

export interface CardLedgerOptions extends RecordPorts {
  readonly root: string;
  /** Requestors that take part. */
  readonly trids: () => readonly string[];
  /** 64 bytes, AES-SIV. */
  readonly sealKey: Buffer;
  readonly digests: Digests;
  /** A key is known for at least so long. */
  readonly keepMs: number;
  readonly onRecord: (status: RecordStatus) => void;
  readonly log: Logger;
}

export interface CardCall {
  readonly trid: string;
  /** Whose the key is. */
  readonly client: string;
  readonly idempotencyKey: string;
  readonly card: StoredCard;
  /** How long the caller waits. */
  readonly limitMs: number;
}

export interface CardDone {
  readonly result: RecordResult;
  /** True where it is the answer to an earlier call with the same key. */
  readonly repeated: boolean;
}

interface Entry {
  readonly segment: CardSegment;
  readonly recordNo: number;
  readonly content: string;
  isOpen: boolean;
  /** While it is being worked on. */
  work: Promise<void> | undefined;
}

/** Keys that are remembered; each takes some 300 bytes. */
const callsMax = 250_000;
/** Calls that are worked on at a time; each holds a card number in memory. */
const openMax = 512;
const dayMs = 24 * 3_600_000;
const faultPauseMs = 5_000;

export class CardLedger {
  readonly #options: CardLedgerOptions;
  readonly #calls = new Map<string, Entry>();
  /** All that are kept, the newest of each requestor last. */
  readonly #segments = new Map<string, CardSegment[]>();
  #open = 0;

  constructor(options: CardLedgerOptions) {
    this.#options = options;
  }

  /** Reads what is there, and goes on with what was cut off. */
  start(): void {
    for (const trid of this.#options.trids()) {
      makeFolders(this.#options.root, trid);
      for (const name of namesIn(this.#folder(trid))) this.#read(trid, name);
      this.#forget(trid);
    }
  }

  /**
   * Takes one card to its token, or says why it has none. Errors: IDEMPOTENCY_KEY_REUSED;
   * OVERLOADED and SERVICE_UNAVAILABLE, where nothing was begun; DEADLINE_EXCEEDED and
   * SERVICE_UNAVAILABLE where it goes on without the caller.
   */
  async migrate(call: CardCall): Promise<CardDone> {
    const { digests } = this.#options;
    const key = digests.ofKey("card", call.trid, call.client, call.idempotencyKey);
    const content = digests.ofCard(call.card);
    const known = this.#calls.get(key);
    if (known !== undefined && known.content !== content) {
      const message = "The idempotency key came with another card before.";
      throw appError("IDEMPOTENCY_KEY_REUSED", message);
    }
    const entry = known ?? (await this.#take(call, key, content));
    if (entry.isOpen) await this.#await(entry, call.limitMs);
    const result = resultOf(entry.segment.line(entry.recordNo));
    return { result, repeated: known !== undefined };
  }

  /** Resolves when nothing is under way; `stopping` of the ports must be true by then. */
  async stop(): Promise<void> {
    const work = [...this.#calls.values()].map((entry) => entry.work);
    await Promise.allSettled(work);
    for (const segment of [...this.#segments.values()].flat()) segment.close();
  }

  #folder(trid: string): string {
    return folderOf(this.#options.root, trid, "cards");
  }

  #read(trid: string, name: string): void {
    const segment = this.#openSegment(trid, name);
    for (const { recordNo, key, content, isOpen } of segment.known()) {
      const entry: Entry = { segment, recordNo, content, isOpen, work: undefined };
      this.#calls.set(key, entry);
      if (isOpen) void this.#begin(entry);
    }
  }

  async #take({ trid, card }: CardCall, key: string, content: string): Promise<Entry> {
    const { line, stopping } = this.#options;
    // Nothing is begun that could not be asked about now: the caller is there to try again.
    if (stopping() || !line.isOpen) {
      const message = "The issuers cannot be asked now.";
      throw appError("SERVICE_UNAVAILABLE", message, { retryAfterMs: 5_000 });
    }
    if (this.#open >= openMax) throw appError("OVERLOADED", "Too many cards are under way.");
    const segment = this.#segmentFor(trid);
    const recordNo = segment.next();
    const entry: Entry = { segment, recordNo, content, isOpen: true, work: undefined };
    this.#calls.set(key, entry);
    try {
      await segment.take(recordNo, key, content, rowOf(recordNo, card));
    } catch (error) {
      this.#calls.delete(key);
      throw error;
    }
    return entry;
  }

  async #await(entry: Entry, limitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"late">((resolve) => {
      timer = setTimeout(resolve, limitMs, "late");
    });
    const work = entry.work ?? this.#begin(entry);
    const first = await Promise.race([work, late]).finally(() => clearTimeout(timer));
    if (first === "late") {
      const message = "The card is still being worked on; ask again under the same key.";
      throw appError("DEADLINE_EXCEEDED", message);
    }
    if (entry.isOpen) {
      const message = "The service stops; ask again under the same key.";
      throw appError("SERVICE_UNAVAILABLE", message);
    }
  }

  #begin(entry: Entry): Promise<void> {
    this.#open += 1;
    entry.work = this.#see(entry).finally(() => {
      this.#open -= 1;
      entry.work = undefined;
    });
    return entry.work;
  }

  /** Ends when the call is settled or the service stops; never throws. */
  async #see(entry: Entry): Promise<void> {
    const { log, stopping } = this.#options;
    const { segment, recordNo } = entry;
    while (entry.isOpen && !stopping()) {
      try {
        await segment.work(recordNo);
        entry.isOpen = false;
      } catch (err) {
        if (err instanceof RunStopped) return;
        log.error({ event: "migrate.fault", err }, "a card cannot go on; it is tried again");
        await new Promise((resolve) => setTimeout(resolve, faultPauseMs));
      }
    }
  }

  #segmentFor(trid: string): CardSegment {
    const today = dayOf(this.#options.clock.nowMs());
    const newest = this.#segments.get(trid)?.at(-1);
    if (newest !== undefined && !newest.isFull && newest.name.startsWith(today)) return newest;
    this.#forget(trid);
    if (this.#calls.size >= callsMax) {
      throw appError("OVERLOADED", "More cards came in a day than are remembered.");
    }
    // In letters: a number of 13 digits may pass for a card's and be masked in a log.
    const name = `${today}-${this.#options.clock.nowMs().toString(36)}-${randomName()}`;
    const segment = this.#openSegment(trid, name);
    syncFolder(this.#folder(trid));
    return segment;
  }

  #openSegment(trid: string, name: string): CardSegment {
    const { sealKey, onRecord } = this.#options;
    const folder = join(this.#folder(trid), name);
    const segment = new CardSegment({
      ...{ folder, trid, name, sealKey, onRecord },
      ports: this.#options,
    });
    const all = this.#segments.get(trid) ?? [];
    this.#segments.set(trid, [...all, segment]);
    return segment;
  }

  /** Segments whose last call is old go, with their keys. */
  #forget(trid: string): void {
    const { clock, keepMs } = this.#options;
    for (const name of namesIn(this.#folder(trid))) {
      const folder = join(this.#folder(trid), name);
      const changedMs = Math.max(
        statSync(folder).mtimeMs,
        ...namesIn(folder).map((file) => statSync(join(folder, file)).mtimeMs),
      );
      if (clock.nowMs() - changedMs < keepMs) continue;
      const known = this.#segments.get(trid)?.find((one) => one.name === name);
      const ofIt = [...this.#calls].filter(([, { segment }]) => segment === known);
      if (ofIt.some(([, { isOpen }]) => isOpen)) continue;
      for (const [key] of ofIt) this.#calls.delete(key);
      known?.close();
      const left = (this.#segments.get(trid) ?? []).filter((one) => one !== known);
      this.#segments.set(trid, left);
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Days since 1970 in letters and digits: the first part of a segment's name. */
function dayOf(nowMs: number): string {
  return Math.floor(nowMs / dayMs).toString(36);
}

function randomName(): string {
  return randomBytes(8)
    .toString("hex")
    .replace(/[0-9]/g, (digit) => "ghijklmnop"[Number(digit)]!);
}
