// A gRPC session as a lane: a burst is a frame, the correlation id is the payment's number.
import { SwitchClient, type SwitchSession } from "../../api/grpc/mod.ts";
import { AnswerReason, unreadable } from "./answer-reason.ts";
import type { Lane, LaneListener } from "./open-loop.ts";
import type { WireBlock } from "./wire.ts";

/** The server pauses reading at as many; more would only wait in HTTP/2's queue. */
const windowMessages = 4_096;
const connectLimitMs = 10_000;

export class SessionLane implements Lane {
  readonly #client: SwitchClient;
  readonly #session: SwitchSession;
  readonly #answers = new AnswerReason();
  #underWay = 0;
  #full = false;

  private constructor(client: SwitchClient, listener: LaneListener) {
    this.#client = client;
    this.#session = client.session({
      answer: (message, bytes, offset, length) => {
        this.#underWay--;
        const code = this.#answers.read(bytes, offset, length);
        if (code === unreadable) listener.failed(message, "an answer that cannot be right");
        else listener.answered(message, code);
      },
      fail: (message, error) => {
        this.#underWay--;
        const refused = error.code === "OVERLOADED";
        if (refused) listener.answered(message, overloaded);
        else listener.failed(message, error.code);
      },
      drain: () => {
        this.#full = false;
      },
      end: (error) => listener.broken(error ?? new Error("the session ended")),
    });
  }

  static async open(address: string, listener: LaneListener): Promise<SessionLane> {
    const client = new SwitchClient({ address, security: { kind: "insecure" } });
    await client.ready(connectLimitMs);
    return new SessionLane(client, listener);
  }

  send(block: WireBlock, first: number, end: number, numberOfFirst: number): boolean {
    if (this.#full || this.#underWay + end - first > windowMessages) return false;
    const { offsets } = block;
    const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.length);
    for (let i = first; i < end; i++) {
      const at = offsets[i] as number;
      this.#session.add(numberOfFirst + i - first, bytes, at, (offsets[i + 1] as number) - at);
    }
    this.#underWay += end - first;
    this.#full = !this.#session.flush();
    return true;
  }

  close(): void {
    this.#session.cancel();
    this.#client.close();
  }
}

const overloaded = 9_091;
