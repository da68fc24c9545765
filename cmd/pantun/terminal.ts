// Questions to a person on the terminal, with answers that are not shown where they are secret.
// Without a terminal the answers are the lines of stdin, so that a script can hold the dialogue.
import type { ReadStream } from "node:tty";
import { appError } from "../../platform/mod.ts";

export interface Dialogue {
  say(text: string): void;
  /** One line, without its end. Errors: INTERRUPTED by Ctrl-C or the end of the input. */
  ask(question: string, echo: "shown" | "hidden"): Promise<string>;
}

/** A component has 64 digits, in groups 79 characters; names are shorter. */
const answerCharsMax = 256;

export class Terminal implements Dialogue, Disposable {
  readonly #input: NodeJS.ReadStream;
  readonly #tty: ReadStream | null;
  /** What came in and was not asked for yet. */
  #pending = "";
  #ended = false;
  #wake: () => void = () => {};
  readonly #onData = (text: string): void => this.#take(text);
  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake();
  };

  constructor(input: NodeJS.ReadStream = process.stdin) {
    this.#input = input;
    this.#tty = input.isTTY ? input : null;
    input.setEncoding("utf8");
    this.#tty?.setRawMode(true);
    input.on("data", this.#onData).on("end", this.#onEnd);
  }

  say(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  async ask(question: string, echo: "shown" | "hidden"): Promise<string> {
    process.stderr.write(question);
    let answer = "";
    for (;;) {
      for (const char of this.#pending) {
        this.#pending = this.#pending.slice(char.length);
        if (char === "\r" || char === "\n") {
          process.stderr.write("\n");
          return answer;
        }
        answer = this.#type(answer, char, echo);
      }
      if (this.#ended) throw appError("INTERRUPTED", "The input ended before the dialogue did.");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The answer after one more key. In raw mode nothing but this line shows or edits it. */
  #type(answer: string, char: string, echo: "shown" | "hidden"): string {
    if (this.#tty !== null && (char === "\u0003" || char === "\u0004")) {
      process.stderr.write("\n");
      throw appError("INTERRUPTED", "Stopped; nothing was stored.");
    }
    if (this.#tty !== null && (char === "\u007f" || char === "\b")) {
      if (answer !== "") process.stderr.write("\b \b");
      return answer.slice(0, -1);
    }
    if (char < " " || answer.length >= answerCharsMax) return answer;
    if (this.#tty !== null) process.stderr.write(echo === "hidden" ? "*" : char);
    return answer + char;
  }

  #take(text: string): void {
    // "\r\n" of a file is one end of a line.
    this.#pending += text.replaceAll("\r\n", "\n");
    this.#wake();
  }

  [Symbol.dispose](): void {
    this.#tty?.setRawMode(false);
    this.#input.off("data", this.#onData).off("end", this.#onEnd).pause();
  }
}
