// Stored cards over JSON: opened, judged in form, and handed to what works on records.

import {
  appError,
  type Clock,
  type ErrorCode,
  errorTable,
  isAppError,
} from "../../platform/mod.ts";
import type { AnswerTo, CallTo, HandlersOf } from "../http/call.ts";
import { openCard } from "../http/encrypted-card.ts";
import { FieldErrors } from "../http/problem.ts";
import type { ServerKeys } from "../http/server-keys.ts";
import {
  type BatchCard,
  type BatchDesk,
  type CardCall,
  type CardDone,
  judgeRow,
  type RecordResult,
  type RunStatus,
  rowOf,
  type StoredCard,
} from "../migration/mod.ts";
import type { uatOperations } from "./operations.ts";
import type { CardBody } from "./schemas.ts";

type Operations = typeof uatOperations;

export interface UatPorts {
  readonly ledger: { migrate(call: CardCall): Promise<CardDone> };
  readonly batches: Pick<BatchDesk, "take" | "status" | "results">;
  readonly keys: ServerKeys;
  /** How long a caller waits for one card. */
  readonly cardLimitMs: number;
  readonly clock: Clock;
}

/** Cards of a batch that are opened at a time: each takes a thread of the pool for some ms. */
const opensMax = 16;

export function uatHandlers(ports: UatPorts): HandlersOf<Operations> {
  return {
    migrateCard: (call) => migrateCard(ports, call),
    createMigration: (call) => createMigration(ports, call),
    getMigration: async ({ trid, params }) => {
      const status = ports.batches.status(trid, params.migrationId!);
      if (status === undefined) throw appError("MIGRATION_NOT_FOUND", "There is no such batch.");
      const body = shownBatch(status);
      if (status.finishedAt === undefined) return { status: 200, body };
      const results = ports.batches.results(status).map(shownRecord);
      return { status: 200, body: { ...body, results } };
    },
    listKeys: async () => ({ status: 200, body: { keys: [...ports.keys.cardSet] } }),
  };
}

async function migrateCard(
  { ledger, keys, clock, cardLimitMs: limitMs }: UatPorts,
  { trid, body, desk }: CallTo<Operations["migrateCard"]>,
): Promise<AnswerTo<Operations["migrateCard"]>> {
  const card = await cardOf(body, "", keys, clock.nowMs());
  const { client, idempotencyKey } = desk;
  const { result, repeated } = await ledger.migrate({
    ...{ trid, client, idempotencyKey, card, limitMs },
  });
  if (!("tokenRef" in result)) throw failureOf(result);
  const { status } = result;
  return { status: result.reused ? 200 : 201, repeated, body: { status, ...shownToken(result) } };
}

async function createMigration(
  { batches, keys, clock }: UatPorts,
  { trid, body, desk }: CallTo<Operations["createMigration"]>,
): Promise<AnswerTo<Operations["createMigration"]>> {
  const cards: BatchCard[] = [];
  const nowMs = clock.nowMs();
  for (let from = 0; from < body.cards.length; from += opensMax) {
    const some = body.cards.slice(from, from + opensMax);
    const opened = some.map((card, i) => batchCard(card, `cards[${from + i}].`, keys, nowMs));
    cards.push(...(await Promise.all(opened)));
  }
  const { client, idempotencyKey } = desk;
  const { status, repeated } = batches.take({ trid, client, idempotencyKey, cards });
  return { status: 202, repeated, body: shownBatch(status) };
}

/** A card that does not open is a record that is INVALID; the others are worked on. */
async function batchCard(
  body: CardBody,
  place: string,
  keys: ServerKeys,
  nowMs: number,
): Promise<BatchCard> {
  try {
    return await cardOf(body, place, keys, nowMs);
  } catch (error) {
    if (!isAppError(error) || error instanceof FieldErrors) throw error;
    return { requestorRef: body.requestorRef, fault: error.code };
  }
}

const letters = { RECURRING: "R", INSTALMENT: "I", UNSCHEDULED: "U" } as const;

