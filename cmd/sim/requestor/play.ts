// One line of a requestor's file carried out, and what it came to in one sentence. An answer is
// right when it is the one that was asked for, or the error that the line expects.
import { randomUUID } from "node:crypto";
import type { ApiAnswer, ServedId } from "../../../api/http/mod.ts";
import { maskPan } from "../../../codec/pan/mod.ts";
import { appError, isAppError } from "../../../platform/mod.ts";
import { isCardPicture } from "../card-picture.ts";
import type { ToldEvent, WebhookReceiver } from "../webhook-receiver.ts";
import type { Line } from "./lines.ts";
import type { Requestor } from "./requestor.ts";

export interface Outcome {
  readonly action: string;
  /** What the token is called, "" where it is about none. */
  readonly token: string;
  /** "OK", or the error's code. */
  readonly code: string;
  readonly right: boolean;
  readonly says: string;
}

/** What was found out, before it is judged. */
interface Found {
  readonly code: string;
  readonly says: string;
  /** False where the answer is none that a good service gives. */
  readonly good?: boolean;
}

export interface Stage {
  readonly requestor: Requestor;
  /** Opens the server for notices when it is first needed. */
  receiver(): Promise<WebhookReceiver>;
  /** Null while the requestor has no webhook. */
  openReceiver(): WebhookReceiver | null;
  /** Where the service finds the receiver. */
  webhookUrl(receiver: WebhookReceiver): string;
}

const waitDefaultSeconds = 20;

/** Never throws what a service said: USAGE, NOT_REACHABLE and faults of ours go on. */
export async function play(line: Line, stage: Stage): Promise<Outcome> {
  const { action, token = "", expect = "OK" } = line;
  let found: Found;
  try {
    found = await carryOut(line, stage);
  } catch (error) {
    if (!isAppError(error) || error.code !== "FAILED") throw error;
    found = { code: "FAILED", says: error.message, good: false };
  }
  const right = found.code === expect && found.good !== false;
  const wanted = found.code === expect ? "" : ` (expected ${expect})`;
  return { action, token, code: found.code, right, says: `${found.says}${wanted}` };
}

