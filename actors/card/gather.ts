// Everything that a decision needs beside state and command: registry rows, indexes and homes of
// numbers, drawn tokens, records of other actors behind the same PAN. Reads and draws; never
// writes.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { type AppError, isAppError } from "../../platform/mod.ts";
import {
  type AgreementName,
  agreementAt,
  agreementKey,
  agreementsOf,
  type BinRange,
  bcdOf,
  monthAt,
  monthOf,
  type Requestor,
  tokenAt,
  type Vault,
} from "../../vault/mod.ts";
import type { CardCommand, Provision } from "./commands.ts";
import { loadCard } from "./load.ts";
import type { Draw, Minter } from "./minter.ts";
import { readLinks } from "./side-record.ts";
import type { CardState, LinkedToken } from "./state.ts";
import { isAlive } from "./token-change.ts";

export interface CardPolicy {
  /** Live tokens of one card over all requestors. */
  readonly liveTokensMax: number;
  /** An issuer's card resume takes every cause away, not only its own. */
  readonly issuerResumeClearsAll: boolean;
}

/** What the registry says of a PAN. */
export interface PanFacts {
  readonly index: Buffer;
  readonly shard: number;
  readonly range: BinRange | undefined;
}

/** A live primary token of another actor behind the same PAN. */
export type Rival = LinkedToken;

export interface AgreementFacts {
  /** Undefined where the name has a part of the wrong form. */
  readonly key: Buffer | undefined;
  /** Undefined where there is none. */
  readonly row: { readonly types: number; readonly revokedAt: number } | undefined;
  readonly count: number;
}

export interface Gathered {
  readonly policy: CardPolicy;
  readonly sealVersion: number;
  readonly restores: number;
  readonly pan: PanFacts | undefined;
  readonly newPan: PanFacts | undefined;
  /** Id of the issuer of the actor's own card, for callers that are issuers. */
  readonly issuerId: string | undefined;
  readonly requestor: Requestor | undefined;
  readonly rivals: readonly Rival[];
  /** Drawn for every provisioning that may need it; why not, where none could be drawn. */
  readonly draw: Draw | AppError | undefined;
  readonly agreement: AgreementFacts | undefined;
  readonly flaggedUntil: number;
}

export interface GatherPorts {
  readonly vault: Vault;
  readonly minter: Minter;
  readonly policy: CardPolicy;
}

export function gatherCard(ports: GatherPorts, state: CardState, command: CardCommand): Gathered {
  const { vault, policy } = ports;
  const registry = vault.registry();
  const pan = "pan" in command ? panFacts(vault, command.pan) : undefined;
  const { card } = state;
  return {
    policy,
    sealVersion: vault.sealing.sealVersion,
    restores: vault.meta.restores(),
    pan,
    newPan: command.command === "updatePan" ? panFacts(vault, command.newPan) : undefined,
    issuerId: card === undefined ? undefined : registry.issuers[card.issuer]?.id,
    requestor: requestorFor(vault, state, command),
    rivals: wantsRivals(command) ? rivalsOf(vault, state, command) : [],
    draw: command.command === "provision" ? drawFor(ports, state, command, pan!) : undefined,
    agreement: agreementFacts(vault, state, command),
    flaggedUntil: command.command === "flag" ? flaggedUntil(vault, state, command.ref) : 0,
  };
}

/** Of a provisioning the one that asks, of an agreement the one whose token it is. */
function requestorFor(vault: Vault, state: CardState, command: CardCommand): Requestor | undefined {
  const registry = vault.registry();
  if (command.command === "provision") return registry.findRequestor(command.trid);
  if (command.command !== "putAgreement") return undefined;
  const token = state.tokens.find((one) => one.ref.equals(command.ref));
  return token && registry.findRequestor(token.trid);
}

function panFacts(vault: Vault, pan: ClearPAN): PanFacts {
  const bcd = bcdOf(pan);
  const digits = Buffer.alloc(19);
  const range = vault.registry().findRange(digits, 0, pan.copyTo(digits, 0));
  const index = vault.sealing.index("card", bcd);
  const shard = vault.sealing.homes.one(bcd, vault.shards);
  bcd.fill(0);
  digits.fill(0);
  return { index, shard, range };
}

/** Only what may revive or reuse a token asks for those that other actors have behind the PAN. */
function wantsRivals(command: CardCommand): boolean {
  if (command.command === "card") return command.action === "expiry";
  return ["provision", "linkPan", "completePan"].includes(command.command);
}

/**
 * Live primary tokens of the other actors behind this actor's PAN: the PAN's own actor and those
 * that are linked to it. Of other shards this is as fresh as their folds on this node.
 */
function rivalsOf(vault: Vault, state: CardState, command: CardCommand): Rival[] {
  const moving = command.command === "completePan";
  const index = moving ? state.pending?.index : state.card?.index;
  if (index === undefined) return [];
  const nowSeconds = vault.nowSeconds();
  const own = index.equals(state.key);
  const links = own ? state.links : readLinks(vault, index);
  // A card that is linked, or linked again, is no rival of itself.
  const self = command.command === "linkPan" ? command.actor : state.key;
  const others = links.map((link) => link.actor).filter((actor) => !actor.equals(self));
  return [...(own ? [] : [index]), ...others].flatMap((key) => {
    const { tokens } = loadCard(vault, key);
    return tokens.filter((token) => !token.secondary && isAlive(token, nowSeconds));
  });
}

/**
 * Nothing is drawn for a PAN outside every range, which is refused anyway, nor where the requestor
 * has a token that is good for another month at least: that one is given again.
 */
function drawFor(
  { vault, minter }: GatherPorts,
  state: CardState,
  command: Provision,
  pan: PanFacts,
): Draw | AppError | undefined {
  if (pan.range === undefined || hasToken(vault, state, command.trid)) return undefined;
  const shard = state.card === undefined ? pan.shard : state.shard;
  try {
    return minter.draw(pan.range, shard);
  } catch (error) {
    if (isAppError(error)) return error;
    throw error;
  }
}

function hasToken(vault: Vault, state: CardState, trid: string): boolean {
  const month = monthAt(vault.nowSeconds());
  return state.tokens.some(
    (token) =>
      token.trid === trid &&
      !token.secondary &&
      token.status !== "DELETED" &&
      token.status !== "EXPIRED" &&
      monthOf(token.expiry) > month,
  );
}

function agreementFacts(
  vault: Vault,
  state: CardState,
  command: CardCommand,
): AgreementFacts | undefined {
  if (command.command !== "putAgreement" && command.command !== "revokeAgreement") return undefined;
  const token = state.tokens.find((one) => one.ref.equals(command.ref));
  if (token === undefined) return undefined;
  const name = command.command === "putAgreement" ? command.agreement : command.name;
  const key = keyOf(token.index, name);
  const row = key === undefined ? undefined : vault.tables.agreements.getBinary(key);
  return {
    key,
    row: row && {
      types: row[agreementAt.types]!,
      revokedAt: row.readUInt32LE(agreementAt.revokedAt),
    },
    count: agreementsOf(vault, token.index).length,
  };
}

/** The agreement's key; undefined where the name has a part of the wrong form. */
export function keyOf(index: Buffer, name: AgreementName): Buffer | undefined {
  try {
    return agreementKey(index, name);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function flaggedUntil(vault: Vault, state: CardState, ref: Buffer): number {
  const token = state.tokens.find((one) => one.ref.equals(ref));
  const record = token && vault.findTokenRecord(token.index);
  return record === undefined ? 0 : record.readUInt32LE(tokenAt.flaggedUntil);
}
