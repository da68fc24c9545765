// The table of what a switch or directory server is served over JSON: the server, the OpenAPI file
// and the tests are made from it.
import type { TSchema } from "typebox";
import type { ErrorCode } from "../../platform/mod.ts";
import type { SwitchRole } from "../grpc/ports.ts";
import * as schema from "./schemas.ts";

export interface SwitchOperation {
  readonly path: string;
  readonly role: SwitchRole;
  readonly summary: string;
  readonly body: TSchema;
  readonly answer: TSchema;
}

export const switchErrors = [
  "INVALID_REQUEST",
  "INVALID_FIELD",
  "MISSING_FIELD",
  "INVALID_CREDENTIALS",
  "SCOPE_MISSING",
  "PAYLOAD_TOO_LARGE",
  "UNSUPPORTED_MEDIA_TYPE",
  "RATE_LIMITED",
  "OVERLOADED",
  "DEADLINE_EXCEEDED",
  "INTERNAL_ERROR",
  "SERVICE_UNAVAILABLE",
] as const satisfies readonly ErrorCode[];

export const switchOperations = {
  verify: {
    path: "/switch/v1/verify",
    role: "switch",
    summary: "Is this token payment genuine, and which card is behind it?",
    body: schema.verifyRequest,
    answer: schema.verifyAnswer,
  },
  resolve: {
    path: "/switch/v1/resolve",
    role: "directory-server",
    summary: "Which issuer is behind a token: asked by a 3-D Secure directory server.",
    body: schema.resolveRequest,
    answer: schema.resolveAnswer,
  },
  advice: {
    path: "/switch/v1/advice",
    role: "switch",
    summary: "What the issuer said in the end (0120); kept for history.",
    body: schema.adviceRequest,
    answer: schema.adviceAnswer,
  },
} as const satisfies Record<string, SwitchOperation>;

export type SwitchOperationId = keyof typeof switchOperations;
export const switchOperationIds = Object.keys(switchOperations) as SwitchOperationId[];
