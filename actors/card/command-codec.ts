// Bytes of the card's commands: a code, then the fields in the order of their declaration. They
// travel between processes of one version at a time and are never stored.
import {
  type AgreementName,
  cardReason,
  cardStatus,
  indexBytes,
  suspendedBy,
} from "../../vault/mod.ts";
import type { Codec } from "../runtime/actor-kind.ts";
import type { AttestedAgreement, Caller, CardCommand } from "./commands.ts";
import { readLinkedToken, writeLinkedToken } from "./event-codec.ts";
import { ByteReader, ByteWriter } from "./wire.ts";

const requestBytes = 32;
const tokenAction = { activate: 1, suspend: 2, resume: 3, delete: 4 } as const;
const cardAction = { suspend: 1, resume: 2, delete: 3, expiry: 4 } as const;
const who = { REQUESTOR: 1, ISSUER: 2, ADMIN: 3 } as const;
const attestedSource = { PROVISION: 2, MIGRATION: 3 } as const;
const linkableStatus = { ACTIVE: cardStatus.ACTIVE, SUSPENDED: cardStatus.SUSPENDED } as const;
const singleCause = {
  ISSUER_TOKEN: suspendedBy.ISSUER_TOKEN,
  TOKEN_REQUESTOR: suspendedBy.TOKEN_REQUESTOR,
  CARDHOLDER: suspendedBy.CARDHOLDER,
  ADMIN: suspendedBy.ADMIN,
  FRAUD_CONTROL: suspendedBy.FRAUD_CONTROL,
} as const;

function writeCaller(to: ByteWriter, caller: Caller): void {
  to.code(who, caller.who);
  if (caller.who === "REQUESTOR") to.text(caller.trid);
  else if (caller.who === "ISSUER") to.text(caller.issuerId);
}

function readCaller(from: ByteReader): Caller {
  const name = from.code(who);
  if (name === "REQUESTOR") return { who: name, trid: from.text() };
  return name === "ISSUER" ? { who: name, issuerId: from.text() } : { who: name };
}

function writeName(to: ByteWriter, name: AgreementName): void {
  to.text(name.acquirer).text(name.merchant).text(name.id);
}

function readName(from: ByteReader): AgreementName {
  return { acquirer: from.text(), merchant: from.text(), id: from.text() };
}

function writeAgreement(to: ByteWriter, agreement: AttestedAgreement): void {
  writeName(to, agreement);
  to.u8(agreement.types).code(attestedSource, agreement.source);
}

function readAgreement(from: ByteReader): AttestedAgreement {
  return { ...readName(from), types: from.u8(), source: from.code(attestedSource) };
}

type Name = CardCommand["command"];
type CommandOf<Of extends Name> = Extract<CardCommand, { readonly command: Of }>;

interface Row<Of extends Name> {
  readonly code: number;
  readonly write: (to: ByteWriter, command: CommandOf<Of>) => void;
  readonly read: (from: ByteReader) => Omit<CommandOf<Of>, "command">;
}

