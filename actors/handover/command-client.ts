// The side that hands commands over. What is submitted in one turn leaves as one block; what is
// under way is bounded; and whatever happens to the other side, every command is answered.
import { appError } from "../../platform/mod.ts";
import type { Envelope, Reply } from "../runtime/actor-kind.ts";
import type { RuntimePorts } from "../runtime/ports.ts";
import { commandFrameBytes, itemBytesMax, readReplies, writeCommand } from "./command-frame.ts";

/** Who takes commands: the runtime in this thread, another thread's, another process's. */
export interface CommandPort {
  submit(envelope: Envelope): Promise<Reply>;
}

export interface ClientLimits {
  readonly commands: number;
  readonly bytes: number;
}

export const clientLimitsDefault: ClientLimits = { commands: 16_384, bytes: 64 * 2 ** 20 };

/** How often it looks for commands that the other side should have answered. */
const sweepMs = 100;

/** The other side answers at the deadline by itself; this long after it, this side does. */
const graceMs = 500;

export interface CommandClientOptions extends Pick<RuntimePorts, "clock" | "turns"> {
  /** Hands one block to the other side. */
  readonly post: (block: Buffer) => void;
  readonly limits?: ClientLimits;
}

interface UnderWay {
  readonly resolve: (reply: Reply) => void;
  readonly deadlineMs: number;
  readonly bytes: number;
  sent: boolean;
}

export class CommandClient implements CommandPort {
  readonly #options: CommandClientOptions;
  readonly #limits: ClientLimits;
  readonly #underWay = new Map<number, UnderWay>();
  #block: Buffer[] = [];
  #correlation = 0;
  #bytes = 0;
  #cancelSweep: (() => void) | undefined;
  #closed = false;

  constructor(options: CommandClientOptions) {
    this.#options = options;
    this.#limits = options.limits ?? clientLimitsDefault;
  }

  /** Commands that are not answered yet. */
  get waiting(): number {
    return this.#underWay.size;
  }

  submit(envelope: Envelope): Promise<Reply> {
    const refused = this.#refusal(envelope);
    if (refused !== undefined) return Promise.resolve({ ok: false, error: refused });
    return new Promise((resolve) => {
      const correlation = this.#nextCorrelation();
      const deadlineMs = this.#options.clock.monotonicMs() + envelope.timeoutMs;
      this.#block.push(writeCommand({ correlation, deadlineMs, envelope }));
      const bytes = envelope.body.length;
      this.#bytes += bytes;
      this.#underWay.set(correlation, { resolve, deadlineMs, bytes, sent: false });
      if (this.#block.length === 1) this.#options.turns.defer(() => this.#flush());
      this.#cancelSweep ??= this.#options.turns.after(sweepMs, () => this.#sweep());
    });
  }

  /** Takes a block of replies. Throws a RangeError where it cannot be read. */
  receive(block: Buffer): void {
    for (const { correlation, reply } of readReplies(block)) this.#answer(correlation, reply);
  }

  /** The other side is gone: what it may have got is in doubt, what it did not get is not. */
  fail(): void {
    this.#block = [];
    for (const [correlation, { sent }] of [...this.#underWay]) {
      const error = sent
        ? appError("OUTCOME_UNKNOWN", "Who runs the commands ended meanwhile; send it again.")
        : appError("SERVICE_UNAVAILABLE", "Nobody runs the commands now; nothing was done.");
      this.#answer(correlation, { ok: false, error });
    }
  }

  /** Fails what is under way and refuses what comes. */
  close(): void {
    this.#closed = true;
    this.fail();
    this.#cancelSweep?.();
  }

  #refusal({ body, timeoutMs }: Envelope) {
    if (this.#closed) {
      return appError("SERVICE_UNAVAILABLE", "Nobody runs the commands now; nothing was done.");
    }
    if (timeoutMs <= 0) return appError("DEADLINE_EXCEEDED", "It came too late.");
    if (commandFrameBytes(body) > itemBytesMax) {
      return appError("PAYLOAD_TOO_LARGE", "The command exceeds one record of the log.");
    }
    const { commands, bytes } = this.#limits;
    if (this.#underWay.size < commands && this.#bytes + body.length <= bytes) return undefined;
    return appError("OVERLOADED", "Too many commands wait already.", { retryAfterMs: sweepMs });
  }

  #flush(): void {
    const block = this.#block;
    if (block.length === 0) return;
    this.#block = [];
    for (const item of block) this.#underWay.get(item.readUInt32BE(4))!.sent = true;
    this.#options.post(Buffer.concat(block));
  }

  #answer(correlation: number, reply: Reply): void {
    const one = this.#underWay.get(correlation);
    // Answered already, by its deadline.
    if (one === undefined) return;
    this.#underWay.delete(correlation);
    this.#bytes -= one.bytes;
    one.resolve(reply);
  }

  #sweep(): void {
    this.#cancelSweep = undefined;
    const nowMs = this.#options.clock.monotonicMs();
    for (const [correlation, { deadlineMs }] of [...this.#underWay]) {
      if (deadlineMs + graceMs > nowMs) continue;
      const error = appError("OUTCOME_UNKNOWN", "No answer came in time; send it again.");
      this.#answer(correlation, { ok: false, error });
    }
    if (this.#underWay.size === 0) return;
    this.#cancelSweep = this.#options.turns.after(sweepMs, () => this.#sweep());
  }

  #nextCorrelation(): number {
    do {
      this.#correlation = (this.#correlation + 1) >>> 0;
    } while (this.#underWay.has(this.#correlation));
    return this.#correlation;
  }
}
