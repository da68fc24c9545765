// Progress of long work on stderr: one line that is written over on a terminal, a line now and then
// elsewhere.

/** Lines that are not written over come this often, so that a log file stays short. */
const plainIntervalMs = 5_000;
/** On a terminal, more often than this only costs time. */
const terminalIntervalMs = 200;

export class ProgressLine {
  readonly #label: string;
  readonly #total: number | undefined;
  readonly #startMs = performance.now();
  #shownMs = 0;

  /** `total` in the unit of `update`; without it no time that remains is shown. */
  constructor(label: string, total?: number) {
    this.#label = label;
    this.#total = total;
  }

  /** `done` of the total, and what to say besides. */
  update(done: number, note = ""): void {
    const now = performance.now();
    const interval = process.stderr.isTTY ? terminalIntervalMs : plainIntervalMs;
    if (now - this.#shownMs < interval) return;
    this.#shownMs = now;
    const seconds = (now - this.#startMs) / 1_000;
    const parts = [`${this.#label}: ${done}`];
    if (this.#total !== undefined && done > 0) {
      const share = done / this.#total;
      parts[0] += ` of ${this.#total}`;
      parts.push(`${Math.ceil(seconds / share - seconds)} s remain`);
    }
    parts.push(`${Math.round(done / seconds)}/s`);
    if (note !== "") parts.push(note);
    process.stderr.write(
      process.stderr.isTTY ? `\r\x1b[K${parts.join(", ")}` : `${parts.join(", ")}\n`,
    );
  }

  /** Ends the line on a terminal. */
  end(): void {
    if (process.stderr.isTTY && this.#shownMs > 0) process.stderr.write("\r\x1b[K");
  }
}
