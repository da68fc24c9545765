// Operating errors of calls, commands and start-up, as data. A payment decline is an answer and has
// its own table; these rows are for calls that got no decision and for programs that cannot go on.

import { adminCodes } from "./admin-codes.ts";
import { type GrpcStatusName, grpcStatus } from "./grpc-status.ts";

/** What sort of fault it is; decides nothing by itself, the row does. */
export type ErrorKind =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "wrong-state"
  | "refused"
  | "conflict"
  | "overloaded"
  | "too-late"
  | "unavailable"
  | "internal"
  | "start-up"
  | "command";

/** Exit codes that are not a fault of one row, and what they say. */
export const exitCode = {
  DONE: 0,
  FAILED: 1,
  USAGE: 2,
  REJECTED_ROWS: 3,
  NOT_REACHABLE: 4,
  INTERRUPTED: 130,
} as const;

type Row = readonly [
  kind: ErrorKind,
  grpc: GrpcStatusName,
  http: number,
  exit: number,
  retry: "never" | "later",
  meaning: string,
];

const INVALID = "INVALID_ARGUMENT";
const STATE = "FAILED_PRECONDITION";
const AUTH = "UNAUTHENTICATED";
const DENIED = "PERMISSION_DENIED";

const rows = {
  INVALID_REQUEST: ["invalid", INVALID, 400, 1, "never", "The request cannot be read."],
  INVALID_FIELD: ["invalid", INVALID, 400, 1, "never", "A field has a value it may not have."],
  MISSING_FIELD: ["invalid", INVALID, 400, 1, "never", "A mandatory field is absent."],
  MESSAGE_INVALID: ["invalid", INVALID, 400, 1, "never", "An ISO 8583 message does not parse."],
  PAYLOAD_TOO_LARGE: ["invalid", INVALID, 413, 1, "never", "The request exceeds its size limit."],
  UNSUPPORTED_MEDIA_TYPE: ["invalid", INVALID, 415, 1, "never", "The content type is not served."],
  UNIMPLEMENTED: ["invalid", "UNIMPLEMENTED", 501, 1, "never", "No such method is served here."],

  INVALID_CREDENTIALS: [
    "unauthenticated",
    AUTH,
    401,
    1,
    "never",
    "The caller is not known: no certificate, or one that no peer is configured for.",
  ],
  INVALID_SIGNATURE: ["unauthenticated", AUTH, 401, 1, "never", "The signature does not verify."],
  SIGNATURE_EXPIRED: ["unauthenticated", AUTH, 401, 1, "never", "The signature is too old."],
  REPLAYED_REQUEST: [
    "unauthenticated",
    AUTH,
    401,
    1,
    "never",
    "The signed request was seen before.",
  ],

  TRID_NOT_ALLOWED: ["forbidden", DENIED, 403, 1, "never", "The caller may not act for this TRID."],
  REQUESTOR_SUSPENDED: ["forbidden", DENIED, 403, 1, "never", "The token requestor is suspended."],
  SCOPE_MISSING: ["forbidden", DENIED, 403, 1, "never", "The caller lacks the role for this call."],
  PAN_NOT_OWNED: [
    "forbidden",
    DENIED,
    403,
    1,
    "never",
    "The PAN lies outside the issuer's ranges.",
  ],

  PATH_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "Nothing is served at this path."],
  ASSET_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "There is no such picture."],
  SUBSCRIBER_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "There is no such subscriber."],
  TOKEN_NOT_FOUND: [
    "not-found",
    "NOT_FOUND",
    404,
    1,
    "never",
    "No such token of this requestor; also the answer for another requestor's token.",
  ],
  CARD_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "No such card."],
  REQUESTOR_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "No such token requestor."],
  MIGRATION_NOT_FOUND: [
    "not-found",
    "NOT_FOUND",
    404,
    1,
    "never",
    "No such batch of stored cards.",
  ],
  KEY_NOT_FOUND: ["not-found", "NOT_FOUND", 404, 1, "never", "No such key or key version."],

  ...adminCodes,

  TOKEN_STATE_CONFLICT: [
    "wrong-state",
    STATE,
    409,
    1,
    "never",
    "The token's state does not allow the action.",
  ],
  PTAV_NOT_APPLICABLE: [
    "wrong-state",
    STATE,
    409,
    1,
    "never",
    "No PTAV is issued for a merchant-initiated payment.",
  ],
  REQUEST_IN_PROGRESS: [
    "conflict",
    "ABORTED",
    409,
    1,
    "later",
    "The same request is being worked on.",
  ],
  VERSION_CONFLICT: [
    "conflict",
    "ABORTED",
    409,
    1,
    "later",
    "The record changed since it was read.",
  ],
  ALREADY_EXISTS: [
    "conflict",
    "ALREADY_EXISTS",
    409,
    1,
    "never",
    "What is to be made is there already.",
  ],
  TOKEN_DELETED: ["wrong-state", STATE, 410, 1, "never", "The token was deleted."],

  CARD_NOT_ELIGIBLE: ["refused", STATE, 422, 1, "never", "The card's range is not registered."],
  CARD_NOT_ALLOWED: [
    "refused",
    STATE,
    422,
    1,
    "never",
    "The issuer does not take part, or the card is suspended or closed.",
  ],
  CARD_EXPIRED: ["refused", STATE, 422, 1, "never", "The card has expired."],
  CARD_VERIFICATION_FAILED: ["refused", STATE, 422, 1, "never", "The cardholder check failed."],
  PAN_INVALID: ["refused", INVALID, 422, 1, "never", "The PAN's length or check digit is wrong."],
  VERIFICATION_REQUIRED: ["refused", STATE, 422, 1, "never", "A cardholder check is needed."],
  VERIFICATION_STALE: ["refused", STATE, 422, 1, "never", "The cardholder check is too old."],
  VERIFICATION_USED: ["refused", STATE, 422, 1, "never", "The cardholder check was used before."],
  TOKEN_LIMIT_REACHED: ["refused", STATE, 422, 1, "never", "The card has its most tokens already."],
  DECRYPTION_FAILED: ["refused", INVALID, 422, 1, "never", "The encrypted part does not open."],
  PICTURE_REFUSED: ["refused", STATE, 422, 1, "never", "The picture cannot be card art."],
  WEBHOOK_URL_REFUSED: [
    "refused",
    INVALID,
    422,
    1,
    "never",
    "A webhook may not be sent to this address.",
  ],
  IDEMPOTENCY_KEY_REUSED: [
    "refused",
    "ALREADY_EXISTS",
    422,
    1,
    "never",
    "The idempotency key came with other content before.",
  ],
  TOKEN_SUSPENDED: ["refused", STATE, 422, 1, "later", "The token is suspended."],
  TOKEN_EXPIRED: ["refused", STATE, 422, 1, "never", "The token has expired."],

  RATE_LIMITED: [
    "overloaded",
    "RESOURCE_EXHAUSTED",
    429,
    1,
    "later",
    "The caller exceeds its rate.",
  ],
  OVERLOADED: [
    "overloaded",
    "RESOURCE_EXHAUSTED",
    429,
    1,
    "later",
    "A queue is full; nothing was begun.",
  ],
  TOKEN_RANGE_FULL: [
    "unavailable",
    "RESOURCE_EXHAUSTED",
    503,
    1,
    "never",
    "No token number is left in the open sub-ranges.",
  ],
  DEADLINE_EXCEEDED: [
    "too-late",
    "DEADLINE_EXCEEDED",
    504,
    1,
    "later",
    "The deadline passed before the work was done.",
  ],
  ISSUER_TIMEOUT: [
    "too-late",
    "DEADLINE_EXCEEDED",
    504,
    1,
    "later",
    "The issuer did not answer in time.",
  ],
  CANCELLED: ["too-late", "CANCELLED", 499, 1, "later", "The caller gave up."],
  SERVICE_UNAVAILABLE: [
    "unavailable",
    "UNAVAILABLE",
    503,
    1,
    "later",
    "The service is starting, draining, or lacks something it needs.",
  ],
  OUTCOME_UNKNOWN: [
    "unavailable",
    "UNAVAILABLE",
    503,
    1,
    "later",
    "Whether the command took effect is not known; send it again under the same key.",
  ],
  SHARD_MOVED: ["unavailable", "UNAVAILABLE", 503, 1, "later", "Another node answers for it."],
  SHARD_PARKED: [
    "unavailable",
    "UNAVAILABLE",
    503,
    1,
    "later",
    "A shard stands until an operator has looked at it: its log and the vault disagree.",
  ],
  LOG_FULL: ["overloaded", "RESOURCE_EXHAUSTED", 503, 1, "later", "The log has no room."],
  INTERNAL_ERROR: ["internal", "INTERNAL", 500, 1, "later", "A fault of the service itself."],

  FAILED: ["command", "INTERNAL", 500, 1, "never", "The command did its work and it went wrong."],
  USAGE: ["command", INVALID, 400, 2, "never", "The command line is wrong; see --help."],
  REJECTED_ROWS: ["command", INVALID, 400, 3, "never", "The work is done, some rows were refused."],
  NOT_REACHABLE: ["command", "UNAVAILABLE", 503, 4, "later", "The service does not answer."],
  INTERRUPTED: ["command", "CANCELLED", 499, 130, "later", "Stopped by Ctrl-C."],

  RUNTIME_TOO_OLD: ["start-up", "INTERNAL", 500, 5, "never", "This Node is too old."],
  CONFIG_INVALID: ["start-up", "INTERNAL", 500, 6, "never", "A setting is unknown or wrong."],
  INSECURE_REFUSED: [
    "start-up",
    "INTERNAL",
    500,
    7,
    "never",
    "A listener without TLS outside loopback was not allowed explicitly.",
  ],
  PORT_IN_USE: ["start-up", "INTERNAL", 500, 8, "never", "A port is taken or may not be opened."],
  CERTIFICATE_UNREADABLE: [
    "start-up",
    "INTERNAL",
    500,
    9,
    "never",
    "A certificate or its key cannot be read, or they do not fit together.",
  ],
  WRONG_PASSPHRASE: ["start-up", "INTERNAL", 500, 10, "never", "The passphrase opens no key."],
  KEY_FILE_CORRUPT: ["start-up", "INTERNAL", 500, 11, "never", "The key file is damaged."],
  KEYS_NOT_FOUND: ["start-up", "INTERNAL", 500, 12, "never", "The vault folder holds no keys."],
  VAULT_NOT_FOUND: ["start-up", "INTERNAL", 500, 13, "never", "The folder holds no vault."],
  VAULT_CORRUPT: ["start-up", "INTERNAL", 500, 14, "never", "The vault is damaged."],
  VAULT_TOO_NEW: ["start-up", "INTERNAL", 500, 15, "never", "The vault is of a newer version."],
  VAULT_IN_USE: ["start-up", "INTERNAL", 500, 16, "never", "Another process holds the vault."],
  DISK_FULL: ["start-up", "INTERNAL", 500, 17, "never", "No room is left on the disk."],
  MAP_FULL: ["start-up", "INTERNAL", 500, 18, "never", "A database reached its configured size."],
  FILE_UNREADABLE: [
    "start-up",
    "INTERNAL",
    500,
    19,
    "never",
    "A file cannot be read or written: missing, or not permitted.",
  ],
  FILE_INSECURE: [
    "start-up",
    "INTERNAL",
    500,
    20,
    "never",
    "A file that holds a secret can be read by others.",
  ],
  BACKUP_INVALID: ["start-up", "INTERNAL", 500, 21, "never", "The backup does not verify."],
  VAULT_TOO_OLD: ["start-up", "INTERNAL", 500, 22, "never", "Its tokens have no home shard."],
  LOG_UNFIT: [
    "start-up",
    "INTERNAL",
    500,
    24,
    "never",
    "The log's server or a stream of it is not set as Pantun relies on.",
  ],
  HSM_MODULE_MISSING: [
    "start-up",
    "INTERNAL",
    500,
    30,
    "never",
    "The HSM's library does not load.",
  ],
  HSM_TOKEN_MISSING: ["start-up", "INTERNAL", 500, 31, "later", "The HSM lacks the named token."],
  HSM_PIN_WRONG: ["start-up", "INTERNAL", 500, 32, "never", "The HSM refuses the PIN."],
  HSM_PIN_LOCKED: ["start-up", "INTERNAL", 500, 33, "never", "The PIN is locked or expired."],
  HSM_KEY_MISSING: ["start-up", "INTERNAL", 500, 34, "never", "The token lacks the vault's key."],
  HSM_FAILED: ["start-up", "INTERNAL", 500, 35, "later", "The HSM refused a call or has a fault."],
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof rows;