/** FieldErrors for what the columns of an upload do not take either; those of `openCard`. */
async function cardOf(
  { requestorRef, encryptedCard, consumerRef = "", consent, agreement }: CardBody,
  place: string,
  keys: ServerKeys,
  nowMs: number,
): Promise<StoredCard> {
  const atMs = Date.parse(consent.at);
  if (Number.isNaN(atMs)) throw wrong(`${place}consent.at`, "a time, RFC 3339");
  const { pan, expiry } = await openCard(encryptedCard, keys, nowMs, "with-expiry");
  const card: StoredCard = {
    ...{ requestorRef, pan, expiry, consumerRef },
    consentAt: new Date(atMs).toISOString(),
    agreement: agreement && {
      id: agreement.id,
      types: [...new Set(agreement.mitTypes.map((type) => letters[type]))].join(""),
      merchant: agreement.merchantId,
      acquirer: agreement.acquirerId,
    },
  };
  checkTerms(card, place);
  return card;
}

/** What the schemas let pass and a row does not: texts that begin a formula, or with spaces. */
function checkTerms(card: StoredCard, place: string): void {
  const detail = "printable ASCII characters, none of = + - @ first";
  if (/^[=+@-]/.test(card.agreement?.merchant ?? "")) {
    throw wrong(`${place}agreement.merchantId`, detail);
  }
  if (/^[=+@-]|\s/.test(card.agreement?.id ?? "")) throw wrong(`${place}agreement.id`, detail);
  const row = rowOf(1, card);
  const judged = judgeRow(row, 1);
  row.fill(0);
  if (!judged.ok) throw wrong(`${place}encryptedCard`, "a card that a row of an upload can hold");
}

function wrong(field: string, detail: string): FieldErrors {
  return new FieldErrors([{ field, code: "INVALID_FIELD", detail }]);
}

type Failed = Exclude<RecordResult, { readonly tokenRef: string }>;
type Made = Extract<RecordResult, { readonly tokenRef: string }>;

/** The error of one card. */
function failureOf({ status, reason }: Failed) {
  const de39 = /^ISSUER_([0-9A-Z]{2})$/.exec(reason)?.[1];
  if (status === "DECLINED") {
    const message = `The card's issuer declined it with response code ${de39 ?? "?"}.`;
    return appError("CARD_VERIFICATION_FAILED", message);
  }
  const again = "Try again under another key.";
  if (de39 !== undefined) {
    const message = `The card's issuer could not be asked: response code ${de39}.`;
    return appError("ISSUER_TIMEOUT", `${message} ${again}`);
  }
  if (reason === "ISSUER_TIMEOUT" || reason === "OUTCOME_UNKNOWN") {
    const message = "The issuer did not answer; what it may have approved is reversed.";
    return appError("ISSUER_TIMEOUT", `${message} ${again}`);
  }
  const code = reason as ErrorCode;
  return appError(errorTable.has(code) ? code : "INTERNAL_ERROR", sentences[status]);
}

const sentences = {
  NOT_ELIGIBLE: "The card may have no token.",
  INVALID: "The card cannot be used.",
  ERROR: "Nobody could say; try again under another key.",
} as const satisfies Record<Exclude<Failed["status"], "DECLINED">, string>;

function shownToken({ requestorRef, tokenRef, tpan, tpanExpiry, par, last4, reused }: Made) {
  const account = par === "" ? {} : { par };
  return { requestorRef, tokenRef, tpan, tpanExpiry, ...account, card: { last4 }, reused };
}

function shownRecord(result: RecordResult) {
  const { recordNo, requestorRef } = result;
  if ("tokenRef" in result) return { recordNo, status: result.status, ...shownToken(result) };
  return { recordNo, status: result.status, requestorRef, reasonCode: result.reason };
}

function shownBatch({ run, state, records, counts, startedAt, finishedAt }: RunStatus) {
  const isDone = state === "DONE" && finishedAt !== undefined;
  return {
    migrationId: run,
    state: isDone ? "DONE" : "RUNNING",
    records,
    counts,
    startedAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  } as const;
}
