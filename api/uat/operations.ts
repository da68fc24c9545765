// The table of what the migrations' door serves.
import { type Operation, operations as requestors } from "../http/operations.ts";
import * as schema from "./schemas.ts";

export const uatOperations = {
  migrateCard: {
    method: "POST",
    path: "/tr/v1/migrations/cards",
    scope: "migrations",
    summary:
      "Takes one stored card to its token: its issuer is asked by a pre-authorisation of " +
      "nothing, which is reversed, and the answer waits for it.",
    mutates: true,
    body: schema.cardRequest,
    answers: { 200: schema.cardAnswer, 201: schema.cardAnswer },
    errors: [
      "CARD_NOT_ELIGIBLE",
      "CARD_NOT_ALLOWED",
      "CARD_EXPIRED",
      "CARD_VERIFICATION_FAILED",
      "PAN_INVALID",
      "DECRYPTION_FAILED",
      "TOKEN_LIMIT_REACHED",
      "TOKEN_RANGE_FULL",
      "ISSUER_TIMEOUT",
    ],
  },
  createMigration: {
    method: "POST",
    path: "/tr/v1/migrations",
    scope: "migrations",
    summary: "Takes a batch of stored cards; MIGRATION_COMPLETED tells of its end.",
    mutates: true,
    body: schema.batchRequest,
    bodyBytesMax: schema.batchBytesMax,
    answers: { 202: schema.batchAnswer },
    errors: [],
  },
  getMigration: {
    method: "GET",
    path: "/tr/v1/migrations/{migrationId}",
    scope: "migrations",
    summary: "How far a batch is and, when it is done, what came of each card.",
    mutates: false,
    answers: { 200: schema.batchResult },
    errors: ["MIGRATION_NOT_FOUND"],
  },
  listKeys: requestors.listKeys,
} as const satisfies Record<string, Operation>;
