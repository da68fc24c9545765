// Commands with known card numbers, rightly and wrongly, with a receiver of webhooks.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { IssuerClient, LifecycleClient } from "../../api/grpc/mod.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { ReasonCode } from "../../proto/mod.ts";

/** Cards that the vault has not seen before: tokens are provisioned for them. */
export const newCards = [withCheckDigit("999999410022613"), withCheckDigit("999999410033824")];

export interface CommandsPlay {
  readonly requestor: string;
  readonly issuer: string;
  readonly cards: readonly string[];
  readonly trid: string;
  readonly keepError: (error: unknown) => void;
}

export interface Played {
  readonly webhooks: readonly string[];
  readonly tpans: readonly string[];
  /** Numbers of cards as they are now. */
  readonly pans: readonly string[];
}

export async function playCommands(play: CommandsPlay): Promise<Played> {
  const webhooks: string[] = [];
  const receiver = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => webhooks.push(chunk.toString()));
    request.on("end", () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const { port } = receiver.address() as AddressInfo;
  const security = { kind: "insecure" } as const;
  const lifecycle = new LifecycleClient({ address: play.requestor, security, timeoutMs: 10_000 });
  const issuer = new IssuerClient({ address: play.issuer, security, timeoutMs: 10_000 });
  const url = `http://127.0.0.1:${port}/`;
  const hook = { idempotencyKey: "hook", trid: play.trid, url, rotateKey: false, secret: "" };
  await lifecycle.call("putWebhook", hook);
  const tpans = await provisionAll(lifecycle, play.trid);
  const pans = await issue(issuer, play.cards);
  await misuse(lifecycle, issuer, play);
  const listed = await lifecycle.call("listEvents", { trid: play.trid, cursor: "", limit: 0 });
  webhooks.push(...listed.events.map(({ body }) => body));
  lifecycle.close();
  issuer.close();
  receiver.closeAllConnections();
  receiver.close();
  return { webhooks, tpans, pans };
}

async function provisionAll(lifecycle: LifecycleClient, trid: string): Promise<string[]> {
  const tpans: string[] = [];
  for (const [i, pan] of newCards.entries()) {
    const seconds = BigInt(Math.floor(Date.now() / 1_000));
    const made = await lifecycle.call("provisionToken", {
      idempotencyKey: `provision-${i}`,
      trid,
      card: { pan: Buffer.from(pan), expiry: "3012" },
      verification: {
        transStatus: "Y",
        challenged: false,
        authenticatedAt: { seconds, nanos: 0 },
        dsTransId: randomUUID(),
      },
      agreement: undefined,
      notify: true,
    });
    tpans.push(made.tpan);
  }
  return tpans;
}

/** Suspends, resumes, searches, and moves a card's tokens behind the number of a new one. */
async function issue(issuer: IssuerClient, cards: readonly string[]): Promise<string[]> {
  const [old = "", ...others] = cards;
  const reasonCode = ReasonCode.REASON_CODE_LOST;
  for (const name of ["suspendCard", "resumeCard"] as const) {
    for (const [i, pan] of others.entries()) {
      const idempotencyKey = `${name}-${i}`;
      const action = { idempotencyKey, pan: Buffer.from(pan), reasonCode, causedAt: undefined };
      await issuer.call(name, { action });
    }
  }
  const newPan = newCards[1] as string;
  await issuer.call("updateCardPan", {
    idempotencyKey: "move",
    pan: Buffer.from(old),
    newCard: { pan: Buffer.from(newPan), expiry: "3101" },
    reasonCode,
  });
  await issuer.call("listCardHistory", { pan: Buffer.from(newPan), limit: 0 });
  return [...others, newPan];
}

/** Numbers where none belongs. */
async function misuse(
  lifecycle: LifecycleClient,
  issuer: IssuerClient,
  { cards, trid, keepError }: CommandsPlay,
): Promise<void> {
  const pan = cards[1] as string;
  const reasonCode = ReasonCode.REASON_CODE_OTHER;
  const right = {
    idempotencyKey: pan,
    trid,
    tokenRef: pan,
    reasonCode,
    expectedVersion: undefined,
  };
  for (const change of [{}, { trid: pan }, { idempotencyKey: `${pan} ${pan}` }]) {
    await lifecycle.call("suspendToken", { action: { ...right, ...change } }).catch(keepError);
  }
  await lifecycle.call("getToken", { trid, tokenRef: pan, minPosition: pan }).catch(keepError);
  await lifecycle.call("listEvents", { trid, cursor: pan, limit: 0 }).catch(keepError);
  const wrong = Buffer.from(`${pan}7`);
  await issuer.call("searchTokens", { pan: wrong }).catch(keepError);
  const foreign = Buffer.from(withCheckDigit("888888000041711"));
  await issuer.call("searchTokens", { pan: foreign }).catch(keepError);
}
