// What a JSON door costs without a token service behind it: a Fastify route as one writes it with
// jose. It checks the same access token and the same signature over the request, by the same rules,
// and answers what was made before. It signs no answer, checks no body and counts nothing.
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import fastify, { type FastifyRequest } from "fastify";
import { compactVerify, jwtVerify } from "jose";
import { type HttpClient, loadClients, loadServerKeys } from "../../api/http/mod.ts";
import type { Parties } from "../../cmd/service/parties.ts";
import { host } from "../service/serve-options.ts";

const ageSecondsMax = 300;
const noBody = Buffer.alloc(0);

export interface BareRoute {
  readonly address: string;
  stop(): Promise<void>;
}

/** Throws on anything but a good token and a good signature that was never seen. */
type Check = (request: FastifyRequest) => Promise<void>;

function checkOf(keysFile: string, clients: readonly HttpClient[]): Check {
  const { publicKey } = loadServerKeys(keysFile).signing[0]!;
  const known = new Map(clients.map((client) => [client.clientId, client]));
  const seen = new Set<string>();
  const ways = { issuer: "pantun", audience: "pantun-requestor-api", typ: "at+jwt" };
  return async ({ headers, method, raw, body }) => {
    const token = headers.authorization?.slice("Bearer ".length) ?? "";
    const { payload: access } = await jwtVerify(token, publicKey, ways);
    const client = known.get(String(access.sub))!;
    const { payload, protectedHeader } = await compactVerify(
      String(headers["x-jws-signature"]),
      ({ kid = "" }) => client.keys.signing.get(kid)!.key,
      { algorithms: ["ES256"], crit: { iat: true, jti: true } },
    );
    const { iat, jti } = protectedHeader as { readonly iat?: number; readonly jti?: string };
    const signed = JSON.parse(Buffer.from(payload).toString());
    const bytes = Buffer.isBuffer(body) ? body : noBody;
    const isGood =
      signed.bodySha256 === createHash("sha256").update(bytes).digest("hex") &&
      signed.method === method &&
      signed.path === raw.url &&
      signed.sub === client.clientId &&
      Math.abs(Date.now() / 1_000 - (iat ?? 0)) <= ageSecondsMax &&
      jti !== undefined &&
      !seen.has(jti);
    if (!isGood) throw new Error("no good signature");
    seen.add(jti);
  };
}

/** `answer`: as long as the service's. */
export async function serveBareRoute(
  keysFile: string,
  parties: Parties,
  answer: object,
): Promise<BareRoute> {
  const check = checkOf(keysFile, loadClients(parties.httpClients));
  const app = fastify({ logger: false });
  app.removeAllContentTypeParsers();
  const parser = async (_: unknown, body: unknown) => body;
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, parser);
  app.post("/*", async (request, reply) => {
    await check(request);
    void reply.status(201);
    return answer;
  });
  await app.listen({ host, port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { address: `${host}:${port}`, stop: () => app.close() };
}
