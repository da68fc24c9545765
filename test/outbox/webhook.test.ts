// Defends: real webhook calls over real sockets. What arrives verifies, redirects are not followed,
// a receiver that hangs or pours is cut off, and a name that leads inside is not called.
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import {
  checkingKey,
  isSigned,
  publicKeyOf,
  signingKey,
  WebhookSender,
} from "../../actors/outbox/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { makeCertificate } from "../grpc/certificates.ts";

const privateText = `whsk_${Buffer.alloc(32, 9).toString("base64")}`;
const notice = {
  place: 4096,
  eventId: "0e4f2f4c-9d3c-8c1b-9a55-2a1f0f3b9a11",
  type: "TOKEN_SUSPENDED",
  lane: 1,
  body: Buffer.from('{"type":"TOKEN_SUSPENDED","note":"é"}'),
};

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, body: Buffer) => void;

async function listen(server: http.Server | https.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}

function handled(handler: Handler): http.RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => handler(request, response, Buffer.concat(chunks)));
  };
}

function sender(url: string, ca?: string): WebhookSender {
  const made = new WebhookSender({
    url,
    keys: [signingKey(privateText)],
    rules: { loopbackAllowed: true },
    clock: systemClock,
    ...(ca === undefined ? {} : { ca }),
  });
  opened.push(made);
  return made;
}

async function httpReceiver(handler: Handler): Promise<WebhookSender> {
  const port = await listen(http.createServer(handled(handler)));
  return sender(`http://127.0.0.1:${port}/hook`);
}

describe("a webhook", () => {
  it("arrives over TLS with the signature of exactly its bytes", async () => {
    const authority = makeCertificate("authority", []);
    const own = makeCertificate("receiver", ["IP:127.0.0.1"], authority);
    let verified = false;
    let path: string | undefined;
    const handler = handled((request, response, body) => {
      const headers = request.headers as Record<string, string>;
      const keys = [checkingKey(publicKeyOf(privateText))];
      verified = isSigned(headers, body, keys, Math.floor(Date.now() / 1_000));
      path = request.url;
      response.writeHead(204).end();
    });
    const tls = { cert: own.certificate, key: own.privateKey };
    const port = await listen(https.createServer(tls, handler));
    const url = `https://127.0.0.1:${port}/hook?shop=1`;
    expect(await sender(url, authority.certificate).send(notice)).toEqual({
      kind: "delivered",
      status: 204,
    });
    expect(verified).toBe(true);
    expect(path).toBe("/hook?shop=1");
    // Without the authority the receiver is nobody.
    const refused = await sender(url).send(notice);
    expect(refused).toMatchObject({ kind: "failed", status: 0 });
  });

  it("does not follow a redirect", async () => {
    let calls = 0;
    const made = await httpReceiver((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
    });
    expect(await made.send(notice)).toMatchObject({ kind: "failed", status: 302 });
    expect(calls).toBe(1);
  });

  it.each([
    [200, {}, { kind: "delivered" }],
    [299, {}, { kind: "delivered" }],
    [410, {}, { kind: "gone" }],
    [429, { "retry-after": "120" }, { kind: "failed", retryAfterMs: 120_000, throttle: true }],
    [503, { "retry-after": "soon" }, { kind: "failed", retryAfterMs: 0, throttle: false }],
    [504, {}, { kind: "failed", throttle: true }],
    [400, {}, { kind: "failed", status: 400 }],
  ])("reads status %i", async (status, headers, outcome) => {
    const made = await httpReceiver((_request, response) => {
      response.writeHead(status, headers as http.OutgoingHttpHeaders).end("{}");
    });
    expect(await made.send(notice)).toMatchObject(outcome);
  });

  it("gives up on a receiver that never answers", async () => {
    const made = await httpReceiver(() => {});
    expect(await made.send(notice)).toMatchObject({ kind: "failed", status: 0, cause: "timeout" });
  }, 10_000);

  it("reads no more than a little of an endless answer", async () => {
    let written = 0;
    const made = await httpReceiver((_request, response) => {
      response.writeHead(200);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) written += 65_536;
      };
      response.on("drain", pour);
      pour();
    });
    expect(await made.send(notice)).toMatchObject({ kind: "delivered" });
    const after = await new Promise<number>((resolve) => setTimeout(() => resolve(written), 300));
    const later = await new Promise<number>((resolve) => setTimeout(() => resolve(written), 300));
    expect(later).toBe(after);
  });

  it("says so when nobody listens", async () => {
    expect(await sender("http://127.0.0.1:1/").send(notice)).toMatchObject({
      kind: "failed",
      cause: "ECONNREFUSED",
    });
  });

  it("is not sent to a name that leads inside", async () => {
    let calls = 0;
    const server = http.createServer((_request, response) => {
      calls += 1;
      response.end();
    });
    const port = await listen(server);
    // Registered while loopback was allowed, called when it is not: as if the name moved inside.
    const rules = { loopbackAllowed: true };
    const url = `http://localhost:${port}/`;
    const keys = [signingKey(privateText)];
    const made = new WebhookSender({ url, keys, rules, clock: systemClock });
    rules.loopbackAllowed = false;
    opened.push(made);
    expect(await made.send(notice)).toMatchObject({ kind: "failed", cause: "refused address" });
    expect(calls).toBe(0);
  });
});
