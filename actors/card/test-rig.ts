// Cards for the tests of every room, without a log: one function a command, each one transaction
// through the actor's own decide, evolve and project. Only tests import this (test/tidy).
import type { ClearPAN } from "../../codec/pan/mod.ts";
import type { AgreementName, CardReasonName, SuspensionCause, Vault } from "../../vault/mod.ts";
import { mitType } from "../../vault/mod.ts";
import { DirectCards, type ProvisionRequest, type TokenRequest } from "./direct.ts";
import type { CardPolicy } from "./gather.ts";

type Cause = Exclude<SuspensionCause, "ISSUER">;

export interface TestProvision extends Omit<ProvisionRequest, "agreement">, Partial<CardPolicy> {
  readonly agreement?: AgreementName & { readonly mitTypes: readonly (keyof typeof mitType)[] };
}

export function provision(vault: Vault, request: TestProvision) {
  const { liveTokensMax, issuerResumeClearsAll: _, agreement, ...rest } = request;
  const policy = liveTokensMax === undefined ? {} : { liveTokensMax };
  const types = (agreement?.mitTypes ?? []).reduce((bits, letter) => bits | mitType[letter], 0);
  const terms = agreement && { ...agreement, types };
  return new DirectCards(vault, { policy }).provision({
    ...rest,
    ...(terms === undefined ? {} : { agreement: terms }),
  });
}

export function suspendToken(vault: Vault, ref: string, cause: Cause, options?: TokenRequest) {
  return new DirectCards(vault).token("suspend", ref, cause, options);
}

export function resumeToken(vault: Vault, ref: string, cause: Cause, options?: TokenRequest) {
  return new DirectCards(vault).token("resume", ref, cause, options);
}

export function deleteToken(vault: Vault, ref: string, options?: TokenRequest) {
  return new DirectCards(vault).token("delete", ref, causeOf(options), options);
}

export function activateToken(vault: Vault, ref: string, options?: TokenRequest) {
  return new DirectCards(vault).token("activate", ref, causeOf(options), options);
}

/** A requestor can act only for itself. */
function causeOf(options: TokenRequest | undefined): Cause {
  return options?.trid === undefined ? "ADMIN" : "TOKEN_REQUESTOR";
}

export interface TestCardRequest {
  readonly issuerId?: string;
  readonly reason?: CardReasonName;
  readonly causedAtMs?: number;
  readonly expectVersion?: number;
  readonly clearAll?: boolean;
}

export function suspendCard(vault: Vault, pan: ClearPAN, options: TestCardRequest = {}) {
  return new DirectCards(vault).card("suspend", pan, options);
}

export function resumeCard(vault: Vault, pan: ClearPAN, options: TestCardRequest = {}) {
  const policy = { issuerResumeClearsAll: options.clearAll === true };
  return new DirectCards(vault, { policy }).card("resume", pan, options);
}

export function deleteCard(vault: Vault, pan: ClearPAN, options: TestCardRequest = {}) {
  return new DirectCards(vault).card("delete", pan, options);
}

export function updateCardExpiry(
  vault: Vault,
  pan: ClearPAN,
  expiry: number,
  options: TestCardRequest = {},
) {
  return new DirectCards(vault).card("expiry", pan, { ...options, expiry });
}

export interface TestPanUpdate {
  readonly pan: ClearPAN;
  readonly newPan: ClearPAN;
  readonly newExpiry: number;
  readonly issuerId?: string;
  readonly reason?: CardReasonName;
}

export function updatePan(vault: Vault, update: TestPanUpdate) {
  const { pan, newPan, newExpiry, ...options } = update;
  return new DirectCards(vault).updatePan(pan, newPan, newExpiry, options);
}
