// What the records say that a log has gone on without: which commands were answered and have no
// effect any more, so that they are submitted again. Those that stopped tokens come first: until
// then such a token pays.
import { refText } from "../../vault/mod.ts";
import type { CardEvent } from "../card/events.ts";
import { noticesOf } from "../card/events.ts";
import { cardKindNumber } from "../card/kind.ts";
import type { StoredRecord } from "../log/port.ts";
import { type LogEvent, ownTypes, type RecordSeal } from "../log/record.ts";
import { readNoted, unframePayload } from "../runtime/event-frame.ts";
import type { KindTable } from "../runtime/kinds.ts";

export interface LostCommand {
  readonly shard: number;
  readonly seq: number;
  /** Time of its record, ISO 8601. */
  readonly at: string;
  /** Its id, hex: the same command under the same key has it again. */
  readonly command: string;
  /** Kind of the actor, by name. */
  readonly kind: string;
  /** What it did to which token, such as "TOKEN_SUSPENDED <reference>". */
  readonly did: readonly string[];
  /** It suspended or deleted tokens. */
  readonly stopped: boolean;
}

const stops = /^TOKEN_(SUSPENDED|DELETED) /;

/** Records that cannot be opened are left out. */
export function lostCommands(
  records: readonly StoredRecord[],
  shard: number,
  seal: RecordSeal,
  kinds: KindTable,
): LostCommand[] {
  const found: LostCommand[] = [];
  for (const { seq, bytes } of records) {
    let did: string[] = [];
    const opened = openRecord(seal, bytes);
    for (const event of opened?.events ?? []) {
      if (event.type !== ownTypes.commandNoted) did.push(...effects(event, kinds));
      else {
        const kind = kinds.kind(readNoted(event.payload).kind)?.name ?? "unknown";
        const at = new Date(opened?.head.atMs ?? 0).toISOString();
        const command = event.commandId.toString("hex");
        const stopped = did.some((one) => stops.test(one));
        found.push({ shard, seq, at, command, kind, did, stopped });
        did = [];
      }
    }
  }
  return [...found.filter(({ stopped }) => stopped), ...found.filter(({ stopped }) => !stopped)];
}

function openRecord(seal: RecordSeal, bytes: Buffer) {
  try {
    return seal.open(bytes);
  } catch {
    return undefined;
  }
}

function effects({ type, version, payload }: LogEvent, kinds: KindTable): string[] {
  const known = kinds.event(type, version);
  if (known?.kind.number !== cardKindNumber) return [];
  const event = known.eventType.decode(unframePayload(payload).body) as CardEvent;
  return noticesOf(event).map((one) => `${one.type} ${refText(one.ref)}`);
}
