// Small parts of every decision.
import { appError, type ErrorCode } from "../../platform/mod.ts";
import type { Answer, Decision } from "../runtime/actor-kind.ts";
import type { CardCommand } from "./commands.ts";
import type { CardEvent } from "./events.ts";

export type CardDecision = Decision<CardEvent, CardCommand>;

export function accept(events: readonly CardEvent[], answer: Answer): CardDecision {
  return { kind: "accept", events, answer };
}

export function reject(code: ErrorCode, message: string): CardDecision {
  return { kind: "reject", error: appError(code, message) };
}

/** Refused for the present: a rival command came first, or a PAN update is under way. */
export const conflict = {
  version: () => reject("VERSION_CONFLICT", "The record changed since it was read."),
  links: () => reject("VERSION_CONFLICT", "Another card was linked to the PAN meanwhile."),
  updating: () => reject("REQUEST_IN_PROGRESS", "A PAN update of the card is under way."),
};

/** Rows of a list in an answer: answers are kept with the command's id. What exceeds is counted. */
export const listedMax = 100;
