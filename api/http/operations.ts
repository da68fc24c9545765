// The table of what is served: the server, the OpenAPI file and the reference page are made from
// it, and a test asks each operation for each of its errors.
import type { TSchema } from "typebox";
import type { ErrorCode } from "../../platform/mod.ts";
import * as schema from "./schemas.ts";

export const scopes = [
  "tokens:provision",
  "tokens:read",
  "tokens:data",
  "tokens:lifecycle",
  "agreements",
  "events",
  "webhook",
] as const;
export const issuerScopes = ["cards:lifecycle", "cards:read"] as const;
/** At the door of migrations, which has clients and keys of its own. */
export const migrationScopes = ["migrations"] as const;
export type Scope =
  | (typeof scopes)[number]
  | (typeof issuerScopes)[number]
  | (typeof migrationScopes)[number];

export interface Operation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `{name}` for a part that the caller chooses. */
  readonly path: string;
  /** Null: any client. */
  readonly scope: Scope | null;
  readonly summary: string;
  /** Changes something: the call must carry an Idempotency-Key. */
  readonly mutates: boolean;
  readonly body?: TSchema;
  readonly query?: TSchema;
  /** By HTTP status. */
  readonly answers: Readonly<Record<number, TSchema>>;
  /** Beside those that any call may get. */
  readonly errors: readonly ErrorCode[];
  /** The longest body, where it is not the door's 64 KiB. */
  readonly bodyBytesMax?: number;
  /** What a good answer is where it is not JSON. */
  readonly media?: "image/png";
}

/** What any call may get. */
export const commonErrors = [
  "INVALID_REQUEST",
  "INVALID_FIELD",
  "MISSING_FIELD",
  "INVALID_CREDENTIALS",
  "INVALID_SIGNATURE",
  "SIGNATURE_EXPIRED",
  "REPLAYED_REQUEST",
  "TRID_NOT_ALLOWED",
  "REQUESTOR_SUSPENDED",
  "SCOPE_MISSING",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "RATE_LIMITED",
  "OVERLOADED",
  "INTERNAL_ERROR",
  "SERVICE_UNAVAILABLE",
] as const satisfies readonly ErrorCode[];

/** What any change may get. */
export const changeErrors = [
  "REQUEST_IN_PROGRESS",
  "IDEMPOTENCY_KEY_REUSED",
  "VERSION_CONFLICT",
  "DEADLINE_EXCEEDED",
  "OUTCOME_UNKNOWN",
  "SHARD_MOVED",
  "SHARD_PARKED",
  "LOG_FULL",
] as const satisfies readonly ErrorCode[];

const token = "/tr/v1/tokens/{tokenRef}";

function action(verb: string, summary: string) {
  return {
    method: "POST",
    path: `${token}/${verb}`,
    scope: "tokens:lifecycle",
    summary,
    mutates: true,
    body: schema.actionRequest,
    answers: { 200: schema.actionAnswer },
    errors: ["TOKEN_NOT_FOUND", "TOKEN_STATE_CONFLICT", "TOKEN_DELETED"],
  } as const satisfies Operation;
}

