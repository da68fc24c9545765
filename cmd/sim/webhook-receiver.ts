// The server that a requestor is told of its tokens at. It takes nothing unsigned, knows a notice
// that comes again by its id, and sees where one is out of its order.
import { checkingKey, isSigned } from "../../actors/mod.ts";
import type { Clock } from "../../platform/mod.ts";
import { type Called, HttpListener, type Said } from "./http-listener.ts";

/** What a notice says; never a card number. */
export interface ToldEvent {
  readonly type: string;
  /** "" where it is about no token. */
  readonly tokenRef: string;
  readonly seq: number;
  readonly causedBy: string;
  readonly reasonCode: string;
}

export interface ReceiverOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly clock: Clock;
}

const okay = { status: 204 } as const;

export class WebhookReceiver {
  /** In the order in which they came, each once. */
  readonly events: ToldEvent[] = [];
  /** Sentences about what should not have come. */
  readonly faults: string[] = [];
  repeated = 0;
  readonly #clock: Clock;
  /** Those that nobody has taken yet. */
  readonly #waiting: ToldEvent[] = [];
  readonly #ids = new Set<string>();
  readonly #latest = new Map<string, number>();
  #key = "";
  #listener: HttpListener | null = null;
  #changed: () => void = () => {};

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static async open({ listen, clock }: ReceiverOptions): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(clock);
    receiver.#listener = await HttpListener.open(listen, (called) => receiver.#take(called));
    return receiver;
  }

  get url(): string {
    return `${this.#listener?.url}/webhook`;
  }

  /** `whpk_…` or `whsec_…`, as the service gave it; until then everything is refused. */
  trust(key: string): void {
    this.#key = key;
  }

  /** The first event that fits and nobody has taken yet; null where none comes in time. */
  async takeNext(
    fits: (event: ToldEvent) => boolean,
    timeoutMs: number,
  ): Promise<ToldEvent | null> {
    const endMs = this.#clock.monotonicMs() + timeoutMs;
    for (;;) {
      const at = this.#waiting.findIndex(fits);
      if (at >= 0) return this.#waiting.splice(at, 1)[0] ?? null;
      const restMs = endMs - this.#clock.monotonicMs();
      if (restMs <= 0) return null;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, restMs);
        this.#changed = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  #take({ headers, body }: Called): Said {
    const seconds = Math.floor(this.#clock.nowMs() / 1_000);
    const given = headers as Record<string, string>;
    if (this.#key === "" || !isSigned(given, body, [checkingKey(this.#key)], seconds)) {
      this.faults.push("A notice is not signed by the service.");
      return { status: 401 };
    }
    const id = String(headers["webhook-id"]);
    if (this.#ids.has(id)) {
      this.repeated++;
      return okay;
    }
    this.#ids.add(id);
    let event: ToldEvent;
    try {
      const { type, tokenRef = "", seq = 0, ...why } = JSON.parse(body.toString("utf8"));
      event = {
        type,
        tokenRef,
        seq,
        causedBy: why.causedBy ?? "",
        reasonCode: why.reasonCode ?? "",
      };
    } catch {
      this.faults.push("A signed notice is no JSON.");
      return { status: 400 };
    }
    this.#keep(event);
    return okay;
  }

  #keep(event: ToldEvent): void {
    const { type, tokenRef, seq } = event;
    const before = this.#latest.get(tokenRef) ?? seq - 1;
    if (tokenRef !== "" && seq !== before + 1) {
      this.faults.push(`${type} has the number ${seq} and came after ${before}.`);
    }
    this.#latest.set(tokenRef, seq);
    this.events.push(event);
    this.#waiting.push(event);
    this.#changed();
  }
}
