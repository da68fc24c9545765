// Calls of the administration API from the command line, over HTTPS with a user's certificate or
// with a token for a user's secret.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { type RequestOptions, request as requestTls } from "node:https";
import { type Command, Option } from "commander";
import { appError, type ErrorCode, errorTable } from "../../platform/mod.ts";

export interface AdminFlags {
  readonly url?: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly user?: string;
  readonly secretFile?: string;
  readonly idempotencyKey?: string;
  readonly json?: boolean;
}

export function adminFlags(command: Command): Command {
  const option = (flag: string, text: string, env: string): Option =>
    new Option(flag, text).env(`PANTUN_CLIENT_${env}`);
  return command
    .addOption(option("--url <url>", "address of the API, https://host:port", "URL"))
    .addOption(option("--ca <file>", "authority of its certificate, PEM", "CA"))
    .addOption(option("--certificate <file>", "your certificate, PEM", "CERTIFICATE"))
    .addOption(option("--key <file>", "its key, PEM", "KEY"))
    .addOption(option("--user <name>", "or: your name, with a secret", "USER"))
    .addOption(option("--secret-file <file>", "first line: your secret", "SECRET_FILE"))
    .option("--json", "one JSON document");
}

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: the server's documents
  readonly body: any;
}

const timeoutMs = 15_000;
const answerBytesMax = 64 * 2 ** 20;

export class AdminClient {
  readonly #flags: AdminFlags;
  readonly #url: URL;
  readonly #tls: RequestOptions;
  #token: string | undefined;

  /** USAGE where the flags do not say where, or who. */
  constructor(flags: AdminFlags) {
    if (flags.url === undefined) {
      throw appError("USAGE", "Where is the API? Name it with --url or PANTUN_CLIENT_URL.");
    }
    if (flags.certificate === undefined && flags.user === undefined) {
      throw appError("USAGE", "Who are you? --certificate and --key, or --user and --secret-file.");
    }
    this.#flags = flags;
    this.#url = parseUrl(flags.url);
    const { ca, certificate, key } = flags;
    this.#tls = {
      ...(ca === undefined ? {} : { ca: read(ca) }),
      ...(certificate === undefined ? {} : { cert: read(certificate) }),
      ...(key === undefined ? {} : { key: read(key) }),
    };
  }

  async get(path: string): Promise<Answer["body"]> {
    return this.#call("GET", path);
  }

  /** A change, under a key of its own or the one of the flags. */
  async post(path: string, body: object): Promise<Answer["body"]> {
    return this.#call("POST", path, body);
  }

  async #call(method: string, path: string, body?: object): Promise<Answer["body"]> {
    const headers: Record<string, string> = {};
    if (this.#flags.user !== undefined) {
      this.#token ??= await this.#fetchToken();
      headers.authorization = `Bearer ${this.#token}`;
    }
    const { idempotencyKey = randomUUID() } = this.#flags;
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      headers["idempotency-key"] = idempotencyKey;
    }
    const text = body === undefined ? undefined : JSON.stringify(body);
    return bodyOf(await this.#send(method, `/admin/v1/${path}`, headers, text));
  }

  async #fetchToken(): Promise<string> {
    const { user = "", secretFile } = this.#flags;
    if (secretFile === undefined) throw appError("USAGE", "--user needs --secret-file.");
    const secret = read(secretFile).toString("utf8").split(/\r?\n/, 1)[0] ?? "";
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: user,
      client_secret: secret,
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await this.#send("POST", "/oauth2/token", headers, form.toString());
    return String(bodyOf(answer).access_token);
  }

  #send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body: string | undefined,
  ): Promise<Answer> {
    const isTls = this.#url.protocol === "https:";
    const { hostname, port } = this.#url;
    const host = hostname.replace(/^\[|\]$/g, "");
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const options = {
      host,
      port,
      method,
      path,
      headers: { ...headers, ...length },
      timeout: timeoutMs,
    };
    return new Promise((resolve, reject) => {
      const call = isTls ? requestTls({ ...options, ...this.#tls }) : requestPlain(options);
      const fail = (cause: Error): void => {
        reject(appError("NOT_REACHABLE", `The API does not answer: ${cause.message}.`, { cause }));
      };
      call.on("error", fail).on("timeout", () => call.destroy(new Error("too late")));
      call.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("error", fail);
        response.on("data", (chunk: string) => {
          text += chunk;
          if (text.length > answerBytesMax) call.destroy(new Error("the answer is too long"));
        });
        response.on("end", () => {
          try {
            resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
          } catch {
            fail(new Error("its answer is no JSON"));
          }
        });
      });
      call.end(body);
    });
  }
}

function bodyOf({ status, body }: Answer): Answer["body"] {
  if (status < 300) return body;
  const { code, detail } = body as { readonly code?: string; readonly detail?: string };
  const known = errorTable.has(code as ErrorCode) ? (code as ErrorCode) : "NOT_REACHABLE";
  throw appError(known, detail ?? `The API answered ${status}.`);
}

function parseUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (url.protocol === "https:" || url.protocol === "http:") return url;
  } catch {
    // Said below.
  }
  throw appError("USAGE", `"${text}" is no address of the form https://host:port.`);
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${path} cannot be read.`, { cause });
  }
}
