// Defends the door against its abuses: every forged, replayed, swapped, oversized or compressed
// thing is refused with its own code, has no effect, and leaves no number in an answer.
import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
  randomUUID,
} from "node:crypto";
import { connect } from "node:net";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { CompactSign } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { looksLikePAN } from "../../platform/mod.ts";
import { luhnPan, tokensByCard } from "../grpc/cards.ts";
import {
  type HttpWorld,
  openHttpWorld,
  provisionBody,
  type Raw,
  Requestor,
  send,
  sha256,
} from "./requestor.ts";

let world: HttpWorld;
let shop: Requestor;
let tokens: ReturnType<typeof tokensByCard>;
const flags = { "http.callsPerSecond": "10000", "http.tokenTriesPerMinute": "30" };

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 20, flags });
  tokens = tokensByCard(world);
  shop = await new Requestor(world.address, world.client).open();
});
afterAll(() => world.close());

const of = (place: number) => ({
  trid: tokens[place]!.trid,
  params: { tokenRef: tokens[place]!.tokenRef },
});

async function codeOf(raw: Raw): Promise<string> {
  const { status, body } = await send(world.address, raw);
  return status < 300 ? "OK" : body.code;
}

/** The request with other headers; undefined leaves one out. */
function altered(raw: Raw, changes: Record<string, string | undefined>): Raw {
  const all = Object.entries({ ...raw.headers, ...changes }).filter(([, one]) => one !== undefined);
  return { ...raw, headers: Object.fromEntries(all) as Record<string, string> };
}

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

