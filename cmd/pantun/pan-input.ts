// Card numbers for commands: from a file, from standard input, or typed without an echo. Never from
// the command line, which every user of the machine can read.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { ClearPAN, PANError } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";

export interface PanFlags {
  readonly panFile?: string;
}

/** A line of a file, with its end; more is no card number. */
const inputBytesMax = 4_096;

export function panFlag(command: Command, what: string): Command {
  return command.option(
    "--pan-file <file>",
    `file with ${what}, one a line; "-" or nothing: standard input, typed at a terminal`,
  );
}

/**
 * So many card numbers, one a line. Errors: PAN_INVALID, FILE_UNREADABLE, USAGE where there are
 * more or fewer, INTERRUPTED.
 */
export async function readPans(flags: PanFlags, names: readonly string[]): Promise<ClearPAN[]> {
  const { panFile = "-" } = flags;
  const typed = panFile === "-" && process.stdin.isTTY === true;
  const lines: Buffer[] = [];
  if (typed) for (const name of names) lines.push(await typeLine(`${name}: `));
  else lines.push(...linesOf(panFile === "-" ? await readAll() : readInput(panFile)));
  if (lines.length !== names.length) {
    throw appError("USAGE", `Expected on lines of their own: ${names.join(", ")}.`);
  }
  return lines.map(parseLine);
}

function parseLine(line: Buffer): ClearPAN {
  try {
    return ClearPAN.parse(line);
  } catch (error) {
    if (error instanceof PANError) throw appError("PAN_INVALID", `The number: ${error.message}.`);
    throw error;
  } finally {
    line.fill(0);
  }
}

function readInput(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${file} cannot be read.`, { cause });
  }
}

async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > inputBytesMax) break;
  }
  return Buffer.concat(chunks);
}

function linesOf(bytes: Buffer): Buffer[] {
  if (bytes.length > inputBytesMax) throw appError("USAGE", "That is more than card numbers.");
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue;
    const end = at > from && bytes[at - 1] === 0x0d ? at - 1 : at;
    // Not a part of the input: each is wiped by itself.
    if (end > from) lines.push(Buffer.from(new Uint8Array(bytes.subarray(from, end))));
    from = at + 1;
  }
  bytes.fill(0);
  return lines;
}

const key = { enter: 0x0d, newLine: 0x0a, interrupt: 0x03, endOfInput: 0x04, erase: 0x7f } as const;

/** One line without an echo. */
function typeLine(prompt: string): Promise<Buffer> {
  const { stdin } = process;
  process.stderr.write(prompt);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve, reject) => {
    const typed: number[] = [];
    const end = () => {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
      process.stderr.write("\n");
    };
    const take = (chunk: Buffer): void => {
      for (const byte of chunk) {
        if (byte === key.interrupt || byte === key.endOfInput) {
          end();
          reject(appError("INTERRUPTED", "Stopped."));
          return;
        }
        if (byte === key.enter || byte === key.newLine) {
          end();
          resolve(Buffer.from(Uint8Array.from(typed.splice(0))));
          return;
        }
        if (byte === key.erase) typed.pop();
        else if (typed.length < inputBytesMax) typed.push(byte);
      }
    };
    stdin.on("data", take);
  });
}
