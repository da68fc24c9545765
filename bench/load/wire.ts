// Payments as a door takes them: messages as they are for a session, frames for ISO 8583, encoded
// requests for unary calls. Made ahead, so that sending costs the generator next to nothing.
import { defaultStartBytes, START_BYTES } from "../../api/iso/mod.ts";
import {
  FRAME_PREFIX_BYTES,
  mydebit,
  type View,
  writeFramePrefix,
} from "../../codec/iso8583/mod.ts";
import { VerifyRequest } from "../../proto/mod.ts";
import type { SecondOfPayments } from "./payment-mix.ts";

export type Door = "session" | "unary" | "iso" | "iso-mac";

/** One second of payments in a door's form; item `i` is `bytes` from `offsets[i]` on. */
export interface WireBlock {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Offsets of all items, and the end of the last one. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  readonly expected: Uint16Array<ArrayBuffer>;
  /** DE37 of the first item as a number. */
  readonly firstSequence: number;
}

export function wireOf(door: Door, second: SecondOfPayments): WireBlock {
  if (door === "unary") return requestsOf(second);
  const head = door === "session" ? 0 : FRAME_PREFIX_BYTES + START_BYTES;
  const length = second.length + head;
  const { count, expected, firstSequence } = second;
  const bytes = head === 0 ? second.bytes : Buffer.allocUnsafeSlow(count * length);
  if (head > 0) {
    const starts = Buffer.from(defaultStartBytes, "latin1");
    for (let i = 0; i < count; i++) {
      let at = writeFramePrefix(bytes, i * length, length - FRAME_PREFIX_BYTES);
      at += starts.copy(bytes, at);
      second.bytes.copy(bytes, at, i * second.length, (i + 1) * second.length);
    }
  }
  const offsets = Uint32Array.from({ length: count + 1 }, (_, i) => i * length);
  return { bytes: owned(bytes), offsets, expected: ownedU16(expected), firstSequence };
}

function owned(bytes: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
}

function ownedU16(values: Uint16Array): Uint16Array<ArrayBuffer> {
  return new Uint16Array(values.buffer as ArrayBuffer, values.byteOffset, values.length);
}

function requestsOf({
  bytes,
  length,
  count,
  expected,
  firstSequence,
}: SecondOfPayments): WireBlock {
  const view = mydebit.createView();
  const out = Buffer.allocUnsafeSlow(count * (length + requestRoom));
  const offsets = new Uint32Array(count + 1);
  let end = 0;
  for (let i = 0; i < count; i++) {
    const status = mydebit.scanMessage(view, bytes, i * length, (i + 1) * length);
    if (status !== 0) throw mydebit.error(status, view);
    const encoded = VerifyRequest.encode(requestOf(view)).finish();
    out.set(encoded, end);
    end += encoded.length;
    offsets[i + 1] = end;
  }
  const used = owned(out).subarray(0, end);
  return { bytes: used, offsets, expected: ownedU16(expected), firstSequence };
}

/** Tags and lengths of a request's fields take less than the message's own prefixes and these. */
const requestRoom = 128;

const tag = { TRID: 3, PTAV: 4, INITIATION: 5, STORED: 7 } as const;

/** The same payment as a structured request. */
export function requestOf(view: View): VerifyRequest {
  const text = (element: number) => (view.has(element) ? view.text(element) : "");
  const tagText = (number: number) => {
    if (!view.tags.has(number)) return "";
    const at = view.tags.offset(number);
    return view.buf.toString("latin1", at, at + view.tags.length(number));
  };
  return {
    mti: view.mti.toString(16).padStart(4, "0"),
    tpan: text(2),
    processingCode: text(3),
    amount: BigInt(text(4)),
    transmissionDateTime: text(7),
    stan: text(11),
    localTime: text(12),
    localDate: text(13),
    tokenExpiry: text(14),
    mcc: text(18),
    posEntryMode: text(22),
    posCondition: text(25),
    acquirerId: text(32),
    rrn: text(37),
    terminalId: text(41),
    merchantId: text(42).trimEnd(),
    currency: text(49),
    trid: tagText(tag.TRID),
    ptav: tagText(tag.PTAV),
    initiation: tagText(tag.INITIATION),
    storedCredential: tagText(tag.STORED),
    forwarderId: "",
    merchantName: "",
    mitType: "",
    agreementId: "",
    piav: "",
    eci: "",
    dsTransId: "",
    otherTags: [],
    original: undefined,
    replacementAmount: 0n,
  };
}
