// Load over one gRPC session: frames of 64 messages, many frames under way, as fast as the server
// takes them.
import { SwitchClient, type SwitchSession } from "../../api/grpc/switch-client.ts";
import { microsSince } from "../lib/measure.ts";
import type { MessageBlock } from "../lib/message-maker.ts";
import type { AnswerCheck } from "./answer-check.ts";

export const frameMessages = 64;

/** Messages under way: 32 frames, half of what the server takes before it pauses reading. */
const windowMessages = 2_048;

const connectLimitMs = 10_000;

/** One run under way. */
interface Run {
  readonly block: MessageBlock;
  sent: number;
  answered: number;
  readonly done: (error: Error | null) => void;
}

export class SessionLoad {
  readonly #client: SwitchClient;
  readonly #check: AnswerCheck;
  readonly #session: SwitchSession;
  #run: Run | null = null;

  private constructor(client: SwitchClient, check: AnswerCheck) {
    this.#client = client;
    this.#check = check;
    this.#session = client.session({
      answer: (_correlation, bytes, offset, length) => this.#answered(bytes, offset, length),
      fail: (_correlation, error) => this.#run?.done(error),
      drain: () => this.#send(),
      end: (error) => this.#run?.done(error ?? new Error("the session ended")),
    });
  }

  static async open(address: string, check: AnswerCheck): Promise<SessionLoad> {
    const client = new SwitchClient({ address, security: { kind: "insecure" } });
    await client.ready(connectLimitMs);
    return new SessionLoad(client, check);
  }

  /** Sends every message of the block and waits for all answers; messages a second. */
  async rate(block: MessageBlock): Promise<number> {
    const begin = process.hrtime.bigint();
    await new Promise<void>((resolve, reject) => {
      const done = (error: Error | null) => (error === null ? resolve() : reject(error));
      this.#run = { block, sent: 0, answered: 0, done };
      this.#send();
    });
    this.#run = null;
    return block.count / (microsSince(begin) / 1e6);
  }

  close(): void {
    this.#session.finish();
    this.#client.close();
  }

  #send(): void {
    const run = this.#run;
    if (run === null) return;
    const { bytes, length, count } = run.block;
    while (run.sent < count && run.sent - run.answered <= windowMessages - frameMessages) {
      const end = Math.min(count, run.sent + frameMessages);
      for (; run.sent < end; run.sent++) {
        this.#session.add(run.sent, bytes, run.sent * length, length);
      }
      if (!this.#session.flush()) return;
    }
  }

  #answered(bytes: Buffer, offset: number, length: number): void {
    const run = this.#run;
    if (run === null) return;
    try {
      this.#check.check(bytes, offset, length);
    } catch (error) {
      run.done(error as Error);
      return;
    }
    run.answered++;
    if (run.answered === run.block.count) run.done(null);
    else if (run.answered % frameMessages === 0) this.#send();
  }
}
