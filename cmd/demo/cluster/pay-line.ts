// A switch's session with one node, opened again whenever the node is there.
import { SwitchClient, type SwitchSession } from "../../../api/grpc/mod.ts";

const connectMs = 1_000;

interface Waiting {
  readonly told: (answer: Buffer | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

export class PayLine {
  readonly #client: SwitchClient;
  #session: SwitchSession | undefined;
  #opening: Promise<void> | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  constructor(address: string) {
    this.#client = new SwitchClient({ address, security: { kind: "insecure" } });
  }

  /** The answer; undefined where none came in time, or the node is not there. */
  async ask(message: Buffer, withinMs: number): Promise<Buffer | undefined> {
    const session = await this.#opened();
    if (session === undefined) return undefined;
    return new Promise((resolve) => {
      const correlation = ++this.#next;
      const told = (answer: Buffer | undefined): void => {
        this.#waiting.delete(correlation);
        clearTimeout(timer);
        resolve(answer);
      };
      const timer = setTimeout(() => told(undefined), withinMs);
      this.#waiting.set(correlation, { told, timer });
      session.add(correlation, message, 0, message.length);
      session.flush();
    });
  }

  close(): void {
    this.#session?.finish();
    this.#client.close();
  }

  async #opened(): Promise<SwitchSession | undefined> {
    if (this.#session !== undefined) return this.#session;
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    await this.#opening;
    return this.#session;
  }

  async #open(): Promise<void> {
    try {
      await this.#client.ready(connectMs);
    } catch {
      return;
    }
    this.#session = this.#client.session({
      answer: (correlation, bytes, offset, length) => {
        this.#waiting.get(correlation)?.told(Buffer.from(bytes.subarray(offset, offset + length)));
      },
      fail: (correlation) => this.#waiting.get(correlation)?.told(undefined),
      end: () => {
        this.#session = undefined;
        for (const { told } of [...this.#waiting.values()]) told(undefined);
      },
    });
  }
}
