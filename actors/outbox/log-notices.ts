// Notices out of the log: the records of a shard, opened, and of their card events what a
// requestor is told.
import { causesOf, refText, type Vault, yymmText } from "../../vault/mod.ts";
import { type CardEvent, type Notice as CardNotice, noticesOf } from "../card/events.ts";
import { cardKindNumber } from "../card/kind.ts";
import type { LogMeta } from "../log/log-meta.ts";
import { type LogRecord, type RecordSeal, readHead } from "../log/record.ts";
import { type MigrationEnd, migrationKindNumber } from "../migration/kind.ts";
import { officeKindNumber } from "../office/kind.ts";
import type { OfficeEvent } from "../office/office.ts";
import { unframePayload } from "../runtime/event-frame.ts";
import type { KindTable } from "../runtime/kinds.ts";
import { eventIdOf, ordinals, placeOf } from "./event-id.ts";
import {
  type EventRecords,
  lanes,
  type Notice,
  type NoticePage,
  type NoticeSource,
} from "./ports.ts";

/** Records whose notices are kept, so that several subscribers open each record once. */
const cachedMax = 1_024;

/** One reading of the log takes no longer: deliveries and other readers get between. */
const readingMs = 50;

export interface LogNoticesOptions {
  readonly vault: Vault;
  readonly records: EventRecords;
  readonly meta: LogMeta;
  readonly kinds: KindTable;
  readonly seal: RecordSeal;
}

/** All notices of one record, whoever they are for. */
interface RecordNotices {
  readonly atMs: number;
  readonly incarnation: number;
  readonly notices: readonly AnyNotice[];
}

type AnyNotice = CardNotice | BinsNotice | MigrationNotice;

/** Told to every requestor: what token numbers begin with, or whose they are, has changed. */
interface BinsNotice {
  readonly type: "TOKEN_BINS_UPDATED";
}
const binsNotice: BinsNotice = { type: "TOKEN_BINS_UPDATED" };

/** Told to the requestor whose migration it was. */
interface MigrationNotice {
  readonly type: "MIGRATION_COMPLETED";
  readonly end: MigrationEnd;
}

/** Subscribers are named by their TRID. */
export class LogNotices implements NoticeSource {
  readonly #options: LogNoticesOptions;
  readonly #cache = new Map<string, RecordNotices>();

  constructor(options: LogNoticesOptions) {
    this.#options = options;
  }

  async next(trid: string, shard: number, after: number, limit: number): Promise<NoticePage> {
    const { vault } = this.#options;
    vault.freshRead();
    const requestor = this.#requestorOf(trid);
    const endMs = vault.clock.monotonicMs() + readingMs;
    const notices: Notice[] = [];
    let reached = after;
    for (let seq = Math.max(Math.floor(after / ordinals), this.#first(shard)); ; seq++) {
      const record = await this.#read(shard, seq);
      if (record === undefined) return { notices, reached };
      for (const notice of this.#toldTo(trid, requestor, shard, seq, record)) {
        if (notice.place <= after) continue;
        notices.push(notice);
        if (notices.length === limit) return { notices, reached: notice.place };
      }
      reached = Math.max(reached, placeOf(seq, ordinals - 1));
      if (vault.clock.monotonicMs() > endMs) return { notices, reached, more: true };
    }
  }

  async at(trid: string, shard: number, place: number): Promise<Notice | undefined> {
    this.#options.vault.freshRead();
    const seq = Math.floor(place / ordinals);
    const record = await this.#read(shard, seq);
    if (record === undefined) return undefined;
    const told = this.#toldTo(trid, this.#requestorOf(trid), shard, seq, record);
    return told.find((notice) => notice.place === place);
  }

  gap(trid: string, shard: number, from: number, to: number): Notice {
    const { incarnation } = this.#options.meta;
    const position = { incarnation, shard, seq: Math.floor(to / ordinals), ord: to % ordinals };
    const eventId = eventIdOf(position, `${trid} gap ${from}`);
    const type = "EVENTS_LOST";
    const body = Buffer.from(JSON.stringify({ eventId, type, trid }));
    return { place: to, eventId, type, lane: 0, body };
  }

  /** The place before the oldest event that the log still has. */
  oldest(shard: number): number {
    return placeOf(this.#first(shard), 0) - 1;
  }

  /** The place of everything that is in the shard now. */
  newest(shard: number): number {
    return placeOf(this.#options.records.ends(shard).lastSeq + 1, 0) - 1;
  }

  /** The place before everything that happened at or after `atMs`: times never fall in a shard. */
  async before(shard: number, atMs: number): Promise<number> {
    const { records } = this.#options;
    const { firstSeq, lastSeq } = records.ends(shard);
    let from = firstSeq;
    let to = lastSeq + 1;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      const bytes = await records.read(shard, middle);
      if (bytes === undefined || readHead(bytes).atMs < atMs) from = middle + 1;
      else to = middle;
    }
    return placeOf(from, 0) - 1;
  }

  #first(shard: number): number {
    return this.#options.records.ends(shard).firstSeq;
  }

  #requestorOf(trid: string): number | undefined {
    return this.#options.vault.registry().findRequestor(trid)?.number;
  }