function carryOut(line: Line, stage: Stage): Promise<Found> {
  const { requestor } = stage;
  const { token = "", reason, amount = 0, merchant = requestor.options.merchantId } = line;
  switch (line.action) {
    case "provision":
      return provision(line, requestor);
    case "token":
      return state(line, requestor);
    case "search":
      return told(requestor.search({ pan: line.pan ?? "" }), ({ tokens }) => {
        const names = tokens.map((one: { tokenRef: string; status: string }) => {
          return `${requestor.nameOf(one.tokenRef)} ${one.status}`;
        });
        return `${tokens.length} tokens: ${names.join(", ")}`;
      });
    case "authenticate":
      return check(requestor, token, amount);
    case "token-data":
      return told(requestor.tokenData(token, amount, merchant), (data) => {
        if ("encryptedTokenData" in data) return "a cryptogram, encrypted to the requestor's key";
        return `a cryptogram for ${amount} sen at ${merchant}, good until ${data.expiresAt}`;
      });
    case "suspend":
    case "resume":
    case "delete":
      return change(requestor, `${line.action}Token`, line, reason);
    case "agreements":
      return told(requestor.about("listAgreements", token), ({ agreements }) => {
        return `${agreements.length} agreements`;
      });
    case "bins":
      return told(requestor.call("listTokenBins"), ({ bins, version }) => {
        const prefixes = bins.map(({ prefix }: { prefix: string }) => prefix);
        return `token numbers begin with ${prefixes.join(", ")} (version ${version})`;
      });
    case "webhook":
      return register(stage);
    case "test-webhook":
      return told(requestor.call("testWebhook"), ({ delivered, status, cause = "" }) => {
        return delivered ? `delivered, answered ${status}` : `not delivered: ${cause}`;
      });
    case "end-webhook":
      return told(requestor.call("deleteWebhook"), () => "no notices from now on");
    case "await":
      return awaitEvent(line, stage);
    case "events":
      return events(requestor);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: checked by the client against the schema
type Body = any;

async function told(answer: Promise<ApiAnswer>, says: (body: Body) => string): Promise<Found> {
  const { code, body } = await answer;
  return { code, says: code === "OK" ? says(body) : `${code}: ${body.detail ?? body.title}` };
}

async function provision(line: Line, requestor: Requestor): Promise<Found> {
  const { token = "", pan = "", expiry = "", securityCode } = line;
  const card = { pan, expiry, ...(securityCode === undefined ? {} : { securityCode }) };
  const call = { idempotencyKey: randomUUID() };
  const check = await requestor.checkCard(card);
  const checked = { check, atMs: requestor.options.clock.nowMs() };
  const answer = await requestor.provision(token, card, call, checked);
  if (answer.code !== "OK") return told(Promise.resolve(answer), () => "");
  const { body } = answer;
  const parts = [
    `token ${maskPan(body.tpan)} until ${body.tpanExpiry}`,
    `card ending ${body.card.last4}`,
    `assurance ${body.tokenAssuranceMethod}`,
    ...(body.reused ? ["known before"] : []),
  ];
  if (body.cardArt !== undefined) parts.push(await pictureOf(requestor, body.cardArt));
  const says = parts.join(", ");
  if (line.repeat !== true) return { code: "OK", says };
  const again = await requestor.provision(token, card, call, checked);
  const good = again.replayed && again.body.tokenRef === body.tokenRef;
  return { code: again.code, says: `${says}; ${again.replayed ? "" : "not "}known again`, good };
}

async function pictureOf(
  requestor: Requestor,
  { assetId, isGeneric }: { readonly assetId: string; readonly isGeneric: boolean },
): Promise<string> {
  const { code, body } = await requestor.call("getAsset", { params: { assetId } });
  if (code !== "OK") throw appError("FAILED", `The picture of the card is not there: ${code}.`);
  const bytes = body as Buffer;
  if (!isCardPicture(bytes)) {
    throw appError("FAILED", "The picture of the card is no PNG of 1536 x 969.");
  }
  return `art of ${Math.ceil(bytes.length / 1_024)} KiB${isGeneric ? " (generic)" : ""}`;
}

async function state({ token = "", status }: Line, requestor: Requestor): Promise<Found> {
  const answer = await requestor.about("getToken", token);
  const found = await told(Promise.resolve(answer), (body) => {
    const by = body.suspendedBy.length === 0 ? "" : ` by ${body.suspendedBy.join(", ")}`;
    const card = `card ending ${body.card.last4} until ${body.card.expiry}`;
    const wanted = status === undefined || status === body.status ? "" : `, not ${status}`;
    return `${body.status}${by}${wanted}; ${card}`;
  });
  const good = status === undefined || answer.body.status === status;
  return { ...found, good };
}

async function change(
  requestor: Requestor,
  id: Extract<ServedId, "suspendToken" | "resumeToken" | "deleteToken">,
  { token = "", repeat }: Line,
  reasonCode: string | undefined,
): Promise<Found> {
  const idempotencyKey = randomUUID();
  const body = reasonCode === undefined ? {} : { reasonCode };
  const send = () => requestor.about(id, token, { idempotencyKey, body });
  const answer = await send();
  const found = await told(Promise.resolve(answer), ({ status, changed }) => {
    return `${status}${changed ? "" : ", as before"}`;
  });
  if (repeat !== true || answer.code !== "OK") return found;
  const again = await send();
  const good = again.replayed && again.body.version === answer.body.version;
  return { ...found, says: `${found.says}; ${again.replayed ? "" : "not "}known again`, good };
}

async function check(requestor: Requestor, token: string, amount: number): Promise<Found> {
  const answer = await requestor.checkToken(token, amount);
  const { transStatus, eci = "", cardholderInfo = "" } = answer;
  if (transStatus !== "Y") return { code: `TRANS_STATUS_${transStatus}`, says: cardholderInfo };
  return { code: "OK", says: `the cardholder is who he says, ECI ${eci}, with a PIAV` };
}

async function register(stage: Stage): Promise<Found> {
  const receiver = await stage.receiver();
  const url = stage.webhookUrl(receiver);
  const answer = await stage.requestor.call("putWebhook", { body: { url } });
  if (answer.code === "OK") receiver.trust(answer.body.publicKey ?? "");
  return told(Promise.resolve(answer), () => `notices come to ${url}`);
}

async function awaitEvent(line: Line, stage: Stage): Promise<Found> {
  const { type = "", token, seconds = waitDefaultSeconds } = line;
  const receiver = stage.openReceiver();
  if (receiver === null) throw appError("USAGE", "Nothing is awaited before a webhook is set.");
  const ref = token === undefined ? null : stage.requestor.token(token).tokenRef;
  const fits = (event: ToldEvent) =>
    event.type === type && (ref === null || event.tokenRef === ref);
  const event = await receiver.takeNext(fits, seconds * 1_000);
  if (event === null) return { code: "NOT_TOLD", says: `no ${type} within ${seconds} s` };
  const why = event.reasonCode === "" ? "" : ` (${event.reasonCode})`;
  return {
    code: "OK",
    says: `told: ${type} by ${event.causedBy || "TSP"}${why}, number ${event.seq}`,
  };
}

/** All that there are, of the tokens that have a name here. */
async function events(requestor: Requestor): Promise<Found> {
  const lines: string[] = [];
  let cursor = "";
  for (let more = true; more; ) {
    const query = cursor === "" ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const { code, body } = await requestor.call("listEvents", { query });
    if (code !== "OK") return { code, says: `${code}: ${body.detail}` };
    for (const { type, tokenRef } of body.events) {
      const name = requestor.nameOf(tokenRef);
      if (name !== tokenRef) lines.push(`${name} ${type}`);
    }
    ({ cursor, more } = body);
  }
  return { code: "OK", says: lines.length === 0 ? "none" : lines.join(", ") };
}
