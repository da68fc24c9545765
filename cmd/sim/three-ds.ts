// The messages of EMV 3-D Secure that simulators exchange, as far as a token service has to do with
// them: who pays what to whom with which number, and what came of the check. And the side of the
// merchant's 3DS server, which asks.
import { randomUUID } from "node:crypto";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { HttpPeer } from "../../api/http/mod.ts";
import { appError } from "../../platform/mod.ts";

const closed = { additionalProperties: false } as const;
const uuid = Type.String({ pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" });

export const areq = Type.Object(
  {
    messageType: Type.Literal("AReq"),
    threeDSServerTransID: uuid,
    /** A card number, or a token number. */
    acctNumber: Type.String({ pattern: "^[0-9]{13,19}$" }),
    /** YYMM. */
    cardExpiryDate: Type.String({ pattern: "^[0-9]{4}$" }),
    /** Minor units, and ISO 4217 numeric. */
    purchaseAmount: Type.Integer({ minimum: 0 }),
    purchaseCurrency: Type.String({ pattern: "^[0-9]{3}$" }),
    acquirerBIN: Type.String({ pattern: "^[0-9]{1,11}$" }),
    acquirerMerchantID: Type.String({ minLength: 1, maxLength: 15 }),
    /** Of a token number: whose it is. */
    tokenRequestorID: Type.Optional(Type.String({ pattern: "^[0-9]{11}$" })),
  },
  closed,
);

export const ares = Type.Object(
  {
    messageType: Type.Literal("ARes"),
    threeDSServerTransID: uuid,
    dsTransID: uuid,
    /** Y: the cardholder is who he says. N: not. U: nobody could tell. */
    transStatus: Type.Union([Type.Literal("Y"), Type.Literal("N"), Type.Literal("U")]),
    /** Of a Y: 20 bytes in base64. MyDebit calls it PIAV. */
    authenticationValue: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9+/]{27}=$" })),
    eci: Type.Optional(Type.String({ pattern: "^[0-9]{2}$" })),
    /** Whether the cardholder was asked anything. */
    flow: Type.Optional(Type.Union([Type.Literal("CHALLENGE"), Type.Literal("FRICTIONLESS")])),
    /** Of an N or U: why, in words. */
    cardholderInfo: Type.Optional(Type.String({ maxLength: 128 })),
  },
  closed,
);

export type AReq = Static<typeof areq>;
export type ARes = Static<typeof ares>;

export type Purchase = Omit<AReq, "messageType" | "threeDSServerTransID">;

/** Asks the directory server. FAILED where its answer is none, NOT_REACHABLE. */
export async function authenticate(directory: HttpPeer, purchase: Purchase): Promise<ARes> {
  const question: AReq = {
    messageType: "AReq",
    threeDSServerTransID: randomUUID(),
    ...purchase,
  };
  const { status, bytes } = await directory.send({
    method: "POST",
    path: "/areq",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  let answer: unknown;
  try {
    answer = JSON.parse(bytes.toString("utf8"));
  } catch {
    answer = undefined;
  }
  const asked = question.threeDSServerTransID;
  if (status === 200 && Value.Check(ares, answer) && answer.threeDSServerTransID === asked) {
    return answer;
  }
  throw appError("FAILED", `The directory server gave no answer to its question (${status}).`);
}

/** What a provisioning says of a check. */
export function verificationOf(answer: ARes, at: Date, purchaseRef: string) {
  const { transStatus, dsTransID: dsTransId, flow, authenticationValue: piav, eci } = answer;
  return {
    method: "3DS",
    authenticationFlow: flow ?? "CHALLENGE",
    transStatus,
    dsTransId,
    authenticatedAt: at.toISOString(),
    purchaseRef,
    ...(piav === undefined ? {} : { piav }),
    ...(eci === undefined ? {} : { eci }),
  };
}