describe("an access token", () => {
  const get = (authorization: string | undefined) =>
    shop.request("getToken", of(0)).then((raw) => codeOf(altered(raw, { authorization })));

  test("must be one of ours, as it was given out", async () => {
    expect(await get(undefined)).toBe("INVALID_CREDENTIALS");
    expect(await get("Basic abc")).toBe("INVALID_CREDENTIALS");
    const [header, payload, signature] = shop.token.split(".") as [string, string, string];
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
    const more = base64url({ ...claims, scope: `${claims.scope} everything`, exp: claims.exp + 1 });
    expect(await get(`Bearer ${header}.${more}.${signature}`)).toBe("INVALID_CREDENTIALS");
    const none = base64url({ alg: "none", typ: "at+jwt" });
    expect(await get(`Bearer ${none}.${payload}.`)).toBe("INVALID_CREDENTIALS");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const forged = await new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader(JSON.parse(Buffer.from(header, "base64url").toString()))
      .sign(privateKey);
    expect(await get(`Bearer ${forged}`)).toBe("INVALID_CREDENTIALS");
    expect(await get(`Bearer ${shop.token}`)).toBe("OK");
  });

  test("signed as HMAC with our public key is refused", async () => {
    const { body } = await send(world.address, { method: "GET", path: "/.well-known/jwks.json" });
    const [jwk] = body.keys;
    const pem = createPublicKey({ key: jwk, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const payload = shop.token.split(".")[1];
    const head = `${base64url({ alg: "HS256", kid: jwk.kid, typ: "at+jwt" })}.${payload}`;
    const mac = createHmac("sha256", pem).update(head).digest("base64url");
    expect(await get(`Bearer ${head}.${mac}`)).toBe("INVALID_CREDENTIALS");
  });

  test("is given to the right secret only, with no more than the client's scopes", async () => {
    const wrong = await shop.askToken({}, "guess");
    expect([wrong.status, wrong.body.error]).toEqual([401, "invalid_client"]);
    const stranger = { ...world.client, clientId: "stranger" };
    const unknown = await new Requestor(world.address, stranger).askToken();
    expect({ ...unknown.body, requestId: "" }).toEqual({ ...wrong.body, requestId: "" });
    const more = await shop.askToken({ scope: "tokens:read everything" });
    expect([more.status, more.body.error]).toEqual([403, "invalid_scope"]);
    const grant = await shop.askToken({ grant_type: "password" });
    expect(grant.body.error).toBe("unsupported_grant_type");
    const narrow = new Requestor(world.address, world.client);
    narrow.token = (await narrow.askToken({ scope: "events" })).body.access_token;
    expect(await codeOf(await narrow.request("getToken", of(0)))).toBe("SCOPE_MISSING");
    const json = { "content-type": "application/json" };
    const typed = { method: "POST", path: "/oauth2/token", headers: json, body: "{}" };
    expect(await codeOf(typed)).toBe("UNSUPPORTED_MEDIA_TYPE");
  });

  test("cannot be guessed for without end", async () => {
    const answers = [];
    for (let i = 0; i < 31; i++) answers.push(await shop.askToken({ grant_type: "x" }));
    const last = answers.at(-1)!;
    expect([last.status, last.body.code]).toEqual([429, "RATE_LIMITED"]);
    expect(Number(last.headers["retry-after"])).toBeGreaterThan(0);
  });
});

describe("a signature", () => {
  const act = { ...of, body: { reasonCode: "LOST" } };
  const signed = (options: object) =>
    shop.request("suspendToken", { ...of(2), body: act.body, ...options });
  const code = async (options: object) => codeOf(await signed(options));

  test("must be there and be the client's, by the key's own algorithm", async () => {
    const raw = await signed({});
    expect(await codeOf(altered(raw, { "x-jws-signature": undefined }))).toBe("INVALID_SIGNATURE");
    const { path, body = "" } = raw;
    const claims = { bodySha256: sha256(body), method: "POST", path, sub: "shop" };
    const header = { kid: world.client.kid, iat: now(), jti: randomUUID(), crit: ["iat", "jti"] };
    const head = (alg: string) => `${base64url({ ...header, alg })}.${base64url(claims)}`;
    const pem = createPublicKey(world.client.signing).export({ type: "spki", format: "pem" });
    const mac = createHmac("sha256", pem).update(head("HS256")).digest("base64url");
    for (const forged of [`${head("none")}.`, `${head("HS256")}.${mac}`, "a.b.c", "nonsense"]) {
      expect(await codeOf(altered(raw, { "x-jws-signature": forged }))).toBe("INVALID_SIGNATURE");
    }
    expect(await code({ header: { kid: "other" } })).toBe("INVALID_SIGNATURE");
    const jwk = createPublicKey(world.client.signing).export({ format: "jwk" });
    expect(await code({ header: { jwk } })).toBe("INVALID_SIGNATURE");
    expect(await code({ header: { crit: ["iat"] } })).toBe("INVALID_SIGNATURE");
  });

  test("covers body, method, path with its query, and client", async () => {
    const raw = await signed({});
    expect(await codeOf({ ...raw, body: `${raw.body} ` })).toBe("INVALID_SIGNATURE");
    const swapped = of(4).params.tokenRef;
    const path = raw.path.replace(of(2).params.tokenRef, swapped);
    expect(await codeOf({ ...raw, path })).toBe("INVALID_SIGNATURE");
    expect(await codeOf({ ...raw, path: raw.path.replace("suspend", "delete") })).toBe(
      "INVALID_SIGNATURE",
    );
    const events = await shop.request("listEvents", { query: "?limit=1" });
    const more = { ...events, path: events.path.replace("=1", "=2") };
    expect(await codeOf(more)).toBe("INVALID_SIGNATURE");
    expect(await code({ claims: { sub: "other" } })).toBe("INVALID_SIGNATURE");
    expect(await code({ claims: { method: "PUT" } })).toBe("INVALID_SIGNATURE");
  });

  test("is good once, and for five minutes", async () => {
    const raw = await signed({});
    expect(await codeOf(raw)).toBe("OK");
    expect(await codeOf(raw)).toBe("REPLAYED_REQUEST");
    const data = await shop.request("getToken", of(2));
    expect(await codeOf(data)).toBe("OK");
    expect(await codeOf(data)).toBe("REPLAYED_REQUEST");
    expect(await code({ header: { iat: now() - 301 } })).toBe("SIGNATURE_EXPIRED");
    expect(await code({ header: { iat: now() + 310 } })).toBe("SIGNATURE_EXPIRED");
    // Signed before the service began, which cannot know what the one before it saw.
    expect(await code({ header: { iat: now() - 200 } })).toBe("SIGNATURE_EXPIRED");
  });

  test("that is refused does not use its id up", async () => {
    const header = { jti: randomUUID() };
    const good = await signed({ header });
    expect(await codeOf({ ...good, body: "{}" })).toBe("INVALID_SIGNATURE");
    expect(await codeOf(good)).toBe("OK");
  });
});

const now = () => Math.floor(Date.now() / 1_000);

describe("an encrypted card", () => {
  const pan = luhnPan("999999777");
  const code = async (encryptedCard: string) =>
    shop.codeOf("provisionToken", { body: provisionBody(encryptedCard) });

  /** A JWE by hand, with a header that a library would not write. */
  async function handMade(header: object, plain: Buffer): Promise<string> {
    const { createCipheriv } = await import("node:crypto");
    const { keys } = (await shop.call("listKeys")).body;
    const jwk = keys.find((one: { alg: string }) => one.alg === "RSA-OAEP-256");
    const key = createPublicKey({ key: jwk, format: "jwk" });
    const secret = randomBytes(32);
    const iv = randomBytes(12);
    const head = base64url({ alg: "RSA-OAEP-256", enc: "A256GCM", kid: jwk.kid, ...header });
    const cipher = createCipheriv("aes-256-gcm", secret, iv).setAAD(Buffer.from(head));
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const wrapped = publicEncrypt({ key, padding, oaepHash: "sha256" }, secret);
    const parts = [wrapped, iv, sealed, cipher.getAuthTag()];
    return [head, ...parts.map((part) => part.toString("base64url"))].join(".");
  }

  const plain = (fields: object = {}) =>
    Buffer.from(JSON.stringify({ pan, expiryMonth: 12, expiryYear: 31, ...fields }));

  test("made by hand is taken, compressed it is not", async () => {
    expect(await code(await handMade({}, plain()))).toBe("OK");
    const small = deflateRawSync(plain());
    expect(await code(await handMade({ zip: "DEF" }, small))).toBe("DECRYPTION_FAILED");
    const bomb = deflateRawSync(Buffer.alloc(3_000_000, 0x20));
    expect(await code(await handMade({ zip: "DEF" }, bomb))).toBe("DECRYPTION_FAILED");
    expect(await code(await handMade({}, Buffer.alloc(4_000, 0x20)))).toBe("DECRYPTION_FAILED");
  });

  test("under another key, algorithm or with a changed byte does not open", async () => {
    const good = await handMade({}, plain());
    const parts = good.split(".");
    const [head] = parts as [string];
    const header = JSON.parse(Buffer.from(head, "base64url").toString());
    const swap = (changes: object) => {
      return [base64url({ ...header, ...changes }), ...parts.slice(1)].join(".");
    };
    for (const changes of [
      { alg: "RSA-OAEP" },
      { alg: "dir" },
      { alg: "PBES2-HS256+A128KW", p2c: 100_000_000, p2s: "AAAA" },
      { enc: "A128CBC-HS256" },
      { kid: "none" },
      { crit: ["x"], x: 1 },
    ]) {
      expect(await code(swap(changes))).toBe("DECRYPTION_FAILED");
    }
    const broken = [...parts.slice(0, 4), randomBytes(16).toString("base64url")].join(".");
    expect(await code(broken)).toBe("DECRYPTION_FAILED");
  });

  test("must hold a flat object with the fields of a card", async () => {
    const inside = async (text: string) => code(await handMade({}, Buffer.from(text)));
    expect(await inside("[]")).toBe("DECRYPTION_FAILED");
    expect(await inside(`{"pan":"${pan}","pan":"${pan}"}`)).toBe("DECRYPTION_FAILED");
    expect(await inside(`{"expiryMonth":1,"expiryYear":31}`)).toBe("MISSING_FIELD");
    expect(await inside(`{"pan":"${pan}"}`)).toBe("MISSING_FIELD");
    expect(await inside(`{"pan":"${pan}","expiryMonth":13,"expiryYear":31}`)).toBe("INVALID_FIELD");
    expect(await inside(`{"pan":"12","expiryMonth":12,"expiryYear":31}`)).toBe("PAN_INVALID");
  });
});

describe("what came in the wrong form", () => {
  test("is refused before anything is done", async () => {
    const post = (options: object) => shop.codeOf("suspendToken", { ...of(6), ...options });
    expect(await post({ raw: "{" })).toBe("INVALID_REQUEST");
    expect(await post({ raw: "[]" })).toBe("INVALID_REQUEST");
    expect(await post({ raw: `{"reasonCode":${"[".repeat(20)}${"]".repeat(20)}}` })).toBe(
      "INVALID_REQUEST",
    );
    expect(await post({ raw: `{"__proto__":{"reasonCode":"LOST"}}` })).toBe("INVALID_FIELD");
    expect(await post({ headers: { "x-trid": undefined } })).toBe("MISSING_FIELD");
    expect(await post({ trid: "99900009999" })).toBe("TRID_NOT_ALLOWED");
    for (const type of ["text/plain", "application/json; charset=latin1", "text/json"]) {
      const headers = { "content-type": type };
      expect(await post({ headers })).toBe("UNSUPPORTED_MEDIA_TYPE");
    }
    expect(await shop.codeOf("getToken", { ...of(6), query: "?a=1" })).toBe("INVALID_REQUEST");
    expect(await shop.codeOf("listEvents", { query: "?limit=0" })).toBe("INVALID_FIELD");
    expect(await shop.codeOf("listEvents", { query: "?limit=1&limit=2" })).toBe("INVALID_FIELD");
    expect(await shop.codeOf("listEvents", { query: "?cursor=xyz" })).toBe("INVALID_FIELD");
    const { authorization } = (await shop.request("getToken", of(6))).headers!;
    const path = {
      method: "GET",
      path: "/tr/v1/nothing",
      headers: { authorization: authorization! },
    };
    expect(await codeOf(path)).toBe("PATH_NOT_FOUND");
    expect((await shop.call("getToken", of(6))).body.status).toBe("ACTIVE");
  });

  test("names every bad field at once, by the schema's names", async () => {
    const card = await shop.card(luhnPan("999999778"));
    const body = provisionBody(card, { tokenType: "X", consent: { given: false }, extra: 1 });
    const { body: problem } = await shop.call("provisionToken", { body });
    const fields = problem.errors.map(({ field }: { field: string }) => field);
    expect(fields).toEqual(expect.arrayContaining(["tokenType", "consent.given", "consent.at"]));
    expect(JSON.stringify(problem)).not.toContain("extra");
  });

  test("is cut off where it is too large", async () => {
    const big = { consumerRef: "x".repeat(70_000) };
    expect(await shop.codeOf("provisionToken", { body: big })).toBe("PAYLOAD_TOO_LARGE");
    const headers = { "x-filler": "x".repeat(20_000) };
    const { status } = await send(world.address, { method: "GET", path: "/", headers });
    expect(status).toBe(413);
    expect(await bytesAnswer("nonsense\r\n\r\n")).toContain("INVALID_REQUEST");
    expect((await shop.call("listTokenBins")).status).toBe(200);
  });
});

/** What comes back for bytes that are no request. */
function bytesAnswer(bytes: string): Promise<string> {
  const [host, port] = world.address.split(":");
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host!, () => socket.write(bytes));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString();
    });
    socket.on("close", () => resolve(text));
    socket.on("error", reject);
  });
}

