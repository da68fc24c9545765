// A token requestor with its own keys: signs every request, checks every answer's signature and its
// form against the schema, as a careful client would.
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
} from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CompactEncrypt, CompactSign, compactVerify } from "jose";
import { Value } from "typebox/value";
import {
  errorsOf,
  makeSecret,
  makeServerKeys,
  type Operation,
  type ServedId,
  served,
} from "../../api/http/mod.ts";
import { demoTrid, openWorld, type World } from "../../cmd/demo/world.ts";

export const sha256 = (bytes: string | Buffer) => createHash("sha256").update(bytes).digest("hex");

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect
  readonly body: any;
}

export interface Raw {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** With TLS. */
  readonly tls?: { readonly ca: string; readonly cert?: string; readonly key?: string };
}

/** One request as it stands; nothing is added. */
export function send(address: string, { method, path, headers, body, tls }: Raw): Promise<Reply> {
  const at = address.lastIndexOf(":");
  const [host, port] = [address.slice(0, at), Number(address.slice(at + 1))];
  const options = { host, port, method, path, headers: { ...headers }, agent: false } as const;
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  Object.assign(options.headers, length, headers);
  return new Promise((resolve, reject) => {
    const call =
      tls === undefined
        ? httpRequest(options)
        : httpsRequest({ ...options, ...tls, servername: "localhost" });
    call.on("error", reject);
    call.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const { headers, statusCode: status = 0 } = response;
        const isPicture = headers["content-type"] === "image/png";
        const text = isPicture ? "" : bytes.toString();
        const body = isPicture ? bytes : text === "" ? undefined : JSON.parse(text);
        resolve({ status, headers, text, body, bytes });
      });
    });
    call.end(body);
  });
}

export interface ClientFiles {
  readonly clientId: string;
  readonly secret: string;
  readonly signing: KeyObject;
  readonly kid: string;
  readonly http: { clientId: string; secretFile: string; keysFile: string };
}

