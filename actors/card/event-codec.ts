// Bytes of the card's events. Type numbers 256 to 511 are the card's; what a number and a version
// mean never changes once written (versions.ts), and the golden file holds bytes of each.
import {
  agreementKeyBytes,
  agreementSource,
  cardReason,
  cardStatus,
  indexBytes,
  tokenStatus,
} from "../../vault/mod.ts";
import type { EventType } from "../runtime/actor-kind.ts";
import type { AgreementTermsOf, CardEvent, Change, NewToken, TokenEntry } from "./events.ts";
import type { CardFacts, LinkedToken } from "./state.ts";
import { eventTypesOf } from "./versions.ts";
import { ByteReader, ByteWriter } from "./wire.ts";

export const causedByCode = {
  TSP: 0,
  ISSUER: 1,
  ISSUER_TOKEN: 2,
  TOKEN_REQUESTOR: 3,
  CARDHOLDER: 4,
  ADMIN: 5,
  FRAUD_CONTROL: 6,
} as const;

const changeKind = { suspend: 1, resume: 2, delete: 3, expiry: 4, renew: 5 } as const;

function writeFacts(to: ByteWriter, card: CardFacts): void {
  to.u32(card.issuer).code(cardStatus, card.status).code(cardReason, card.reason);
  to.u16(card.expiry).optional(card.par, (par) => to.text(par));
}

function readFacts(from: ByteReader): CardFacts {
  return {
    issuer: from.u32(),
    status: from.code(cardStatus),
    reason: from.code(cardReason),
    expiry: from.u16(),
    par: from.optional(() => from.text()),
  };
}

function writeEntry(to: ByteWriter, entry: TokenEntry): void {
  to.u16(entry.position).raw(entry.ref, indexBytes).u16(entry.requestor);
  to.code(tokenStatus, entry.oldStatus).u8(entry.oldCauses);
  to.code(tokenStatus, entry.status).u8(entry.causes);
  to.flag(entry.neverActive).flag(entry.secondary);
  to.u16(entry.expiry).u16(entry.previousExpiry).u32(entry.ptavNotBefore);
  to.u8(entry.notices).u32(entry.seq);
}

function readEntry(from: ByteReader): TokenEntry {
  return {
    position: from.u16(),
    ref: from.raw(indexBytes),
    requestor: from.u16(),
    oldStatus: from.code(tokenStatus),
    oldCauses: from.u8(),
    status: from.code(tokenStatus),
    causes: from.u8(),
    neverActive: from.flag(),
    secondary: from.flag(),
    expiry: from.u16(),
    previousExpiry: from.u16(),
    ptavNotBefore: from.u32(),
    notices: from.u8(),
    seq: from.u32(),
  };
}

function writeChange(to: ByteWriter, change: Change): void {
  to.code(causedByCode, change.causedBy).code(cardReason, change.reason);
  to.u16(change.restores).u16(change.sealVersion).u16(change.last4);
  writeFacts(to, change.card);
  to.optional(change.opening, ({ pan, shard, createdAt }) => {
    to.number(pan).u16(shard).u32(createdAt);
  });
  to.list(change.tokens, (entry) => writeEntry(to, entry));
}

function readChange(from: ByteReader): Change {
  return {
    causedBy: from.code(causedByCode),
    reason: from.code(cardReason),
    restores: from.u16(),
    sealVersion: from.u16(),
    last4: from.u16(),
    card: readFacts(from),
    opening: from.optional(() => ({
      pan: from.number(),
      shard: from.u16(),
      createdAt: from.u32(),
    })),
    tokens: from.list(() => readEntry(from)),
  };
}

function writeToken(to: ByteWriter, token: NewToken): void {
  to.number(token.tpan).raw(token.index, indexBytes).raw(token.ref, indexBytes);
  to.u8(token.type).u8(token.assurance).u16(token.requestor).text(token.trid).flag(token.active);
  to.u16(token.expiry).u32(token.provisionedAt).flag(token.notified).u32(token.seq);
  to.optional(token.opened, ({ range, digits }) => to.u16(range).u8(digits));
}

function readToken(from: ByteReader): NewToken {
  return {
    tpan: from.number(),
    index: from.raw(indexBytes),
    ref: from.raw(indexBytes),
    type: from.u8(),
    assurance: from.u8(),
    requestor: from.u16(),
    trid: from.text(),
    active: from.flag(),
    expiry: from.u16(),
    provisionedAt: from.u32(),
    notified: from.flag(),
    seq: from.u32(),
    opened: from.optional(() => ({ range: from.u16(), digits: from.u8() === 19 ? 19 : 16 })),
  };
}

function writeTerms(to: ByteWriter, terms: AgreementTermsOf): void {
  to.raw(terms.key, agreementKeyBytes).u8(terms.types);
  to.code(agreementSource, terms.source).u32(terms.atSeconds);
}

function readTerms(from: ByteReader): AgreementTermsOf {
  return {
    key: from.raw(agreementKeyBytes),
    types: from.u8(),
    source: from.code(agreementSource),
    atSeconds: from.u32(),
  };
}

/** Linked tokens stand in events, commands and side records alike. */
export function writeLinkedToken(to: ByteWriter, token: LinkedToken): void {
  to.u16(token.requestor).u8(token.type).raw(token.ref, indexBytes);
}

export function readLinkedToken(from: ByteReader): LinkedToken {
  return { requestor: from.u16(), type: from.u8(), ref: from.raw(indexBytes) };
}

type Name = CardEvent["event"];
type EventOf<Of extends Name> = Extract<CardEvent, { readonly event: Of }>;

