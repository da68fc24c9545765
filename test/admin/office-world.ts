// A service with an administration API, users with certificates and with secrets, and what each of
// them sends. Every answer is checked against the table that describes it.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Value } from "typebox/value";
import {
  type AdminOperation,
  type AdminOperationId,
  adminErrorsOf,
  adminOperations,
} from "../../api/admin/mod.ts";
import { makeSecret, makeServerKeys } from "../../api/http/mod.ts";
import { pantun } from "../cli/run-pantun.ts";
import { makeCertificate, type TestCertificate, writeCertificate } from "../grpc/certificates.ts";
import { CommandWorld } from "../grpc/command-world.ts";
import { type Raw, type Reply, send } from "../http/requestor.ts";

export interface CallOptions {
  readonly body?: unknown;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who calls: with a certificate, a token, both or neither. */
export class Admin {
  readonly address: string;
  readonly tls: Raw["tls"];
  token: string | undefined;

  constructor(address: string, tls: Raw["tls"], token?: string) {
    this.address = address;
    this.tls = tls;
    this.token = token;
  }

  raw(id: AdminOperationId, options: CallOptions = {}): Raw {
    const { method, path, mutates, body }: AdminOperation = adminOperations[id];
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => String(options.params?.[name]));
    const content = options.body ?? (body === undefined ? undefined : {});
    const headers = {
      ...(content === undefined ? {} : { "content-type": "application/json" }),
      ...(mutates ? { "idempotency-key": options.key ?? randomUUID() } : {}),
      ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
      ...options.headers,
    };
    return {
      method,
      path: filled + (options.query ?? ""),
      headers,
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
      ...(this.tls === undefined ? {} : { tls: this.tls }),
    };
  }

  async call(id: AdminOperationId, options: CallOptions = {}): Promise<Reply> {
    const operation: AdminOperation = adminOperations[id];
    const reply = await send(this.address, this.raw(id, options));
    if (reply.status < 300) {
      const right = reply.status === operation.status && Value.Check(operation.answer, reply.body);
      if (!right) throw new Error(`${id}: an answer that is not described: ${reply.text}`);
    } else if (!adminErrorsOf(operation).includes(reply.body.code)) {
      throw new Error(`${id}: the error ${reply.body.code} is not described`);
    }
    return reply;
  }

  async codeOf(id: AdminOperationId, options: CallOptions = {}): Promise<string> {
    const { status, body } = await this.call(id, options);
    return status < 300 ? "OK" : body.code;
  }

  /** The number of the change; throws where it is refused. */
  async propose(kind: string, content: object, note = ""): Promise<number> {
    const { status, body } = await this.call("proposeChange", { body: { kind, content, note } });
    if (status !== 201) throw new Error(`${body.code}: ${body.detail}`);
    return body.change;
  }

  decide(verb: "approve" | "refuse" | "withdraw", changeId: number, options: CallOptions = {}) {
    return this.codeOf(`${verb}Change`, { params: { changeId }, ...options });
  }
}

export const secrets = new Map<string, string>();

/** alice and bob: programme and users; carol and dave: keys; erin reads. */
const people = {
  alice: ["programme", "users"],
  bob: ["programme", "users"],
  carol: ["keys"],
  dave: ["keys", "auditor"],
  erin: ["auditor"],
} as const;
export type Name = keyof typeof people;

export class OfficeWorld {
  readonly payments: CommandWorld;
  readonly files: string;
  readonly authority: TestCertificate;
  readonly address: string;

  private constructor(
    payments: CommandWorld,
    files: string,
    authority: TestCertificate,
    address: string,
  ) {
    this.payments = payments;
    this.files = files;
    this.authority = authority;
    this.address = address;
  }

  static async open(flags: Readonly<Record<string, string>> = {}): Promise<OfficeWorld> {
    const files = mkdtempSync(join(tmpdir(), "pantun-office-"));
    const keysFile = join(files, "keys.json");
    writeFileSync(keysFile, makeServerKeys("test"), { mode: 0o600 });
    const authority = makeCertificate("test authority", []);
    const server = makeCertificate("localhost", ["DNS:localhost"], authority);
    const { certificateFile, privateKeyFile } = writeCertificate(files, "server", server);
    const clientCaFile = join(files, "ca.crt");
    writeFileSync(clientCaFile, authority.certificate);
    const payments = await CommandWorld.open({
      "administration.port": "0",
      "administration.keysFile": keysFile,
      "administration.certificateFile": certificateFile,
      "administration.privateKeyFile": privateKeyFile,
      "administration.clientCaFile": clientCaFile,
      "administration.callsPerSecond": "10000",
      ...flags,
    });
    const address = payments.world.service.addresses.administration as string;
    const world = new OfficeWorld(payments, files, authority, address);
    await world.#setup();
    return world;
  }

  async #setup(): Promise<void> {
    const users = [];
    for (const [name, roles] of Object.entries(people)) {
      const { secret, line } = await makeSecret();
      const secretFile = join(this.files, `${name}.hash`);
      writeFileSync(secretFile, `${line}\n`, { mode: 0o600 });
      secrets.set(name, secret);
      users.push({ name, roles, identities: [`URI:test:${name}`], secretFile });
    }
    const file = join(this.files, "users.json");
    writeFileSync(file, JSON.stringify(users));
    const { code, stderr } = await this.pantun("admin", "setup", file);
    if (code !== 0) throw new Error(stderr);
  }

  /** A command on the vault of the running service. */
  pantun(...args: string[]) {
    const { dir, passphraseFile } = this.payments.world;
    return pantun([...args, "--dir", dir, "--passphrase-file", passphraseFile]);
  }

  tlsOf(names: readonly string[], issuer = this.authority): Raw["tls"] {
    const { certificate: cert, privateKey: key } = makeCertificate("somebody", names, issuer);
    return { ca: this.authority.certificate, cert, key };
  }

  as(name: Name): Admin {
    return new Admin(this.address, this.tlsOf([`URI:test:${name}`]));
  }

  /** A token for a user's secret, over a connection with this certificate. */
  async tokenOf(name: string, secret: string, tls: Raw["tls"]): Promise<Reply> {
    const form = { grant_type: "client_credentials", client_id: name, client_secret: secret };
    return send(this.address, {
      method: "POST",
      path: "/oauth2/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
      ...(tls === undefined ? {} : { tls }),
    });
  }

  async close(): Promise<void> {
    await this.payments.close();
    rmSync(this.files, { recursive: true, force: true });
  }
}
