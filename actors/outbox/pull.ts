// Pulling instead of being told: a subscriber reads its notices itself, from where it stopped. The
// cursor is opaque to it: the incarnation of the log and a place in every shard.
import { appError } from "../../platform/mod.ts";
import type { Notice, NoticeSource } from "./ports.ts";

/** Notices of one answer. */
export const pullMax = 500;

export interface Pulled {
  readonly events: readonly Notice[];
  /** Give it with the next call. */
  readonly cursor: string;
  /** True where there was more than fits. */
  readonly more: boolean;
  /** True where the cursor came from another life of the log: read the tokens' states anew. */
  readonly gap: boolean;
}

export interface PullOptions {
  readonly source: NoticeSource;
  readonly incarnation: number;
  readonly shards: number;
  /** The place before the oldest event that the log still has. */
  readonly oldest: (shard: number) => number;
}

const format = 1;

/**
 * What happened after `cursor`; without one, from the oldest on. INVALID_FIELD for a broken cursor.
 */
export async function pull(
  options: PullOptions,
  subscriber: string,
  cursor: string | undefined,
  limit: number,
): Promise<Pulled> {
  const { source, incarnation, shards, oldest } = options;
  const known = cursor === undefined ? undefined : readCursor(cursor, shards);
  let gap = known !== undefined && known.incarnation !== incarnation;
  const places = Array.from({ length: shards }, (_, shard) => {
    const from = gap || known === undefined ? 0 : known.places[shard]!;
    if (from >= oldest(shard)) return from;
    if (known !== undefined) gap = true;
    return oldest(shard);
  });
  const events: Notice[] = [];
  const most = Math.min(Math.max(limit, 1), pullMax);
  let more = false;
  for (let shard = 0; shard < shards; shard++) {
    const room = most - events.length;
    if (room === 0) {
      // Whether this shard has more is not worth a reading: one call too many does no harm.
      more = true;
      break;
    }
    const page = await source.next(subscriber, shard, places[shard]!, room);
    events.push(...page.notices);
    places[shard] = Math.max(places[shard]!, page.reached);
    if (page.notices.length === room || page.more === true) more = true;
  }
  return { events, cursor: writeCursor(incarnation, places), more, gap };
}

function writeCursor(incarnation: number, places: readonly number[]): string {
  const bytes = Buffer.alloc(7 + places.length * 8);
  bytes[0] = format;
  bytes.writeUInt32BE(incarnation, 1);
  bytes.writeUInt16BE(places.length, 5);
  places.forEach((place, shard) => {
    bytes.writeBigUInt64BE(BigInt(place), 7 + shard * 8);
  });
  return bytes.toString("base64url");
}

function readCursor(text: string, shards: number): { incarnation: number; places: number[] } {
  const bytes = Buffer.from(text, "base64url");
  const whole = bytes.length === 7 + shards * 8 && bytes.toString("base64url") === text;
  if (!whole || bytes[0] !== format || bytes.readUInt16BE(5) !== shards) {
    throw appError("INVALID_FIELD", "The cursor is none that was given out.");
  }
  const places = Array.from({ length: shards }, (_, shard) => {
    const place = Number(bytes.readBigUInt64BE(7 + shard * 8));
    if (Number.isSafeInteger(place)) return place;
    throw appError("INVALID_FIELD", "The cursor is none that was given out.");
  });
  return { incarnation: bytes.readUInt32BE(1), places };
}
