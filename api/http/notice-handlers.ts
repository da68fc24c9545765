// Agreements, events, webhooks, and the lists that any client may read.
import { createHash } from "node:crypto";
import {
  CardDesk,
  type Answer as CommandAnswer,
  lmdbStore,
  parseTarget,
  SubscriberRows,
  signingKey,
  submitSubscriber,
  subscriberKey,
  WebhookSender,
} from "../../actors/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import { agreementsOf, tokenBin, type Vault } from "../../vault/mod.ts";
import type { CommandsPort, EventsPort } from "../grpc/ports.ts";
import type { Quota } from "../grpc/quota.ts";
import type { Answer, Call, Handlers } from "./call.ts";
import type { AgreementBody } from "./schemas.ts";
import type { ServerKeys } from "./server-keys.ts";
import { ownIndex, termsOf, timeText } from "./token-handlers.ts";

export interface NoticePorts {
  readonly vault: Vault;
  readonly commands: CommandsPort;
  readonly events: EventsPort;
  readonly keys: () => ServerKeys;
  /** Test calls of one requestor. */
  readonly pings: Quota;
  /** Webhooks to this machine are taken: for tests and demonstrations only. */
  readonly loopbackWebhooks: boolean;
  readonly clock: Clock;
}

const eventsDefault = 100;
/** Pages that one call looks through for a token; then the caller goes on from the cursor. */
const pagesMax = 16;

const mitNames = [
  [1, "RECURRING"],
  [2, "INSTALMENT"],
  [4, "UNSCHEDULED"],
] as const;

export type NoticeHandlers = Pick<
  Handlers,
  | "listAgreements"
  | "putAgreement"
  | "cancelAgreement"
  | "listEvents"
  | "putWebhook"
  | "deleteWebhook"
  | "testWebhook"
  | "listKeys"
  | "listTokenBins"
>;

export function noticeHandlers(ports: NoticePorts): NoticeHandlers {
  const desk = new CardDesk(ports);
  return {
    listAgreements: async (call) => listAgreements(ports, call),
    putAgreement: async (call) => {
      const agreement = termsOf(call.body);
      const command = { command: "putAgreement", agreement } as const;
      return changedOf(await change(desk, call, command));
    },
    cancelAgreement: async (call) => {
      const { acquirerId: acquirer, merchantId: merchant } = call.body;
      const name = { acquirer, merchant, id: call.params.agreementId! };
      return changedOf(await change(desk, call, { command: "revokeAgreement", name }));
    },
    listEvents: (call) => listEvents(ports, call),
    putWebhook: (call) => putWebhook(ports, call),
    deleteWebhook: async (call) => {
      const command = { command: "end", trid: call.trid } as const;
      return changedOf(await submitSubscriber(subscriberPorts(ports), call.desk, command));
    },
    testWebhook: (call) => testWebhook(ports, call),
    listKeys: async () => ({ status: 200, body: { keys: [...ports.keys().cardSet] } }),
    listTokenBins: async () => ({ status: 200, body: tokenBins(ports.vault) }),
  };
}

function change(
  desk: CardDesk,
  { desk: call, params, trid }: Call<"putAgreement" | "cancelAgreement">,
  command:
    | { readonly command: "putAgreement"; readonly agreement: ReturnType<typeof termsOf> }
    | { readonly command: "revokeAgreement"; readonly name: AgreementKey },
) {
  const caller = { who: "REQUESTOR", trid } as const;
  return desk.token(call, params.tokenRef!, (ref) => ({ ...command, ref, caller }));
}

interface AgreementKey {
  readonly acquirer: string;
  readonly merchant: string;
  readonly id: string;
}

function changedOf({ answer, repeated }: { answer: CommandAnswer; repeated: boolean }) {
  return { status: 200, repeated, body: { changed: answer.changed === true } } as const;
}

function listAgreements(
  { vault }: NoticePorts,
  { params, trid }: Call<"listAgreements">,
): Answer<"listAgreements"> {
  const index = ownIndex(vault, params.tokenRef!, trid);
  const agreements = agreementsOf(vault, index).map((one) => ({
    id: one.id,
    acquirerId: one.acquirer,
    merchantId: one.merchant,
    mitTypes: namesOf(one.types),
    source: one.source,
    createdAt: timeText(one.createdAt),
    lastUsedAt: timeText(one.lastUsedAt),
    ...(one.revokedAt === 0 ? {} : { revokedAt: timeText(one.revokedAt) }),
  }));
  return { status: 200, body: { agreements } };
}

function namesOf(types: number): AgreementBody["mitTypes"] {
  return mitNames.filter(([bit]) => (types & bit) !== 0).map(([, name]) => name);
}

