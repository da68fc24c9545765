// Any event at all, for the tests of this folder: shapes that the codec must carry, most of which
// no decision would ever make.
import fc from "fast-check";
import { testPan } from "../../vault/test-vault.ts";
import type { CardEvent, Change, TokenEntry } from "./events.ts";

export const bytes16 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes));
const bytes80 = fc.uint8Array({ minLength: 80, maxLength: 80 }).map((bytes) => Buffer.from(bytes));
export const u8 = fc.nat(255);
export const u16 = fc.nat(65_535);
export const u32 = fc.nat(2 ** 31 - 1);
export const u48 = fc.nat(2 ** 48 - 1);
export const pan = fc.nat(999_999).map((number) => testPan(number));
export const reason = fc.constantFrom(
  "NONE" as const,
  "LOST" as const,
  "STOLEN" as const,
  "OTHER" as const,
);
const cardStatus = fc.constantFrom("ACTIVE" as const, "SUSPENDED" as const, "DELETED" as const);
const tokenStatus = fc.constantFrom("INACTIVE" as const, "ACTIVE" as const, "EXPIRED" as const);
export const par = fc.option(fc.constant("ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N"), { nil: undefined });
export const text = fc.string({ unit: "grapheme-ascii", maxLength: 15 });

const entry: fc.Arbitrary<TokenEntry> = fc.record({
  position: u16,
  ref: bytes16,
  requestor: u16,
  oldStatus: tokenStatus,
  oldCauses: u8,
  status: tokenStatus,
  causes: u8,
  neverActive: fc.boolean(),
  secondary: fc.boolean(),
  expiry: u16,
  previousExpiry: u16,
  ptavNotBefore: u32,
  notices: u8,
  seq: u32,
});

const change: fc.Arbitrary<Change> = fc.record({
  causedBy: fc.constantFrom("TSP" as const, "ISSUER" as const, "FRAUD_CONTROL" as const),
  reason,
  restores: u16,
  sealVersion: u16,
  last4: u16,
  card: fc.record({ issuer: u32, status: cardStatus, reason, expiry: u16, par }),
  opening: fc.option(fc.record({ pan, shard: u16, createdAt: u32 }), { nil: undefined }),
  tokens: fc.array(entry, { maxLength: 5 }),
});

export const source = fc.constantFrom("PROVISION" as const, "MIGRATION" as const);
const terms = fc.record({ key: bytes80, types: u8, source, atSeconds: u32 });
export const linkedToken = fc.record({ requestor: u16, type: u8, ref: bytes16 });
const noted = fc.option(fc.record({ status: cardStatus, reason }), { nil: undefined });
const token = fc.record({
  tpan: pan,
  index: bytes16,
  ref: bytes16,
  type: u8,
  assurance: u8,
  requestor: u16,
  trid: fc.constant("99900000001"),
  active: fc.boolean(),
  expiry: u16,
  provisionedAt: u32,
  notified: fc.boolean(),
  seq: u32,
  opened: fc.option(fc.record({ range: u16, digits: fc.constantFrom(16 as const, 19 as const) }), {
    nil: undefined,
  }),
});

export const is = <Name extends string>(name: Name) => fc.constant(name);
export const event: fc.Arbitrary<CardEvent> = fc.oneof(
  fc.record({
    event: is("provisioned"),
    change,
    token,
    agreement: fc.option(terms, { nil: undefined }),
  }),
  fc.record({
    event: is("cardChanged"),
    kind: fc.constantFrom("suspend" as const, "renew" as const),
    causedAtMs: u48,
    change,
  }),
  fc.record({ event: is("tokensChanged"), change }),
  fc.record({ event: is("flagged"), position: u16, ref: bytes16, untilSeconds: u32 }),
  fc.record({ event: is("agreementPut"), ref: bytes16, terms }),
  fc.record({ event: is("agreementRevoked"), ref: bytes16, key: bytes80, atSeconds: u32 }),
  fc.record({
    event: is("panBegun"),
    id: bytes16,
    newPan: pan,
    newIndex: bytes16,
    newShard: u16,
    newExpiry: u16,
    reason,
    dueMs: u48,
    sealVersion: u16,
  }),
  fc.record({ event: is("panResumed"), id: bytes16, attempt: u8, dueMs: u48 }),
  fc.record({ event: is("panNoted"), id: bytes16, noted, expiry: u16 }),
  fc.record({ event: is("panUpdated"), id: bytes16, change }),
  fc.record({ event: is("panRefused"), id: bytes16, code: is("CARD_NOT_ALLOWED") }),
  fc.record({
    event: is("linked"),
    id: bytes16,
    actor: bytes16,
    shard: u16,
    linked: fc.array(linkedToken, { maxLength: 3 }),
    change,
  }),
);
