// Another implementation of ISO 8583 as a process of its own: a line in, a line out.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class Peer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: ((line: string) => void)[] = [];

  constructor(command: string, args: readonly string[]) {
    this.#child = spawn(command, args, { stdio: "pipe" });
    this.#child.stderr.pipe(process.stderr);
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#waiting.shift()?.(line);
    });
    this.#child.on("close", () => {
      for (const answer of this.#waiting.splice(0)) answer("ERR the peer has ended");
    });
  }

  /** Sends the lines as one block; resolves with an answer for each. */
  async ask(lines: readonly string[]): Promise<string[]> {
    const answers = lines.map(() => new Promise<string>((resolve) => this.#waiting.push(resolve)));
    this.#child.stdin.write(`${lines.join("\n")}\n`);
    return Promise.all(answers);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#child.once("close", () => resolve()));
    this.#child.stdin.end();
    await closed;
  }
}