async function listEvents(
  { vault, events }: NoticePorts,
  { trid, query }: Call<"listEvents">,
): Promise<Answer<"listEvents">> {
  const { tokenRef, afterSeq = "0", cursor } = query;
  if (tokenRef !== undefined) ownIndex(vault, tokenRef, trid);
  const limit = query.limit === undefined ? eventsDefault : Number(query.limit);
  let pulled = await events.pull(trid, cursor, limit);
  let { gap } = pulled;
  const isWanted = (event: PulledBody) =>
    tokenRef === undefined || (event.tokenRef === tokenRef && event.seq > Number(afterSeq));
  const wantedOf = () =>
    pulled.events.map(({ body }) => JSON.parse(body) as PulledBody).filter(isWanted);
  let wanted = wantedOf();
  for (let page = 1; wanted.length === 0 && pulled.more && page < pagesMax; page++) {
    pulled = await events.pull(trid, pulled.cursor, limit);
    gap ||= pulled.gap;
    wanted = wantedOf();
  }
  const { more, cursor: next } = pulled;
  return { status: 200, body: { events: wanted, cursor: next, more, gap } };
}

interface PulledBody {
  readonly eventId: string;
  readonly type: string;
  readonly tokenRef: string;
  readonly seq: number;
}

async function putWebhook(
  ports: NoticePorts,
  { trid, body, desk }: Call<"putWebhook">,
): Promise<Answer<"putWebhook">> {
  const { url, secret = "", rotateKey = false } = body;
  parseTarget(url, { loopbackAllowed: ports.loopbackWebhooks });
  const command = { command: "put", trid, url, secret, rotateKey } as const;
  const { answer, repeated } = await submitSubscriber(subscriberPorts(ports), desk, command);
  const publicKey = String(answer.publicKey ?? "");
  const shown = publicKey === "" ? {} : { publicKey };
  return { status: 200, repeated, body: { changed: answer.changed === true, ...shown } };
}

function subscriberPorts({ commands, clock, vault }: NoticePorts) {
  return { commands, clock, shards: vault.shards };
}

async function testWebhook(
  { vault, pings, clock, loopbackWebhooks: loopbackAllowed }: NoticePorts,
  { trid }: Call<"testWebhook">,
): Promise<Answer<"testWebhook">> {
  vault.freshRead();
  const rows = new SubscriberRows(lmdbStore(vault.env), () => vault.sealing.ring);
  const subscriber = rows.get(subscriberKey(trid));
  if (subscriber === undefined || subscriber.url === "") {
    throw appError("SUBSCRIBER_NOT_FOUND", "The requestor has no webhook.");
  }
  pings.take(trid);
  const nowMs = clock.nowMs();
  const good = subscriber.keys.filter(({ untilMs }) => untilMs === 0 || untilMs > nowMs);
  const keys = good.map(({ text }) => signingKey(text));
  const sender = new WebhookSender({
    url: subscriber.url,
    keys,
    rules: { loopbackAllowed },
    clock,
  });
  try {
    const outcome = await sender.send(testNotice(vault, trid, nowMs));
    if (outcome.kind === "delivered") {
      return { status: 200, body: { delivered: true, status: outcome.status } };
    }
    const failure = outcome.kind === "gone" ? { status: 410, cause: "status 410" } : outcome;
    const { status, cause } = failure;
    return { status: 200, body: { delivered: false, status, cause } };
  } finally {
    sender.close();
  }
}

type Notice = Parameters<WebhookSender["send"]>[0];

/** In no log: it tells of nothing that happened. */
function testNotice(vault: Vault, trid: string, nowMs: number): Notice {
  const bytes = vault.random(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const eventId = bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  const type = "WEBHOOK_TEST";
  const occurredAt = new Date(nowMs).toISOString();
  const body = Buffer.from(JSON.stringify({ eventId, type, trid, occurredAt }));
  return { place: 0, eventId, type, lane: 0, body };
}

function tokenBins(vault: Vault): Answer<"listTokenBins">["body"] {
  vault.freshRead();
  const { subRanges, ranges } = vault.registry();
  const bins = subRanges.flatMap((one) => {
    const issuerId = one && ranges[one.range]?.issuer.id;
    if (one === undefined || issuerId === undefined) return [];
    return { prefix: tokenBin + String(one.number).padStart(3, "0"), digits: one.digits, issuerId };
  });
  return { version: versionOf(bins), bins };
}

const versionBytes = 6;

/** Made of the list, so that it is the same on every node and changes with nothing else. */
function versionOf(bins: object): number {
  const digest = createHash("sha256").update(JSON.stringify(bins)).digest();
  return digest.readUIntBE(0, versionBytes);
}
