// What requestors do with their tokens: checks of the business, then the command or the reading.
import { CardDesk, type Provision, type TokenAction, withProof } from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError, type Clock, type Logger } from "../../platform/mod.ts";
import { getToken, mitType, type TokenView, type Vault } from "../../vault/mod.ts";
import type { CardArt } from "../art/mod.ts";
import type { CardRate } from "../grpc/card-rate.ts";
import type { CommandsPort, TokenDataIssuer } from "../grpc/ports.ts";
import { shownArt } from "./art-handlers.ts";
import type { Answer, Call, Handlers } from "./call.ts";
import { openCard, sealAnswer } from "./encrypted-card.ts";
import { FieldErrors } from "./problem.ts";
import type { AgreementBody } from "./schemas.ts";
import type { ServerKeys } from "./server-keys.ts";

export interface TokenPorts {
  readonly vault: Vault;
  readonly commands: CommandsPort;
  readonly tokenData: TokenDataIssuer;
  readonly keys: () => ServerKeys;
  readonly provisions: CardRate;
  readonly art: CardArt;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Oldest proof that is taken, and how far ahead of our clock its time may be. */
const proofAgeMaxMs = 24 * 3_600_000;
const skewMs = 60_000;

/** Token assurance methods: issuer interactive with two factors, issuer risk based. */
const assurance = { CHALLENGE: 12, FRICTIONLESS: 13 } as const;
const mitTypes = { RECURRING: mitType.R, INSTALMENT: mitType.I, UNSCHEDULED: mitType.U } as const;

export function typesOf(names: AgreementBody["mitTypes"]): number {
  return names.reduce((types, name) => types | mitTypes[name], 0);
}

export type TokenHandlers = Pick<
  Handlers,
  | "provisionToken"
  | "getToken"
  | "searchTokens"
  | "getTokenData"
  | "suspendToken"
  | "resumeToken"
  | "deleteToken"
  | "activateToken"
>;

export function tokenHandlers(ports: TokenPorts): TokenHandlers {
  const desk = new CardDesk(ports);
  return {
    provisionToken: (call) => provision(ports, desk, call),
    getToken: async ({ params, trid }) => {
      return { status: 200, body: shown(desk.viewToken(params.tokenRef!, trid)) };
    },
    searchTokens: async ({ body, trid }) => {
      const { keys, clock } = ports;
      const { pan } = await openCard(body.encryptedCard, keys(), clock.nowMs(), "number-only");
      const own = desk.viewCard(pan).tokens.filter((token) => token.trid === trid);
      return { status: 200, body: { tokens: own.map(shown) } };
    },
    getTokenData: (call) => tokenData(ports, call),
    suspendToken: (call) => act(desk, "suspend", call),
    resumeToken: (call) => act(desk, "resume", call),
    deleteToken: (call) => act(desk, "delete", call),
    activateToken: (call) => act(desk, "activate", call),
  };
}

async function provision(
  ports: TokenPorts,
  desk: CardDesk,
  call: Call<"provisionToken">,
): Promise<Answer<"provisionToken">> {
  const { body, trid } = call;
  const nowMs = ports.clock.nowMs();
  if (body.trid !== trid) {
    throw appError("TRID_NOT_ALLOWED", "The body names another TRID than the header.");
  }
  const { dsTransId, flow } = checkProof(body.cardholderVerification, nowMs);
  const { pan, expiry } = await openCard(body.encryptedCard, ports.keys(), nowMs, "with-expiry");
  ports.provisions.take(pan, desk, call.desk);
  const command: Provision = {
    command: "provision",
    pan,
    panExpiry: expiry,
    trid,
    assurance: assurance[flow],
    active: true,
    verified: true,
    async: false,
    agreement: body.agreement && termsOf(body.agreement),
  };
  const done = await withProof({ ...ports, desk }, call.desk, { ...command, dsTransId }, () =>
    desk.provision(call.desk, command),
  );
  const token = desk.viewToken(String(done.answer.tokenRef), trid);
  const reused = done.answer.reused === true;
  const range = desk.rangeOf(pan);
  const look = await ports.art.lookOrNone(range, call.desk.deadlineMs, ports.log);
  return {
    status: reused ? 200 : 201,
    repeated: done.repeated,
    body: {
      decision: "APPROVED",
      tokenRef: token.ref,
      tpan: digitsOf(token.tpan),
      tpanExpiry: token.expiry,
      status: token.status,
      ...parOf(token),
      trid,
      tokenAssuranceMethod: token.assurance,
      reused,
      card: {
        last4: last4(token.pan),
        expiry: token.cardExpiry,
        ...(range === undefined ? {} : { productName: range.product }),
      },
      ...(range === undefined ? {} : { issuer: { id: range.issuer.id, name: range.issuer.name } }),
      ...(look === undefined ? {} : { cardArt: shownArt(look) }),
      createdAt: timeText(token.provisionedAt),
    },
  };
}

/** VERIFICATION_REQUIRED, CARD_VERIFICATION_FAILED, VERIFICATION_STALE, INVALID_FIELD. */
function checkProof(
  proof: Call<"provisionToken">["body"]["cardholderVerification"],
  nowMs: number,
) {
  if (proof === undefined) throw appError("VERIFICATION_REQUIRED", "A cardholder check is needed.");
  if (proof.transStatus !== "Y") {
    throw appError("CARD_VERIFICATION_FAILED", "The cardholder check did not succeed.");
  }
  const atMs = Date.parse(proof.authenticatedAt);
  if (Number.isNaN(atMs)) {
    const field = "cardholderVerification.authenticatedAt";
    throw new FieldErrors([{ field, code: "INVALID_FIELD", detail: "a time, RFC 3339" }]);
  }
  if (atMs < nowMs - proofAgeMaxMs || atMs > nowMs + skewMs) {
    throw appError("VERIFICATION_STALE", "The cardholder check is too old, or from the future.");
  }
  return { dsTransId: proof.dsTransId, flow: proof.authenticationFlow };
}

export function termsOf({ id, acquirerId, merchantId, mitTypes: types }: AgreementBody) {
  const name = { acquirer: acquirerId, merchant: merchantId, id };
  return { ...name, types: typesOf(types), source: "PROVISION" } as const;
}

async function tokenData(
  { tokenData: issuer }: TokenPorts,
  { client, trid, params, body }: Call<"getTokenData">,
): Promise<Answer<"getTokenData">> {
  const { transactionType, amount, merchantId, unpredictableNumber: nonce, bind } = body;
  const data = await issuer.issue({
    trid,
    tokenRef: params.tokenRef!,
    transactionType,
    amount: BigInt(amount.value),
    currency: amount.currency === "MYR" ? "458" : amount.currency,
    merchantId,
    unpredictableNumber: nonce === undefined ? null : Buffer.from(nonce, "hex"),
    bindAmount: bind?.amount !== false,
    bindMerchant: bind?.merchant !== false,
  });
  const answer = { ...data, expiresAt: timeText(data.expiresAt) };
  const { encryption } = client.keys;
  if (encryption === null) return { status: 201, body: answer };
  return { status: 201, body: { encryptedTokenData: await sealAnswer(answer, encryption) } };
}

async function act(
  desk: CardDesk,
  action: TokenAction["action"],
  call: Call<"suspendToken">,
): Promise<Answer<"suspendToken">> {
  const { trid, params, body } = call;
  const { answer, repeated } = await desk.token(call.desk, params.tokenRef!, (ref) => ({
    command: "token",
    action,
    ref,
    caller: { who: "REQUESTOR", trid },
    cause: "TOKEN_REQUESTOR",
    reason: body.reasonCode ?? "NONE",
    expectVersion: body.expectedVersion,
  }));
  return {
    status: 200,
    repeated,
    body: {
      tokenRef: String(answer.tokenRef),
      changed: answer.changed === true,
      status: answer.status as TokenView["status"],
      suspendedBy: answer.suspendedBy as string[],
      version: Number(answer.version),
    },
  };
}

export function shown(token: TokenView) {
  return {
    tokenRef: token.ref,
    status: token.status,
    suspendedBy: [...token.suspendedBy],
    trid: token.trid,
    tpanLast4: last4(token.tpan),
    tpanExpiry: token.expiry,
    ...parOf(token),
    tokenAssuranceMethod: token.assurance,
    primary: token.primary,
    card: { last4: last4(token.pan), expiry: token.cardExpiry, status: token.cardStatus },
    createdAt: timeText(token.provisionedAt),
    version: token.version,
  };
}

function parOf({ par }: TokenView): { readonly par?: string } {
  return par === undefined ? {} : { par };
}

function last4(number: ClearPAN): string {
  return number.mask().slice(-4);
}

export function timeText(unixSeconds: number): string {
  return new Date(unixSeconds * 1_000).toISOString();
}

/** The one number that leaves in clear: a requestor's own token. */
function digitsOf(number: ClearPAN): string {
  const digits = Buffer.alloc(number.length);
  number.copyTo(digits, 0);
  const text = digits.toString("latin1");
  digits.fill(0);
  return text;
}

/** TOKEN_NOT_FOUND for another requestor's token too. */
export function ownIndex(vault: Vault, ref: string, trid: string): Buffer {
  vault.freshRead();
  return getToken(vault, ref, trid).index;
}
