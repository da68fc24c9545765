// The side that takes commands over for a runtime: one of these for each thread or connection that
// hands them. Replies of one turn leave as one block.
import type { Clock } from "../../platform/mod.ts";
import type { Envelope } from "../runtime/actor-kind.ts";
import type { AnswerTo } from "../runtime/group.ts";
import type { Turns } from "../runtime/ports.ts";
import { readCommands, writeReply } from "./command-frame.ts";

export interface CommandServerOptions {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly send: (envelope: Envelope, answer: AnswerTo) => void;
  readonly post: (block: Buffer) => void;
}

export class CommandServer {
  readonly #options: CommandServerOptions;
  #block: Buffer[] = [];
  #waiting = 0;
  #closed = false;

  constructor(options: CommandServerOptions) {
    this.#options = options;
  }

  /** Commands of this side that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a block of commands. Throws a RangeError where it cannot be read. */
  receive(block: Buffer): void {
    const { clock, send } = this.#options;
    for (const { correlation, deadlineMs, envelope } of readCommands(block)) {
      this.#waiting++;
      const timeoutMs = deadlineMs - clock.monotonicMs();
      send({ ...envelope, timeoutMs }, (reply) => {
        this.#waiting--;
        this.#post(writeReply({ correlation, reply }));
      });
    }
  }

  /** What is answered from now on goes nowhere. */
  close(): void {
    this.#closed = true;
    this.#block = [];
  }

  #post(item: Buffer): void {
    if (this.#closed) return;
    this.#block.push(item);
    if (this.#block.length === 1) this.#options.turns.defer(() => this.flush());
  }

  /** Sends what is answered without waiting for the turn to end. */
  flush(): void {
    if (this.#closed || this.#block.length === 0) return;
    const block = Buffer.concat(this.#block);
    this.#block = [];
    this.#options.post(block);
  }
}