export const operations = {
  provisionToken: {
    method: "POST",
    path: "/tr/v1/tokens",
    scope: "tokens:provision",
    summary: "Makes a token for a card, or gives the one that the requestor has for it.",
    mutates: true,
    body: schema.provisionRequest,
    answers: { 200: schema.provisionAnswer, 201: schema.provisionAnswer },
    errors: [
      "CARD_NOT_ELIGIBLE",
      "CARD_NOT_ALLOWED",
      "CARD_EXPIRED",
      "PAN_INVALID",
      "DECRYPTION_FAILED",
      "CARD_VERIFICATION_FAILED",
      "VERIFICATION_REQUIRED",
      "VERIFICATION_STALE",
      "VERIFICATION_USED",
      "TOKEN_LIMIT_REACHED",
      "TOKEN_RANGE_FULL",
    ],
  },
  getToken: {
    method: "GET",
    path: token,
    scope: "tokens:read",
    summary: "The state of a token and of its card.",
    mutates: false,
    answers: { 200: schema.tokenAnswer },
    errors: ["TOKEN_NOT_FOUND"],
  },
  searchTokens: {
    method: "POST",
    path: "/tr/v1/tokens/search",
    scope: "tokens:read",
    summary: "The requestor's own tokens of a card.",
    mutates: false,
    body: schema.searchRequest,
    answers: { 200: schema.searchAnswer },
    errors: ["PAN_INVALID", "DECRYPTION_FAILED"],
  },
  getTokenData: {
    method: "POST",
    path: `${token}/token-data`,
    scope: "tokens:data",
    summary: "A cryptogram (PTAV) for one payment; every call gives a new one.",
    mutates: false,
    body: schema.tokenDataRequest,
    answers: { 201: schema.tokenDataAnswer },
    errors: [
      "TOKEN_NOT_FOUND",
      "PTAV_NOT_APPLICABLE",
      "TOKEN_STATE_CONFLICT",
      "TOKEN_DELETED",
      "TOKEN_SUSPENDED",
      "TOKEN_EXPIRED",
      "CARD_EXPIRED",
      "CARD_NOT_ALLOWED",
    ],
  },
  suspendToken: action("suspend", "Suspends a token for the requestor's own reasons."),
  resumeToken: action("resume", "Takes the requestor's own suspension back."),
  deleteToken: action("delete", "Ends a token for good."),
  activateToken: action("activate", "Makes an inactive token usable."),
  listAgreements: {
    method: "GET",
    path: `${token}/agreements`,
    scope: "agreements",
    summary: "The agreements by which a merchant may begin payments.",
    mutates: false,
    answers: { 200: schema.agreementsAnswer },
    errors: ["TOKEN_NOT_FOUND"],
  },
  putAgreement: {
    method: "POST",
    path: `${token}/agreements`,
    scope: "agreements",
    summary: "Attests an agreement; the requestor must be allowed to.",
    mutates: true,
    body: schema.agreement,
    answers: { 200: schema.changedAnswer },
    errors: ["TOKEN_NOT_FOUND", "TOKEN_DELETED", "TOKEN_LIMIT_REACHED"],
  },
  cancelAgreement: {
    method: "POST",
    path: `${token}/agreements/{agreementId}/cancel`,
    scope: "agreements",
    summary: "Ends an agreement.",
    mutates: true,
    body: schema.cancelRequest,
    answers: { 200: schema.changedAnswer },
    errors: ["TOKEN_NOT_FOUND"],
  },
  listEvents: {
    method: "GET",
    path: "/tr/v1/events",
    scope: "events",
    summary: "What happened to the requestor's tokens since a cursor.",
    mutates: false,
    query: schema.eventsQuery,
    answers: { 200: schema.eventsAnswer },
    errors: ["TOKEN_NOT_FOUND"],
  },
  putWebhook: {
    method: "PUT",
    path: "/tr/v1/webhook",
    scope: "webhook",
    summary: "Where the requestor is told of events, signed by Standard Webhooks.",
    mutates: true,
    body: schema.webhookRequest,
    answers: { 200: schema.webhookAnswer },
    errors: ["WEBHOOK_URL_REFUSED"],
  },
  deleteWebhook: {
    method: "DELETE",
    path: "/tr/v1/webhook",
    scope: "webhook",
    summary: "Ends the webhook.",
    mutates: true,
    answers: { 200: schema.changedAnswer },
    errors: [],
  },
  testWebhook: {
    method: "POST",
    path: "/tr/v1/webhook/test",
    scope: "webhook",
    summary: "Sends one signed WEBHOOK_TEST to the webhook and says what came of it.",
    mutates: false,
    answers: { 200: schema.webhookTestAnswer },
    errors: ["SUBSCRIBER_NOT_FOUND", "WEBHOOK_URL_REFUSED"],
  },
  getAsset: {
    method: "GET",
    path: "/tr/v1/assets/{assetId}",
    scope: null,
    summary:
      "A picture of a card, to be kept for ever: its id never means another one. With " +
      "`If-None-Match` and its `ETag` 304.",
    mutates: false,
    media: "image/png",
    answers: { 200: schema.picture, 304: schema.nothing },
    errors: ["ASSET_NOT_FOUND"],
  },
  listKeys: {
    method: "GET",
    path: "/tr/v1/keys",
    scope: null,
    summary: "Our public keys for encrypted cards.",
    mutates: false,
    answers: { 200: schema.keysAnswer },
    errors: [],
  },
  listTokenBins: {
    method: "GET",
    path: "/tr/v1/token-bins",
    scope: null,
    summary: "What token numbers begin with, and whose cards they stand for.",
    mutates: false,
    answers: { 200: schema.tokenBinsAnswer },
    errors: [],
  },
} as const satisfies Record<string, Operation>;

export type OperationId = keyof typeof operations;
export const operationIds = Object.keys(operations) as OperationId[];