/** DE39 of a command that failed: by the sort of fault, but for the codes that have their own. */
const de39ByKind: Readonly<Partial<Record<ErrorKind, string>>> = {
  invalid: "30",
  unauthenticated: "63",
  forbidden: "57",
  "not-found": "14",
  "wrong-state": "12",
  refused: "12",
  overloaded: "91",
  "too-late": "91",
  unavailable: "91",
};
const de39ByCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  UNIMPLEMENTED: "12",
  PAN_INVALID: "14",
  IDEMPOTENCY_KEY_REUSED: "94",
};
const de39Otherwise = "96";

export interface ErrorRow {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly grpcName: GrpcStatusName;
  readonly grpc: number;
  readonly http: number;
  /** Of the answer to a command that came as an ISO 8583 message. */
  readonly de39: string;
  readonly exitCode: number;
  readonly retryable: boolean;
  readonly meaning: string;
}

function rowOf(code: ErrorCode): ErrorRow {
  const [kind, grpcName, http, exit, retry, meaning] = rows[code];
  return {
    code,
    kind,
    grpcName,
    grpc: grpcStatus[grpcName],
    http,
    de39: de39ByCode[code] ?? de39ByKind[kind] ?? de39Otherwise,
    exitCode: exit,
    retryable: retry === "later",
    meaning,
  };
}

/** Every operating error by its code. */
export const errorTable: ReadonlyMap<ErrorCode, ErrorRow> = new Map(
  (Object.keys(rows) as ErrorCode[]).map((code) => [code, rowOf(code)]),
);

/** The row of a code; codes are a closed set, so it is always there. */
export function errorRow(code: ErrorCode): ErrorRow {
  const row = errorTable.get(code);
  if (row === undefined) throw new Error(`error code ${code} is not in the table`);
  return row;
}