const rows: { readonly [Of in Name]: Row<Of> } = {
  provision: {
    code: 1,
    write: (to, command) => {
      const { pan, panExpiry, trid, assurance, par, active, verified, async } = command;
      to.number(pan).u16(panExpiry).text(trid).u8(assurance);
      to.optional(par, (text) => to.text(text))
        .flag(active)
        .flag(verified)
        .flag(async);
      to.optional(command.agreement, (terms) => writeAgreement(to, terms));
      to.optional(command.request, (digest) => to.raw(digest, requestBytes));
    },
    read: (from) => ({
      pan: from.number(),
      panExpiry: from.u16(),
      trid: from.text(),
      assurance: from.u8(),
      par: from.optional(() => from.text()),
      active: from.flag(),
      verified: from.flag(),
      async: from.flag(),
      agreement: from.optional(() => readAgreement(from)),
      request: from.optional(() => from.raw(requestBytes)),
    }),
  },
  token: {
    code: 2,
    write: (to, { action, ref, caller, cause, reason, expectVersion }) => {
      to.code(tokenAction, action).raw(ref, indexBytes);
      writeCaller(to, caller);
      to.code(singleCause, cause).code(cardReason, reason);
      to.optional(expectVersion, (version) => to.u32(version));
    },
    read: (from) => ({
      action: from.code(tokenAction),
      ref: from.raw(indexBytes),
      caller: readCaller(from),
      cause: from.code(singleCause),
      reason: from.code(cardReason),
      expectVersion: from.optional(() => from.u32()),
    }),
  },
  card: {
    code: 3,
    write: (to, command) => {
      to.code(cardAction, command.action).number(command.pan);
      to.optional(command.issuerId, (id) => to.text(id)).code(cardReason, command.reason);
      to.u16(command.expiry).u48(command.causedAtMs);
      to.optional(command.expectVersion, (version) => to.u32(version));
      to.flag(command.asLink).u16(command.linksServed);
    },
    read: (from) => ({
      action: from.code(cardAction),
      pan: from.number(),
      issuerId: from.optional(() => from.text()),
      reason: from.code(cardReason),
      expiry: from.u16(),
      causedAtMs: from.u48(),
      expectVersion: from.optional(() => from.u32()),
      asLink: from.flag(),
      linksServed: from.u16(),
    }),
  },
  updatePan: {
    code: 4,
    write: (to, command) => {
      to.raw(command.id, indexBytes).number(command.pan).number(command.newPan);
      to.u16(command.newExpiry).optional(command.issuerId, (id) => to.text(id));
      to.code(cardReason, command.reason).flag(command.asLink).u16(command.linksServed);
    },
    read: (from) => ({
      id: from.raw(indexBytes),
      pan: from.number(),
      newPan: from.number(),
      newExpiry: from.u16(),
      issuerId: from.optional(() => from.text()),
      reason: from.code(cardReason),
      asLink: from.flag(),
      linksServed: from.u16(),
    }),
  },
  linkPan: {
    code: 5,
    write: (to, command) => {
      to.raw(command.id, indexBytes).number(command.pan).u32(command.issuer).u16(command.expiry);
      to.optional(command.par, (par) => to.text(par)).raw(command.actor, indexBytes);
      to.u16(command.shard).u16(command.tokenCount);
      to.list(command.tokens, (token) => writeLinkedToken(to, token));
    },
    read: (from) => ({
      id: from.raw(indexBytes),
      pan: from.number(),
      issuer: from.u32(),
      expiry: from.u16(),
      par: from.optional(() => from.text()),
      actor: from.raw(indexBytes),
      shard: from.u16(),
      tokenCount: from.u16(),
      tokens: from.list(() => readLinkedToken(from)),
    }),
  },
  completePan: {
    code: 6,
    write: (to, { id, outcome }) => {
      to.raw(id, indexBytes).flag(outcome.linked);
      if (!outcome.linked) to.text(outcome.code);
      else {
        to.code(linkableStatus, outcome.status).code(cardReason, outcome.reason);
        to.list(outcome.secondary, (ref) => to.raw(ref, indexBytes));
        to.optional(outcome.par, (par) => to.text(par));
      }
    },
    read: (from) => {
      const id = from.raw(indexBytes);
      if (!from.flag()) return { id, outcome: { linked: false, code: from.text() } };
      const status = from.code(linkableStatus);
      const reason = from.code(cardReason);
      const secondary = from.list(() => from.raw(indexBytes));
      return {
        id,
        outcome: { linked: true, status, reason, secondary, par: from.optional(() => from.text()) },
      };
    },
  },
  resumePan: {
    code: 7,
    write: (to, { id }) => to.raw(id, indexBytes),
    read: (from) => ({ id: from.raw(indexBytes) }),
  },
  clock: { code: 8, write: () => {}, read: () => ({}) },
  flag: {
    code: 9,
    write: (to, { ref, untilSeconds }) => to.raw(ref, indexBytes).u32(untilSeconds),
    read: (from) => ({ ref: from.raw(indexBytes), untilSeconds: from.u32() }),
  },
  putAgreement: {
    code: 10,
    write: (to, { ref, caller, agreement }) => {
      writeCaller(to.raw(ref, indexBytes), caller);
      writeAgreement(to, agreement);
    },
    read: (from) => ({
      ref: from.raw(indexBytes),
      caller: readCaller(from),
      agreement: readAgreement(from),
    }),
  },
  revokeAgreement: {
    code: 11,
    write: (to, { ref, caller, name }) => {
      writeCaller(to.raw(ref, indexBytes), caller);
      writeName(to, name);
    },
    read: (from) => ({ ref: from.raw(indexBytes), caller: readCaller(from), name: readName(from) }),
  },
};

interface AnyRow {
  readonly code: number;
  readonly write: (to: ByteWriter, command: CardCommand) => void;
  readonly read: (from: ByteReader) => object;
}

// The table ties each name to its own command; past here they are commands of the union.
const byName = rows as unknown as Readonly<Record<Name, AnyRow>>;
const names = Object.keys(rows) as Name[];

function encodeTo(to: ByteWriter, command: CardCommand): Buffer {
  const row = byName[command.command];
  row.write(to.u8(row.code), command);
  return to.finish();
}

/** Leaves card numbers out: what is made of these bytes may be kept without a key. */
class NumberlessWriter extends ByteWriter {
  override number(): this {
    return this;
  }
}

/** The command's bytes but for its card numbers; they are no command any more. */
export function bytesWithoutNumbers(command: CardCommand): Buffer {
  return encodeTo(new NumberlessWriter(), command);
}

/** Throws a RangeError on bytes that are no command. */
export const commandCodec: Codec<CardCommand> = {
  encode: (command) => encodeTo(new ByteWriter(), command),
  decode(bytes) {
    const from = new ByteReader(bytes);
    const code = from.u8();
    const name = names.find((one) => byName[one].code === code);
    if (name === undefined) throw new RangeError(`no command has code ${code}`);
    const command = { command: name, ...byName[name].read(from) };
    from.end();
    return command as CardCommand;
  },
};
