// The file of a tap: masked documents as JSON lines, or a capture of the raw bytes. A file that
// cannot be written ends the recording and nothing else.
import { closeSync, openSync, writeSync } from "node:fs";
import type { SeenMessage } from "./observer.ts";
import { CapturedConnection, captureHead } from "./pcapng.ts";
import type { Direction, Link, Listener } from "./proxy.ts";

export class Recording {
  /** Why it ended before the line did; null while all is written. */
  fault: string | null = null;
  readonly #path: string;
  #file: number | null;

  /** Readable by its owner only. Throws the error of the system. */
  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "w", 0o600);
  }

  write(bytes: Buffer | string): void {
    if (this.#file === null) return;
    try {
      const whole = Buffer.from(bytes as string, "utf8");
      for (let at = 0; at < whole.length; ) at += writeSync(this.#file, whole, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "write error";
      this.fault = `${this.#path} cannot be written any more: ${code}`;
      this.close();
    }
  }

  document(message: SeenMessage): void {
    this.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    if (this.#file === null) return;
    const file = this.#file;
    this.#file = null;
    closeSync(file);
  }
}

/** Passes on what a listener hears, and writes the bytes to a capture. */
export class CaptureRecorder implements Listener {
  readonly #recording: Recording;
  readonly #next: Listener;
  readonly #nowMs: () => number;
  readonly #connections = new Map<number, CapturedConnection>();

  constructor(recording: Recording, next: Listener, nowMs: () => number) {
    this.#recording = recording;
    this.#next = next;
    this.#nowMs = nowMs;
    recording.write(captureHead());
  }

  opened(link: Link): void {
    const connection = new CapturedConnection(link);
    this.#connections.set(link.number, connection);
    this.#recording.write(connection.opened(this.#nowMs()));
    this.#next.opened(link);
  }

  bytes(link: Link, direction: Direction, chunk: Buffer): void {
    const connection = this.#connections.get(link.number);
    if (connection !== undefined) {
      this.#recording.write(connection.bytes(direction, chunk, this.#nowMs()));
    }
    this.#next.bytes(link, direction, chunk);
  }

  ended(link: Link, direction: Direction): void {
    const connection = this.#connections.get(link.number);
    if (connection !== undefined) {
      this.#recording.write(connection.ended(direction, this.#nowMs()));
    }
    this.#next.ended(link, direction);
  }

  closed(link: Link, error: string | null): void {
    this.#connections.delete(link.number);
    this.#next.closed(link, error);
  }
}
