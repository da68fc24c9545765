// What the runtime puts around a payload: which actor an event is of, and what a command is
// answered with. Everybody who reads the log reads these.
import { contentDigestBytes, type LogEvent, ownTypes } from "../log/record.ts";
import { type Answer, keyBytes } from "./actor-kind.ts";

/** No command caused it. */
export const noCommand = Buffer.alloc(16);

/** An actor's event: its key (16), then the kind's own bytes. */
export function framePayload(actor: Buffer, encoded: Buffer): Buffer {
  return Buffer.concat([actor, encoded]);
}

export function unframePayload(payload: Buffer): { readonly actor: Buffer; readonly body: Buffer } {
  if (payload.length < keyBytes) throw new RangeError("an actor's event without its key");
  return { actor: payload.subarray(0, keyBytes), body: payload.subarray(keyBytes) };
}

/** What `command.noted` says: this id was decided on, for this body, with this answer. */
export interface Noted {
  readonly kind: number;
  readonly actor: Buffer;
  /** Keyed: `RecordSeal.digest`. */
  readonly bodyDigest: Buffer;
  readonly answer: Answer;
}

/** kind 1, actor 16, digest 16, answer as JSON. The last event of every accepted command. */
export function notedEvent(commandId: Buffer, noted: Noted): LogEvent {
  const answer = Buffer.from(JSON.stringify(noted.answer));
  const payload = Buffer.concat([Buffer.of(noted.kind), noted.actor, noted.bodyDigest, answer]);
  return { type: ownTypes.commandNoted, version: 1, critical: true, commandId, payload };
}

const answerAt = 1 + keyBytes + contentDigestBytes;

export function readNoted(payload: Buffer): Noted & { readonly answerText: Buffer } {
  if (payload.length < answerAt) throw new RangeError("command.noted is too short");
  const answerText = payload.subarray(answerAt);
  return {
    kind: payload[0]!,
    actor: payload.subarray(1, 1 + keyBytes),
    bodyDigest: payload.subarray(1 + keyBytes, answerAt),
    answerText,
    get answer() {
      return JSON.parse(answerText.toString()) as Answer;
    },
  };
}

/** The barrier: from this record on the shard has another owner. The head has epoch and nonce. */
export function epochOpened(node: string): LogEvent {
  return {
    type: ownTypes.epochOpened,
    version: 1,
    critical: true,
    commandId: noCommand,
    payload: Buffer.from(JSON.stringify({ node })),
  };
}

/** The owner has stopped; `to` may open the next epoch without waiting. */
export function epochClosed(to: string): LogEvent {
  return {
    type: ownTypes.epochClosed,
    version: 1,
    critical: true,
    commandId: noCommand,
    payload: Buffer.from(JSON.stringify({ to })),
  };
}

/** The node that a hand-over names; empty where the payload names none. */
export function readClosed(payload: Buffer): string {
  const { to } = JSON.parse(payload.toString()) as { readonly to?: unknown };
  return typeof to === "string" ? to : "";
}

/** Claims at or below these Unix seconds may be lost: nobody accepts any. */
export interface PaymentsFence {
  readonly ptav: number;
  readonly de7: number;
}

/** ptav 4, de7 4. Whoever passed over it would accept again what was accepted before. */
export function paymentsFenced({ ptav, de7 }: PaymentsFence): LogEvent {
  const payload = Buffer.alloc(8);
  payload.writeUInt32BE(ptav, 0);
  payload.writeUInt32BE(de7, 4);
  return {
    type: ownTypes.paymentsFenced,
    version: 1,
    critical: true,
    commandId: noCommand,
    payload,
  };
}

/** The fences among a record's events. */
export function fencesOf(events: readonly LogEvent[]): PaymentsFence[] {
  return events
    .filter(({ type, version }) => type === ownTypes.paymentsFenced && version === 1)
    .map(({ payload }) => ({ ptav: payload.readUInt32BE(0), de7: payload.readUInt32BE(4) }));
}
