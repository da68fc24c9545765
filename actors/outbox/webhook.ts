// One webhook call: signed, to an address that was looked at before the connection, no redirects,
// and an answer of which only the status counts.
import { lookup } from "node:dns/promises";
import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";
import type { Clock } from "../../platform/mod.ts";
import { mayConnect, parseTarget, type TargetRules } from "./address.ts";
import type { Notice, Sender, SendOutcome } from "./ports.ts";
import { retryAfterMs } from "./retry.ts";
import { type SigningKey, signedHeaders } from "./signature.ts";

/** From the look-up of the name to the status of the answer. */
const timeoutMs = 5_000;

/** Connections to one receiver: one a lane. */
const connectionsMax = 32;

/** Idle connections are closed after this. */
const idleMs = 30_000;

export interface WebhookOptions {
  readonly url: string;
  /** During a rotation the new and the old one. */
  readonly keys: readonly SigningKey[];
  readonly rules: TargetRules;
  readonly clock: Clock;
  /** Certificates that are trusted beside the system's, PEM. */
  readonly ca?: string;
}

interface Target {
  readonly address: string;
  readonly family: number;
}

/** Throws WEBHOOK_URL_REFUSED where the address may not be called at all. */
export class WebhookSender implements Sender {
  readonly #options: WebhookOptions;
  readonly #url: URL;
  readonly #agent: http.Agent;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#url = parseTarget(options.url, options.rules);
    const pool = { keepAlive: true, maxSockets: connectionsMax, timeout: idleMs };
    this.#agent = this.#url.protocol === "https:" ? new https.Agent(pool) : new http.Agent(pool);
  }

  async send(notice: Notice): Promise<SendOutcome> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const target = await within(this.#resolve(), signal);
      if (target === undefined) return failed(0, "refused address");
      return await this.#post(notice, target, signal);
    } catch (error) {
      if (signal.aborted) return failed(0, "timeout");
      const code = (error as NodeJS.ErrnoException).code;
      return failed(0, typeof code === "string" ? code : "no answer");
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  /**
   * The address to connect to; undefined where the name leads inside, be it with one address only.
   */
  async #resolve(): Promise<Target | undefined> {
    const host = this.#url.hostname.replace(/^\[|\]$/g, "");
    const family = isIP(host);
    const found = family === 0 ? await lookup(host, { all: true }) : [{ address: host, family }];
    if (found.some(({ address }) => !mayConnect(address, this.#options.rules))) return undefined;
    return found[0];
  }

  #post(notice: Notice, target: Target, signal: AbortSignal): Promise<SendOutcome> {
    const { keys, clock, ca } = this.#options;
    const nowMs = clock.nowMs();
    const seconds = Math.floor(nowMs / 1_000);
    const call = this.#url.protocol === "https:" ? https.request : http.request;
    return new Promise((resolve, reject) => {
      const request = call(this.#url, {
        method: "POST",
        agent: this.#agent,
        signal,
        // The name is not looked up a second time: it might lead elsewhere by then.
        lookup: (_host, options, done) => {
          if (options.all === true) done(null, [target]);
          else done(null, target.address, target.family);
        },
        ...(ca === undefined ? {} : { ca }),
        headers: {
          "content-type": "application/json",
          "content-length": notice.body.length,
          "user-agent": "pantun",
          ...signedHeaders(notice.eventId, seconds, notice.body, keys),
        },
      });
      request.on("error", reject);
      request.on("response", (response) => {
        // Nothing of the body matters; reading a little keeps the connection for the next notice.
        response.on("error", () => {});
        drain(response);
        resolve(outcomeOf(response, nowMs));
      });
      request.end(notice.body);
    });
  }
}

/** Bytes of an answer's body that are read away before the connection is given up. */
const bodyMax = 65_536;

function drain(response: http.IncomingMessage): void {
  let seen = 0;
  response.on("data", (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > bodyMax) response.destroy();
  });
}

function outcomeOf(response: http.IncomingMessage, nowMs: number): SendOutcome {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return { kind: "delivered", status };
  if (status === 410) return { kind: "gone" };
  const throttle = status === 429 || status === 502 || status === 504;
  const wait = retryAfterMs(response.headers["retry-after"], nowMs);
  return { kind: "failed", status, cause: `status ${status}`, retryAfterMs: wait, throttle };
}

function failed(status: number, cause: string): SendOutcome {
  return { kind: "failed", status, cause, retryAfterMs: 0, throttle: false };
}

/** Rejects when the time is up; what goes on in the background then has no effect. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
