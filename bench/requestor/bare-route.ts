// What a JSON door costs without a token service behind it: a Fastify route that asks for the same
// access token, checks the same signature over the request, and answers what was made before. It
// signs no answer, checks no body and counts nothing.
import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { AccessTokens } from "../../api/http/access-token.ts";
import { Clients } from "../../api/http/clients.ts";
import { SignatureCheck, signatureHeader } from "../../api/http/message-signature.ts";
import { loadClients, loadServerKeys } from "../../api/http/mod.ts";
import { ReplayCache } from "../../api/http/replay-cache.ts";
import type { Parties } from "../../cmd/service/parties.ts";
import { appError, systemClock as clock } from "../../platform/mod.ts";
import { host } from "../service/serve-options.ts";

const lifeSeconds = 900;
const noBody = Buffer.alloc(0);

export interface BareRoute {
  readonly address: string;
  stop(): Promise<void>;
}

/** `answer`: as long as the service's. */
export async function serveBareRoute(
  keysFile: string,
  parties: Parties,
  answer: object,
): Promise<BareRoute> {
  const serverKeys = loadServerKeys(keysFile);
  const clients = new Clients(loadClients(parties.httpClients));
  const tokens = new AccessTokens({ keys: () => serverKeys, clock, lifeSeconds });
  const signatures = new SignatureCheck(clock, new ReplayCache(clock));
  const app = fastify({ logger: false });
  app.removeAllContentTypeParsers();
  const parser = async (_: unknown, body: unknown) => body;
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, parser);
  app.post("/*", async ({ headers, method, raw, body }, reply) => {
    const token = headers.authorization?.slice("Bearer ".length) ?? "";
    const { clientId } = await tokens.check(token, "");
    const client = clients.find(clientId);
    if (client === undefined) throw appError("INVALID_CREDENTIALS", "An unknown client.");
    const bytes = Buffer.isBuffer(body) ? body : noBody;
    const request = { method, target: raw.url ?? "", body: bytes };
    await signatures.check(client, headers[signatureHeader], request);
    void reply.status(201);
    return answer;
  });
  await app.listen({ host, port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { address: `${host}:${port}`, stop: () => app.close() };
}