/** Runs of digits that could be a card number. */
function numbersIn(text: string): string[] {
  return [...text.matchAll(/\d{13,}/g)]
    .filter(([digits], i, all) => looksLikePAN(digits, text.charAt(all[i]!.index - 1)))
    .map(([digits]) => digits);
}

test("no number comes back in an error, wherever it was put", async () => {
  const pan = luhnPan("999999661");
  const places = ["requestRef", "trid", "tokenType", "panSource", "encryptedCard", "consumerRef"];
  const place = fc.constantFrom(...places, pan, `a${pan}`);
  const value = fc.constantFrom<unknown>(pan, Number(pan), [pan], { [pan]: pan }, `x ${pan}\n`);
  const where = fc.constantFrom("body", "path", "query", "key", "id", "raw");
  await fc.assert(
    fc.asyncProperty(where, place, value, async (kind, name, what) => {
      const body = provisionBody("a.b.c.d.e", { [name]: what });
      const options = {
        body: { body },
        path: { body, params: { tokenRef: pan } },
        query: { body, query: `?${pan}=${pan}` },
        key: { body, key: `${pan}${" ".repeat(1)}` },
        id: { body, headers: { "x-request-id": pan, "x-trid": pan } },
        raw: { raw: `{"${pan}": ${pan}` },
      }[kind];
      const id = kind === "path" ? "suspendToken" : "provisionToken";
      const reply = await shop.call(id, options);
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(numbersIn(reply.text + JSON.stringify(reply.headers))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
