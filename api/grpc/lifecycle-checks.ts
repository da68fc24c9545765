// Checks of a requestor's lifecycle calls, field by field.
import type { Provision, PutAgreement } from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { lifecycle } from "../../proto/mod.ts";
import { type AgreementName, type CardReasonName, mitTypesOf } from "../../vault/mod.ts";
import { contentDigest } from "../http/content-digest.ts";
import { FieldCheck } from "./card-checks.ts";

/** Oldest proof that is taken, and how far ahead of our clock its time may be. */
const proofAgeMaxMs = 24 * 3_600_000;
const skewMs = 60_000;

/** Token assurance methods: issuer interactive with two factors, issuer risk based. */
const assurance = { challenged: 12, frictionless: 13 } as const;

export interface ActionFields {
  readonly idempotencyKey: string;
  readonly trid: string;
  readonly tokenRef: string;
  readonly reason: CardReasonName;
  readonly expectVersion: number | undefined;
}

export function checkAction(action: lifecycle.TokenAction | undefined): ActionFields {
  const check = new FieldCheck();
  if (action === undefined) check.missing("action");
  check.done();
  const inner = new FieldCheck("action.");
  const given = action as lifecycle.TokenAction;
  const fields = {
    idempotencyKey: inner.idempotencyKey(given.idempotencyKey),
    trid: inner.trid(given.trid),
    tokenRef: inner.tokenRef(given.tokenRef),
    reason: inner.reason(given.reasonCode),
    expectVersion: given.expectedVersion,
  };
  inner.done();
  return fields;
}

/** Throws CARD_VERIFICATION_FAILED, VERIFICATION_STALE, or InvalidFields with all of them. */
export function checkProvision(
  request: lifecycle.ProvisionTokenRequest,
  nowMs: number,
): {
  readonly idempotencyKey: string;
  readonly dsTransId: string;
  /** SHA-256 of what is asked, but for the card number. */
  readonly content: Buffer;
  readonly command: Provision;
} {
  const check = new FieldCheck();
  const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
  const trid = check.trid(request.trid);
  const { card, verification, agreement } = request;
  if (card === undefined) check.missing("card");
  const pan = card && check.pan("card.pan", card.pan);
  const panExpiry = card === undefined ? 0 : check.yymm("card.expiry", card.expiry);
  if (verification === undefined) check.missing("verification");
  const atMs = check.time("verification.authenticated_at", verification?.authenticatedAt);
  if (verification !== undefined && verification.authenticatedAt === undefined) {
    check.missing("verification.authenticated_at");
  }
  const dsTransId = verification === undefined ? "" : checkDsTransId(check, verification);
  const terms = agreement && checkTerms(check, agreement, "agreement.");
  check.done();
  if (verification?.transStatus !== "Y") {
    throw appError("CARD_VERIFICATION_FAILED", "The cardholder check did not succeed.");
  }
  if (atMs < nowMs - proofAgeMaxMs || atMs > nowMs + skewMs) {
    throw appError("VERIFICATION_STALE", "The cardholder check is too old, or from the future.");
  }
  const command: Provision = {
    command: "provision",
    pan: pan!,
    panExpiry,
    trid,
    assurance: verification.challenged ? assurance.challenged : assurance.frictionless,
    active: true,
    verified: true,
    async: request.notify,
    agreement: terms && { ...terms, source: "PROVISION" },
  };
  const { pan: _, ...said } = command;
  const content = contentDigest({ ...said, dsTransId: dsTransId.toLowerCase(), atMs });
  return { idempotencyKey, dsTransId, content, command };
}

function checkDsTransId(check: FieldCheck, { dsTransId }: lifecycle.CardVerification): string {
  const uuid = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;
  return check.text("verification.ds_trans_id", dsTransId, uuid, "a UUID");
}

type Terms = AgreementName & { readonly types: number };

function checkName(
  check: FieldCheck,
  name: Pick<lifecycle.Agreement, "acquirerId" | "merchantId" | "agreementId">,
  prefix: string,
): AgreementName {
  const merchantRule = "1 to 15 printable ASCII characters";
  const idRule = "1 to 36 printable ASCII characters";
  return {
    acquirer: check.text(
      `${prefix}acquirer_id`,
      name.acquirerId,
      /^[0-9]{1,11}$/,
      "1 to 11 digits",
    ),
    merchant: check.text(`${prefix}merchant_id`, name.merchantId, /^[ -~]{1,15}$/, merchantRule),
    id: check.text(`${prefix}agreement_id`, name.agreementId, /^[ -~]{1,36}$/, idRule),
  };
}

function checkTerms(check: FieldCheck, agreement: lifecycle.Agreement, prefix: string): Terms {
  const name = checkName(check, agreement, prefix);
  const types = mitTypesOf(agreement.mitTypes);
  if (agreement.mitTypes === "") check.missing(`${prefix}mit_types`);
  else if (types === undefined) check.refuse(`${prefix}mit_types`, "letters out of R, I and U");
  return { ...name, types: types ?? 0 };
}

export function checkAgreement(request: lifecycle.PutAgreementRequest): {
  readonly idempotencyKey: string;
  readonly trid: string;
  readonly tokenRef: string;
  readonly agreement: PutAgreement["agreement"];
} {
  const check = new FieldCheck();
  const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
  const trid = check.trid(request.trid);
  const tokenRef = check.tokenRef(request.tokenRef);
  if (request.agreement === undefined) check.missing("agreement");
  const terms = request.agreement && checkTerms(check, request.agreement, "agreement.");
  check.done();
  return { idempotencyKey, trid, tokenRef, agreement: { ...terms!, source: "PROVISION" } };
}

export function checkRevoke(request: lifecycle.RevokeAgreementRequest): {
  readonly idempotencyKey: string;
  readonly trid: string;
  readonly tokenRef: string;
  readonly name: AgreementName;
} {
  const check = new FieldCheck();
  const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
  const trid = check.trid(request.trid);
  const tokenRef = check.tokenRef(request.tokenRef);
  const name = checkName(check, request, "");
  check.done();
  return { idempotencyKey, trid, tokenRef, name };
}

export function checkWebhook(request: lifecycle.PutWebhookRequest): {
  readonly idempotencyKey: string;
  readonly trid: string;
  readonly url: string;
  readonly secret: string;
  readonly rotateKey: boolean;
} {
  const check = new FieldCheck();
  const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
  const trid = check.trid(request.trid);
  const url = check.text("url", request.url, /^[!-~]{1,255}$/, "an https address");
  const { secret, rotateKey } = request;
  const secretForm = /^(whsec_[A-Za-z0-9+/]{32,88}={0,2})?$/;
  if (!secretForm.test(secret)) check.refuse("secret", "whsec_ and base64 of 24 to 64 bytes");
  check.done();
  return { idempotencyKey, trid, url, secret, rotateKey };
}