interface Row<Of extends Name> {
  readonly type: number;
  readonly write: (to: ByteWriter, event: EventOf<Of>) => void;
  readonly read: (from: ByteReader) => Omit<EventOf<Of>, "event">;
}

const rows: { readonly [Of in Name]: Row<Of> } = {
  provisioned: {
    type: 256,
    write: (to, event) => {
      writeChange(to, event.change);
      writeToken(to, event.token);
      to.optional(event.agreement, (terms) => writeTerms(to, terms));
    },
    read: (from) => ({
      change: readChange(from),
      token: readToken(from),
      agreement: from.optional(() => readTerms(from)),
    }),
  },
  cardChanged: {
    type: 257,
    write: (to, event) => {
      to.code(changeKind, event.kind).u48(event.causedAtMs);
      writeChange(to, event.change);
    },
    read: (from) => ({
      kind: from.code(changeKind),
      causedAtMs: from.u48(),
      change: readChange(from),
    }),
  },
  tokensChanged: {
    type: 258,
    write: (to, event) => writeChange(to, event.change),
    read: (from) => ({ change: readChange(from) }),
  },
  flagged: {
    type: 259,
    write: (to, event) => to.u16(event.position).raw(event.ref, indexBytes).u32(event.untilSeconds),
    read: (from) => ({
      position: from.u16(),
      ref: from.raw(indexBytes),
      untilSeconds: from.u32(),
    }),
  },
  agreementPut: {
    type: 260,
    write: (to, event) => writeTerms(to.raw(event.ref, indexBytes), event.terms),
    read: (from) => ({ ref: from.raw(indexBytes), terms: readTerms(from) }),
  },
  agreementRevoked: {
    type: 261,
    write: (to, event) =>
      to.raw(event.ref, indexBytes).raw(event.key, agreementKeyBytes).u32(event.atSeconds),
    read: (from) => ({
      ref: from.raw(indexBytes),
      key: from.raw(agreementKeyBytes),
      atSeconds: from.u32(),
    }),
  },
  panBegun: {
    type: 262,
    write: (to, event) => {
      to.raw(event.id, indexBytes).number(event.newPan).raw(event.newIndex, indexBytes);
      to.u16(event.newShard).u16(event.newExpiry).code(cardReason, event.reason);
      to.u48(event.dueMs).u16(event.sealVersion);
    },
    read: (from) => ({
      id: from.raw(indexBytes),
      newPan: from.number(),
      newIndex: from.raw(indexBytes),
      newShard: from.u16(),
      newExpiry: from.u16(),
      reason: from.code(cardReason),
      dueMs: from.u48(),
      sealVersion: from.u16(),
    }),
  },
  panResumed: {
    type: 263,
    write: (to, event) => to.raw(event.id, indexBytes).u8(event.attempt).u48(event.dueMs),
    read: (from) => ({ id: from.raw(indexBytes), attempt: from.u8(), dueMs: from.u48() }),
  },
  panNoted: {
    type: 264,
    write: (to, event) => {
      to.raw(event.id, indexBytes).u16(event.expiry);
      to.optional(event.noted, ({ status, reason }) => {
        to.code(cardStatus, status).code(cardReason, reason);
      });
    },
    read: (from) => ({
      id: from.raw(indexBytes),
      expiry: from.u16(),
      noted: from.optional(() => ({
        status: from.code(cardStatus),
        reason: from.code(cardReason),
      })),
    }),
  },
  panUpdated: {
    type: 265,
    write: (to, event) => writeChange(to.raw(event.id, indexBytes), event.change),
    read: (from) => ({ id: from.raw(indexBytes), change: readChange(from) }),
  },
  panRefused: {
    type: 266,
    write: (to, event) => to.raw(event.id, indexBytes).text(event.code),
    read: (from) => ({ id: from.raw(indexBytes), code: from.text() }),
  },
  linked: {
    type: 267,
    write: (to, event) => {
      to.raw(event.id, indexBytes).raw(event.actor, indexBytes).u16(event.shard);
      to.list(event.linked, (token) => writeLinkedToken(to, token));
      writeChange(to, event.change);
    },
    read: (from) => ({
      id: from.raw(indexBytes),
      actor: from.raw(indexBytes),
      shard: from.u16(),
      linked: from.list(() => readLinkedToken(from)),
      change: readChange(from),
    }),
  },
};

const typesByName = new Map<Name, EventType<CardEvent>[]>();
for (const name of Object.keys(rows) as Name[]) {
  // The table ties each name to its own event; past here they are events of the union.
  const row = rows[name] as unknown as {
    readonly type: number;
    readonly write: (to: ByteWriter, event: CardEvent) => void;
    readonly read: (from: ByteReader) => object;
  };
  const encode = (event: CardEvent) => {
    const to = new ByteWriter();
    row.write(to, event);
    return to.finish();
  };
  const decode = (bytes: Buffer) => {
    const from = new ByteReader(bytes);
    const event = { event: name, ...row.read(from) };
    from.end();
    return event;
  };
  const versions = [{ decode }];
  typesByName.set(
    name,
    eventTypesOf<CardEvent>({ type: row.type, critical: true, encode, versions }),
  );
}

/** All types, older versions too: a record names type and version, and both choose the decoder. */
export const cardEventTypes: readonly EventType<CardEvent>[] = [...typesByName.values()].flat();

/** The newest version of an event's type. */
export function cardEventType(event: CardEvent): EventType<CardEvent> {
  return typesByName.get(event.event)!.at(-1)!;
}
