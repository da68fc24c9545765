// The same that an issuer says in a 0302, over the issuers' JSON API.
import { randomUUID } from "node:crypto";
import type { ApiClient } from "../../../api/http/mod.ts";
import { maskPan } from "../../../codec/pan/mod.ts";
import type { Action, Line, Outcome } from "./lines.ts";

const operations = {
  SUSP: "suspendCard",
  RESM: "resumeCard",
  DELT: "deleteCard",
  EXPU: "updateCardExpiry",
  PANU: "updateCardPan",
  INQY: "searchCardTokens",
} as const satisfies Record<Action, string>;

const reasons: Readonly<Record<string, string>> = {
  LOST: "LOST",
  STOL: "STOLEN",
  FRAD: "SUSPECTED_FRAUD",
  CLSD: "ACCOUNT_CLOSED",
  CUST: "CUSTOMER_REQUEST",
  RNEW: "RENEWAL",
  REPL: "REPLACEMENT",
  NFRD: "NOT_FRAUD",
  FOUN: "FOUND",
  OTHR: "OTHER",
};

/** FAILED where the answer is none that a good service gives; NOT_REACHABLE. */
export async function sayOverJson(client: ApiClient, line: Line): Promise<Outcome> {
  const { action, pan } = line;
  const { code, body } = await client.call(operations[action], {
    body: await bodyOf(client, line),
  });
  const done = code === "OK";
  // A question about a card has no state where nobody knows it; a move never tells one.
  const unknown = action === "INQY" ? "U" : "";
  return {
    action,
    card: maskPan(pan),
    response: done ? "00" : code,
    tokensAffected: done ? (body.tokensAffected ?? 0) : 0,
    cardStatus: done ? (body.cardStatus ?? unknown).charAt(0) : "",
    stale: done && body.stale === true,
  };
}

async function bodyOf(client: ApiClient, line: Line): Promise<object> {
  const { action, pan, reason, newPan, newExpiry, reference = randomUUID(), causedAt } = line;
  const encryptedCard = await seal(client, pan);
  if (action === "INQY") return { encryptedCard };
  return {
    issuerEventRef: reference,
    encryptedCard,
    ...(reason === undefined ? {} : { reasonCode: reasons[reason] ?? reason }),
    ...(causedAt === undefined || action === "PANU" ? {} : { causedAt: timeText(causedAt) }),
    ...(action === "EXPU" ? { newExpiry } : {}),
    ...(action === "PANU" ? { encryptedNewCard: await seal(client, newPan ?? "", newExpiry) } : {}),
  };
}

async function seal(client: ApiClient, pan: string, expiry?: string): Promise<string> {
  const digits = Buffer.from(pan, "latin1");
  const rest = expiry === undefined ? {} : { expiry };
  return client.seal("listCardKeys", { pan: digits, ...rest }).finally(() => digits.fill(0));
}

/** RFC 3339 of YYYYMMDDhhmmss. */
function timeText(text: string): string {
  return text.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6Z");
}