/** A client's secret and keys in files of `dir`, as an operator would have them. */
export async function makeClient(
  dir: string,
  clientId: string,
  options: { readonly encryption?: KeyObject } = {},
): Promise<ClientFiles> {
  const { secret, line } = await makeSecret();
  const secretFile = join(dir, `${clientId}.secret`);
  writeFileSync(secretFile, `${line}\n`, { mode: 0o600 });
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const kid = `${clientId}-1`;
  const keys: object[] = [
    { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" },
  ];
  if (options.encryption !== undefined) {
    const jwk = options.encryption.export({ format: "jwk" });
    keys.push({ ...jwk, kid: `${clientId}-enc`, use: "enc", alg: "ECDH-ES" });
  }
  const keysFile = join(dir, `${clientId}.jwks`);
  writeFileSync(keysFile, JSON.stringify({ keys }));
  return { clientId, secret, signing: privateKey, kid, http: { clientId, secretFile, keysFile } };
}

export interface CallOptions {
  readonly trid?: string;
  readonly key?: string;
  readonly body?: unknown;
  readonly raw?: string;
  readonly query?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Changes to what is signed. */
  readonly header?: object;
  readonly claims?: object;
}

type Table<Id extends string> = Readonly<Record<Id, Operation>>;

export class Requestor<Id extends string = ServedId> {
  readonly address: string;
  readonly client: ClientFiles;
  readonly tls: Raw["tls"];
  readonly table: Table<Id>;
  token = "";
  /** Who asks for our keys: an issuer's client has a path of its own. */
  keys = "listKeys" as Id;
  #serverKeys = new Map<string, KeyObject>();

  constructor(
    address: string,
    client: ClientFiles,
    tls?: Raw["tls"],
    table: Table<Id> = served as unknown as Table<Id>,
  ) {
    this.address = address;
    this.client = client;
    this.tls = tls;
    this.table = table;
  }

  #send(raw: Raw): Promise<Reply> {
    return send(this.address, this.tls === undefined ? raw : { ...raw, tls: this.tls });
  }

  async open(): Promise<this> {
    const { body } = await this.#send({ method: "GET", path: "/.well-known/jwks.json" });
    for (const jwk of body.keys) {
      this.#serverKeys.set(jwk.kid, createPublicKey({ key: jwk, format: "jwk" }));
    }
    const answer = await this.askToken();
    this.token = answer.body.access_token;
    return this;
  }

  askToken(form: Record<string, string> = {}, secret = this.client.secret): Promise<Reply> {
    const basic = Buffer.from(`${this.client.clientId}:${secret}`).toString("base64");
    return this.#send({
      method: "POST",
      path: "/oauth2/token",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${basic}`,
      },
      body: new URLSearchParams({ grant_type: "client_credentials", ...form }).toString(),
    });
  }

  sign(method: string, path: string, body: string, options: CallOptions = {}): Promise<string> {
    const { clientId: sub, kid, signing } = this.client;
    const claims = { bodySha256: sha256(body), method, path, sub, ...options.claims };
    const header = {
      alg: "ES256",
      kid,
      iat: Math.floor(Date.now() / 1_000),
      jti: randomUUID(),
      crit: ["iat", "jti"],
      ...options.header,
    };
    return new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader(header)
      .sign(signing, { crit: { iat: true, jti: true } });
  }

  /** What `call` sends. */
  async request(id: Id, options: CallOptions = {}): Promise<Raw> {
    const { method, path: template, body: schema, mutates } = this.table[id];
    const { params = {}, query = "", body = schema === undefined ? undefined : {} } = options;
    const path = template.replace(/\{(\w+)\}/g, (_, name) => params[name] ?? "x") + query;
    const text = options.raw ?? (body === undefined ? "" : JSON.stringify(body));
    const headers = {
      authorization: `Bearer ${this.token}`,
      ...(path.startsWith("/tr/") ? { "x-trid": options.trid ?? demoTrid(1) } : {}),
      "x-jws-signature": await this.sign(method, path, text, options),
      ...(mutates && path.startsWith("/tr/")
        ? { "idempotency-key": options.key ?? randomUUID() }
        : {}),
      ...(text === "" ? {} : { "content-type": "application/json" }),
      ...options.headers,
    };
    const given = Object.entries(headers).filter(([, value]) => value !== undefined);
    const all = Object.fromEntries(given) as Record<string, string>;
    return { method, path, headers: all, ...(text === "" ? {} : { body: text }) };
  }

  async call(id: Id, options: CallOptions = {}): Promise<Reply> {
    const reply = await this.#send(await this.request(id, options));
    await this.checkSignature(reply);
    const schema = this.table[id].answers[reply.status];
    if (schema !== undefined && !Value.Check(schema, reply.body)) {
      const faults = Value.Errors(schema, reply.body).map(({ instancePath }) => instancePath);
      throw new Error(`${id}: the answer is not as described: ${faults.join(" ")}`);
    }
    const { code } = reply.body ?? {};
    if (reply.status >= 400 && !errorsOf(this.table[id]).includes(code)) {
      throw new Error(`${id}: the error ${code} is not described`);
    }
    return reply;
  }

  async codeOf(id: Id, options: CallOptions = {}): Promise<string> {
    const { body, status } = await this.call(id, options);
    return status < 300 ? "OK" : body.code;
  }

  async checkSignature({ headers, bytes, status }: Reply): Promise<void> {
    const { payload } = await compactVerify(
      String(headers["x-jws-signature"]),
      ({ kid }) => this.#serverKeys.get(kid ?? "") as KeyObject,
      { crit: { iat: true } },
    );
    const signed = JSON.parse(Buffer.from(payload).toString());
    const requestId = headers["x-request-id"];
    const right = { bodySha256: sha256(bytes), status, requestId };
    if (JSON.stringify(signed) !== JSON.stringify(right)) throw new Error("signed something else");
  }

  /** A card under one of the server's keys. */
  async card(pan: string, fields: object = {}, options: CardOptions = {}): Promise<string> {
    const { alg = "RSA-OAEP-256", plain } = options;
    const { keys } = (await this.call(this.keys)).body;
    const jwk = keys.find((one: { alg: string }) => one.alg === alg);
    const card = { pan, expiryMonth: "12", expiryYear: "2031", securityCode: "123", ...fields };
    return new CompactEncrypt(plain ?? Buffer.from(JSON.stringify(card)))
      .setProtectedHeader({ alg, enc: "A256GCM", kid: jwk.kid })
      .encrypt(createPublicKey({ key: jwk, format: "jwk" }));
  }
}

interface CardOptions {
  readonly alg?: "RSA-OAEP-256" | "ECDH-ES";
  readonly plain?: Buffer;
}

/** The body of a provisioning that is fine but for what is changed. */
export function provisionBody(encryptedCard: string, changes: object = {}) {
  return {
    trid: demoTrid(1),
    requestRef: "R-1",
    tokenType: "ECOM_COF",
    panSource: "CARD_ADDED_MANUALLY",
    encryptedCard,
    cardholderVerification: proof(),
    consent: { given: true, at: new Date().toISOString(), termsVersion: "3" },
    ...changes,
  };
}

export function proof(changes: object = {}) {
  return {
    method: "3DS",
    authenticationFlow: "CHALLENGE",
    transStatus: "Y",
    eci: "05",
    piav: randomBytes(20).toString("base64"),
    dsTransId: randomUUID(),
    authenticatedAt: new Date().toISOString(),
    ...changes,
  };
}

export interface HttpWorld extends World {
  readonly files: string;
  readonly address: string;
  readonly client: ClientFiles;
  /** Clients of the demo's issuer and of another one, RIVAL. */
  readonly bank: ClientFiles;
  readonly rival: ClientFiles;
}

export interface HttpWorldOptions {
  readonly tokens: number;
  readonly flags?: Readonly<Record<string, string>>;
  readonly encryption?: KeyObject;
}

export async function openHttpWorld(options: HttpWorldOptions): Promise<HttpWorld> {
  const files = mkdtempSync(join(tmpdir(), "pantun-http-"));
  const keysFile = join(files, "keys.json");
  writeFileSync(keysFile, makeServerKeys("test"), { mode: 0o600 });
  const client = await makeClient(files, "shop", options);
  const [bank, rival] = [await makeClient(files, "bank"), await makeClient(files, "rival")];
  const world = await openWorld({
    tokens: options.tokens,
    flags: { "http.port": "0", "http.keysFile": keysFile, ...options.flags },
    requestor: { http: client.http },
    issuer: { http: bank.http },
    issuers: [{ name: "rival", issuerId: "RIVAL", http: rival.http }],
  });
  return {
    ...world,
    files,
    address: world.service.addresses.http as string,
    client,
    bank,
    rival,
    async close() {
      await world.close();
      rmSync(files, { recursive: true, force: true });
    },
  };
}
