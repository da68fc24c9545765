// The table of what the administration API serves: the server and the OpenAPI file are made from
// it.
import type { TSchema } from "typebox";
import type { ErrorCode } from "../../platform/mod.ts";
import * as schema from "./schemas.ts";

export interface AdminOperation {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly summary: string;
  /** Changes something: the call must carry an Idempotency-Key. */
  readonly mutates: boolean;
  readonly body?: TSchema;
  /** What describes the body where that says more than what checks it first. */
  readonly bodyShown?: TSchema;
  readonly query?: TSchema;
  readonly status: 200 | 201;
  readonly answer: TSchema;
  readonly errors: readonly ErrorCode[];
}

/** What any call may get. */
export const adminErrors = [
  "INVALID_REQUEST",
  "INVALID_FIELD",
  "MISSING_FIELD",
  "INVALID_CREDENTIALS",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "RATE_LIMITED",
  "INTERNAL_ERROR",
  "SERVICE_UNAVAILABLE",
] as const satisfies readonly ErrorCode[];

/** What any change may get. */
export const adminChangeErrors = [
  "SCOPE_MISSING",
  "REQUEST_IN_PROGRESS",
  "IDEMPOTENCY_KEY_REUSED",
  "OVERLOADED",
  "DEADLINE_EXCEEDED",
  "OUTCOME_UNKNOWN",
  "SHARD_MOVED",
  "SHARD_PARKED",
  "LOG_FULL",
] as const satisfies readonly ErrorCode[];

function read(path: string, answer: TSchema, summary: string) {
  const row = { method: "GET", path: `/admin/v1/${path}`, summary, mutates: false } as const;
  return { ...row, status: 200, answer, errors: [] } as const satisfies AdminOperation;
}

function decide(verb: string, summary: string, errors: readonly ErrorCode[]) {
  return {
    method: "POST",
    path: `/admin/v1/changes/{changeId}/${verb}`,
    summary,
    mutates: true,
    body: schema.reason,
    status: 200,
    answer: schema.decided,
    errors: ["CHANGE_NOT_FOUND", "CHANGE_CLOSED", ...errors],
  } as const satisfies AdminOperation;
}

export const adminOperations = {
  whoAmI: read("me", schema.me, "Who the caller is, and what he may do."),
  listIssuers: read("issuers", schema.issuers, "Issuers."),
  listRanges: read("ranges", schema.ranges, "BIN ranges of card numbers."),
  listSubRanges: read("sub-ranges", schema.subRanges, "Token sub-ranges and how full they are."),
  listRequestors: read("requestors", schema.requestors, "Token requestors."),
  listAcquirers: read("acquirers", schema.acquirers, "Acquirers."),
  listUsers: read("users", schema.users, "Users of this API."),
  getPolicy: read("policy", schema.policy, "Which changes one person may make alone."),
  listKeys: read("keys", schema.keys, "Keys with their states and check values."),
  listChanges: {
    ...read("changes", schema.changes, "Proposed changes, and what became of them."),
    query: schema.changesQuery,
  },
  getChange: {
    ...read("changes/{changeId}", schema.change, "One change."),
    errors: ["CHANGE_NOT_FOUND"],
  },
  proposeChange: {
    method: "POST",
    path: "/admin/v1/changes",
    summary: "Proposes a change; another user approves it.",
    mutates: true,
    body: schema.proposalForm,
    bodyShown: schema.proposal,
    status: 201,
    answer: schema.decided,
    errors: ["ALREADY_EXISTS", "REQUESTOR_NOT_FOUND", "KEY_NOT_FOUND", "UNIMPLEMENTED"],
  },
  approveChange: decide("approve", "Approves another's change, which is carried out then.", [
    "SECOND_PERSON_NEEDED",
    "VERSION_CONFLICT",
    "REQUESTOR_NOT_FOUND",
  ]),
  refuseChange: decide("refuse", "Refuses another's change.", ["SECOND_PERSON_NEEDED"]),
  withdrawChange: decide("withdraw", "Takes one's own change back.", []),
} as const satisfies Record<string, AdminOperation>;

export type AdminOperationId = keyof typeof adminOperations;
export const adminOperationIds = Object.keys(adminOperations) as AdminOperationId[];