  #toldTo(
    trid: string,
    requestor: number | undefined,
    shard: number,
    seq: number,
    { atMs, incarnation, notices }: RecordNotices,
  ): Notice[] {
    const told: Notice[] = [];
    for (const [ord, notice] of notices.entries()) {
      const eventId = eventIdOf({ incarnation, shard, seq, ord }, trid);
      if (!("ref" in notice)) {
        const more = requestor === undefined ? undefined : tellsOf(notice, trid);
        if (more === undefined) continue;
        const { type } = notice;
        const occurredAt = new Date(atMs).toISOString();
        const body = Buffer.from(JSON.stringify({ eventId, type, trid, occurredAt, ...more }));
        told.push({ place: placeOf(seq, ord), eventId, type, lane: 0, body });
        continue;
      }
      if (notice.requestor !== requestor) continue;
      const { type, ref } = notice;
      const body = bodyOf(notice, eventId, trid, atMs);
      told.push({ place: placeOf(seq, ord), eventId, type, lane: ref[15]! % lanes, body });
    }
    return told;
  }

  async #read(shard: number, seq: number): Promise<RecordNotices | undefined> {
    const name = `${shard}/${seq}`;
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const bytes = await this.#options.records.read(shard, seq);
    if (bytes === undefined) return undefined;
    const record = this.#options.seal.open(bytes);
    const { atMs, incarnation } = record.head;
    const made = { atMs, incarnation, notices: this.#noticesIn(record) };
    if (this.#cache.size >= cachedMax) this.#cache.delete(this.#cache.keys().next().value!);
    this.#cache.set(name, made);
    return made;
  }

  #noticesIn({ events }: LogRecord): RecordNotices["notices"] {
    const notices: AnyNotice[] = [];
    for (const { type, version, payload } of events) {
      const known = this.#options.kinds.event(type, version);
      const kind = known?.kind.number;
      if (kind === undefined || !telling.has(kind)) continue;
      const event = known!.eventType.decode(unframePayload(payload).body);
      if (kind === migrationKindNumber) {
        notices.push({ type: "MIGRATION_COMPLETED", end: event as MigrationEnd });
        continue;
      }
      if (kind === cardKindNumber) notices.push(...noticesOf(event as CardEvent));
      const bins = kind === cardKindNumber ? opensBin : changesBins;
      if (bins(event as never)) notices.push(binsNotice);
    }
    return notices;
  }
}

/** Kinds of actors whose events somebody is told of. */
const telling = new Set([cardKindNumber, officeKindNumber, migrationKindNumber]);

/** What the notice says beside its head; undefined where it is not for this requestor. */
function tellsOf(notice: BinsNotice | MigrationNotice, trid: string): object | undefined {
  if (notice.type === "TOKEN_BINS_UPDATED") return {};
  const { trid: whose, migrationId, outcome, reasonCode, records, counts } = notice.end;
  if (whose !== trid) return undefined;
  const refused = reasonCode === "" ? {} : { reasonCode };
  return { migrationId, outcome, ...refused, records, counts };
}

/** The token is the first of a new sub-range. */
function opensBin(event: CardEvent): boolean {
  return event.event === "provisioned" && event.token.opened !== undefined;
}

function changesBins(event: OfficeEvent): boolean {
  const rows = event.event === "moved" ? (event.effect?.rows ?? []) : [];
  return rows.some(({ kind }) => kind === "subranges" || kind === "ranges");
}

function bodyOf(notice: CardNotice, eventId: string, trid: string, atMs: number): Buffer {
  const { type, ref, seq, causedBy, reason, snapshot } = notice;
  return Buffer.from(
    JSON.stringify({
      eventId,
      type,
      trid,
      tokenRef: refText(ref),
      seq,
      occurredAt: new Date(atMs).toISOString(),
      causedBy,
      reasonCode: reason,
      snapshot: {
        status: snapshot.status,
        suspendedBy: causesOf(snapshot.causes),
        tpanExpiry: yymmText(snapshot.tokenExpiry),
        cardLast4: String(snapshot.cardLast4).padStart(4, "0"),
        cardExpiry: yymmText(snapshot.cardExpiry),
      },
    }),
  );
}
