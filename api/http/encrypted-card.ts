// Card data as JWE (RFC 7516): opened into bytes, read from the bytes, wiped. No digit of it
// becomes a string, and the security code is passed over unread.
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from "jose";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { ClearPAN } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { isYymm } from "../../vault/mod.ts";
import type { EncryptionKey } from "./client-keys.ts";
import type { ClientOpener } from "./client-private-keys.ts";
import { FlatObject } from "./flat-object.ts";
import type { ServerKeys } from "./server-keys.ts";

/** A card is some 150 bytes; with a 4096-bit key its JWE is some 1,000 characters. */
const jweCharsMax = 8_192;
const plainBytesMax = 2_048;

/** No `zip`: what is compressed may be far larger than it looks. */
const header = Type.Object(
  {
    alg: Type.Union([Type.Literal("RSA-OAEP-256"), Type.Literal("ECDH-ES")]),
    enc: Type.Literal("A256GCM"),
    kid: Type.String(),
    epk: Type.Optional(Type.Unknown()),
    apu: Type.Optional(Type.String()),
    apv: Type.Optional(Type.String()),
    typ: Type.Optional(Type.String()),
    cty: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

export interface Card {
  readonly pan: ClearPAN;
  /** YYMM as a number; 0 where none was asked for and none was given. */
  readonly expiry: number;
}

const refused = () => appError("DECRYPTION_FAILED", "The encrypted card does not open.");

/** DECRYPTION_FAILED, PAN_INVALID, INVALID_FIELD, MISSING_FIELD. */
export async function openCard(
  jwe: string,
  keys: ServerKeys,
  nowMs: number,
  need: "with-expiry" | "number-only",
): Promise<Card> {
  const plain = await open(jwe, keys, nowMs);
  try {
    return readCard(plain, need);
  } finally {
    plain.fill(0);
  }
}

async function open(jwe: string, keys: ServerKeys, nowMs: number): Promise<Uint8Array> {
  if (jwe.length > jweCharsMax) throw refused();
  try {
    const found = decodeProtectedHeader(jwe);
    if (!Value.Check(header, found)) throw refused();
    const known = keys.card.get(found.kid);
    if (known === undefined || known.alg !== found.alg) throw refused();
    if (known.notAfterMs !== null && nowMs > known.notAfterMs) throw refused();
    const { plaintext } = await compactDecrypt(jwe, known.key, {
      keyManagementAlgorithms: [known.alg],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    if (plaintext.length <= plainBytesMax) return plaintext;
    plaintext.fill(0);
    throw refused();
  } catch {
    // Whatever it was: a caller who learns which step failed learns about our key.
    throw refused();
  }
}

function readCard(plain: Uint8Array, need: "with-expiry" | "number-only"): Card {
  const object = FlatObject.read(plain);
  if (object === undefined) throw refused();
  const digits = object.bytes("pan");
  if (digits === undefined) throw appError("MISSING_FIELD", "The encrypted card has no pan.");
  let pan: ClearPAN;
  try {
    pan = ClearPAN.parse(digits);
  } catch {
    const message = "The card number needs 13 to 19 digits, the last one a check digit.";
    throw appError("PAN_INVALID", message);
  }
  return { pan, expiry: need === "number-only" ? 0 : readExpiry(object) };
}

function readExpiry(object: FlatObject): number {
  const month = object.number("expiryMonth", 2);
  const year = object.number("expiryYear", 4);
  if (month === undefined || year === undefined) {
    const message = "The encrypted card needs expiryMonth and expiryYear.";
    throw appError("MISSING_FIELD", message);
  }
  // Always 20YY.
  const known = year < 100 || (year >= 2_000 && year < 2_100);
  const yymm = (year % 100) * 100 + month;
  if (known && isYymm(yymm)) return yymm;
  throw appError("INVALID_FIELD", "expiryMonth is 1 to 12, expiryYear two digits or 20YY.");
}

/** A card number that only its receiver can read: compact JWE over {"pan"}. */
export async function sealPan(
  digits: Uint8Array,
  { kid, alg, key }: EncryptionKey,
): Promise<string> {
  const plain = Buffer.concat([Buffer.from('{"pan":"'), digits, Buffer.from('"}')]);
  try {
    return await new CompactEncrypt(plain)
      .setProtectedHeader({ alg, enc: "A256GCM", kid, cty: "application/json" })
      .encrypt(key);
  } finally {
    plain.fill(0);
  }
}

/** What `sealPan` made, opened by its receiver. DECRYPTION_FAILED where the key does not fit. */
export async function openPan(jwe: string, { alg, key }: ClientOpener): Promise<Buffer> {
  try {
    const { plaintext } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [alg],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const digits = FlatObject.read(plaintext)?.bytes("pan");
    if (digits === undefined) throw refused();
    const pan = Buffer.from(digits);
    plaintext.fill(0);
    return pan;
  } catch {
    throw refused();
  }
}

/** An answer that only the client can read. */
export function sealAnswer(answer: object, { kid, alg, key }: EncryptionKey): Promise<string> {
  return new CompactEncrypt(Buffer.from(JSON.stringify(answer)))
    .setProtectedHeader({ alg, enc: "A256GCM", kid, cty: "application/json" })
    .encrypt(key);
}
