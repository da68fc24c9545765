// `pantun iso send`: messages to a host over TCP or TLS, in any dialect and framing, each with its
// answer, matched as the door matches. Nothing sensitive is shown unless it is asked for.
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, Option } from "commander";
import {
  type HostLine,
  type HostMac,
  HostSession,
  isDone,
  matchElements,
  wireValue,
} from "../../api/iso/mod.ts";
import {
  type Codec,
  type DecodedMessage,
  describeDocument,
  expectsAnswer,
  framings,
  raw2,
  type View,
} from "../../codec/iso8583/mod.ts";
import { createMessageMac, equalConstantTime } from "../../crypto/mod.ts";
import { appError, exitCode, systemClock } from "../../platform/mod.ts";
import { readMacKey } from "../sim/switch-target.ts";
import { findCodec } from "./iso-dialect.ts";
import { addEndpointOptions, type EndpointFlags, hostOf, securityOf } from "./iso-endpoint.ts";
import { addInputOptions, type InputFlags, messagesOf } from "./iso-input.ts";
import { wholeNumber } from "./whole-number.ts";

interface SendFlags extends InputFlags, EndpointFlags {
  readonly bare?: boolean;
  readonly startBytes: string;
  readonly signOn?: boolean;
  readonly signOnCode?: string;
  readonly macKeyFile?: string;
  readonly timeout: number;
  readonly count: number;
  readonly rate?: number;
  readonly window: number;
  readonly stan?: string;
  readonly match?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly reveal?: boolean;
}

/** What became of one message. */
type Outcome = "answered" | "timeout" | "lost" | "sent" | "unusable";

interface Line {
  readonly number: number;
  readonly outcome: Outcome | "late" | "unmatched";
  readonly ms?: number;
  readonly macOk?: boolean;
  readonly request?: DecodedMessage;
  readonly answer?: DecodedMessage;
}

const help = `
Examples:
  pantun iso send 127.0.0.1:8583 payments.hex --sign-on
  pantun iso send host.example:8583 - --dialect iso87-bcd --framing nac --ca ca.pem < one.hex
  pantun iso send 127.0.0.1:9000 echo.hex --count 1000 --rate 200 --stan auto --quiet

FILE is read as \`pantun iso decode\` reads it. An answer belongs to a request of the same class and
DE11 whose DE7, DE32, DE37 and DE70 are the same where both carry them; --match names other
elements. Messages are sent one after the other, --window at a time, or at --rate whatever the host
does. A summary goes to standard error.

Exit codes: 0 every message that wants an answer had one (a decline is one), 1 one had none in time,
came back with a wrong MAC, or could not be read, 2 wrong usage, 4 the host cannot be reached or
refuses the sign-on, 7 plain TCP beyond this machine without --insecure, 130 interrupted.`;

export function registerSend(iso: Command): void {
  const command = iso
    .command("send <host:port> <file>")
    .description("Send messages to a host and print its answers, masked. '-' reads stdin.");
  addEndpointOptions(addInputOptions(command))
    .option("--bare", "messages begin with the MTI: start bytes are put before them")
    .option("--start-bytes <text>", "those of --bare and of our own sign-on", "ISO026000050")
    .option("--sign-on", "sign on first, and off at the end")
    .option("--sign-on-code <digits>", "its DE70 (1993 and later: DE24)")
    .option("--mac-key-file <file>", "write the MAC that a message declares, check its answer's")
    .option("--timeout <ms>", "how long an answer may take", wholeNumber(1, 600_000), 5_000)
    .option("--count <number>", "send all of FILE so many times", wholeNumber(1, 1_000_000), 1)
    .option("--rate <number>", "messages a second, whatever the host does", wholeNumber(1, 100_000))
    .option(
      "--window <number>",
      "without --rate: unanswered messages at a time",
      wholeNumber(1, 999),
      1,
    )
    .addOption(new Option("--stan <how>", "auto: DE11 counts up from 1").choices(["auto"]))
    .option("--match <elements>", "what matches an answer, besides class and DE11: 7,37")
    .option("--quiet", "the summary alone")
    .option("--json", "one JSON document a line, for machines")
    .option("--reveal", "show sensitive values in clear")
    .addHelpText("after", help)
    .action(run);
}

async function run(where: string, file: string, flags: SendFlags): Promise<void> {
  const codec = findCodec(flags.dialect);
  const host = hostOf(where);
  const context = securityOf(host, flags);
  const sender = new Sender(codec, flags);
  await sender.load(file);
  const { serverName } = flags;
  const socket = { context, connectMs, ...(serverName === undefined ? {} : { serverName }) };
  const opening = HostSession.open(host, socket, sender.line);
  const session = await opening.catch((cause: unknown) => {
    throw appError("NOT_REACHABLE", `${where} cannot be reached.`, { cause });
  });
  const interrupt = (): void => sender.interrupt();
  process.once("SIGINT", interrupt);
  try {
    if (flags.signOn === true && !(await session.signOn())) {
      throw appError("NOT_REACHABLE", `${where} refused the sign-on, or did not answer it.`);
    }
    await sender.sendAll(session);
    if (flags.signOn === true && !session.closed) await session.ask("sign-off");
    // What wants no answer has only been handed over: it leaves before the connection does.
    session.end();
    await Promise.race([session.lost, sleep(flags.timeout, undefined, { ref: false })]);
  } finally {
    process.off("SIGINT", interrupt);
    session.destroy();
  }
  sender.finish();
}

const connectMs = 10_000;

class Sender {
  readonly line: HostLine;
  readonly #codec: Codec;
  readonly #flags: SendFlags;
  readonly #view: View;
  readonly #messages: Buffer[] = [];
  readonly #counts: Record<string, number> = {};
  #bad = 0;
  #number = 0;
  #open = 0;
  #interrupted = false;
  #wake: () => void = () => {};

  constructor(codec: Codec, flags: SendFlags) {
    this.#codec = codec;
    this.#flags = flags;
    this.#view = codec.createView();
    const key = flags.macKeyFile === undefined ? null : readMacKey(flags.macKeyFile);
    const { signOnCode } = flags;
    this.line = {
      codec,
      framing: framings[flags.framing ?? raw2.name] ?? raw2,
      startBytes: flags.startBytes,
      mac: key === null ? null : hostMac(key),
      timeoutMs: flags.timeout,
      matchOn: flags.match === undefined ? matchElements : elementsOf(flags.match),
      clock: systemClock,
      stats: { late: 0, unmatched: 0, missedEchoes: 0 },
      onStray: (outcome, view) => this.#print({ number: 0, outcome, answer: this.#shown(view) }),
      ...(signOnCode === undefined ? {} : { signOnCode }),
    };
  }

  async load(file: string): Promise<void> {
    const start = this.#flags.bare === true ? Buffer.from(this.#flags.startBytes, "latin1") : null;
    const head = start !== null && this.#codec.headerLength > 0 ? start : Buffer.alloc(0);
    for await (const message of messagesOf(file, this.#flags, this.#codec)) {
      if (message.error === null) {
        this.#messages.push(Buffer.concat([head, message.bytes]));
        continue;
      }
      this.#bad += 1;
      const { error } = message;
      const request = { ok: false, mti: null, bitmap: null, fields: {}, error };
      this.#print({ number: 0, outcome: "unusable", request });
    }
  }

  async sendAll(session: HostSession): Promise<void> {
    const { count, rate, window } = this.#flags;
    const beganMs = performance.now();
    for (let round = 0; round < count; round++) {
      for (const message of this.#messages) {
        if (rate !== undefined) {
          await this.#until(() => performance.now() - beganMs >= (this.#number * 1_000) / rate);
        } else {
          await this.#until(() => this.#open < window);
        }
        if (this.#interrupted || session.closed) break;
        this.#send(session, Buffer.from(message));
      }
    }
    await this.#until(() => this.#open === 0);
    const whole = this.#messages.length * count;
    this.#bad += whole - this.#number;
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#wake();
  }

  finish(): void {
    const parts = Object.entries(this.#counts).map(([what, count]) => `${count} ${what}`);
    process.stderr.write(`${parts.length === 0 ? "nothing was sent" : parts.join(", ")}\n`);
    if (this.#interrupted) process.exitCode = exitCode.INTERRUPTED;
    else if (this.#bad > 0) process.exitCode = exitCode.FAILED;
  }

  #send(session: HostSession, message: Buffer): void {
    const codec = this.#codec;
    const view = this.#view;
    this.#number += 1;
    const number = this.#number;
    codec.scan(view, message, 0, message.length);
    if (this.#flags.stan === "auto") this.#putStan(view, message, number);
    const request = (): DecodedMessage => this.#document(message, 0, message.length);
    if (!view.has(11) || !expectsAnswer(view.mti)) {
      session.sendRaw(message);
      this.#print({ number, outcome: "sent", request: request() });
      return;
    }
    const sentMs = performance.now();
    this.#open += 1;
    session.send(message, (answer) => {
      this.#open -= 1;
      const ms = Math.round((performance.now() - sentMs) * 1_000) / 1_000;
      if (answer === null) {
        this.#bad += 1;
        const outcome = session.closed ? "lost" : "timeout";
        this.#print({ number, outcome, ms, request: request() });
      } else {
        if (!answer.macOk) this.#bad += 1;
        const shown = this.#shown(answer.view);
        const mac = this.line.mac === null ? {} : { macOk: answer.macOk };
        this.#print({ number, outcome: "answered", ms, ...mac, request: request(), answer: shown });
      }
      this.#wake();
    });
  }

  /** Counts DE11 up from 1; 000000 is skipped. */
  #putStan(view: View, message: Buffer, number: number): void {
    if (!view.has(11)) return;
    const digits = this.#codec.spec.elements["11"]?.max ?? 6;
    const stan = ((number - 1) % 999_999) + 1;
    const answerable = expectsAnswer(view.mti) ? view.mti : view.mti & 0xff00;
    const bytes = wireValue(this.#codec, answerable, 11, String(stan).padStart(digits, "0"));
    if (bytes.length === view.length(11)) message.set(bytes, view.offset(11));
  }

  #shown(view: View): DecodedMessage {
    const bytes = Buffer.from(view.buf.subarray(view.origin, view.end));
    return this.#document(bytes, 0, bytes.length);
  }

  #document(bytes: Buffer, from: number, to: number): DecodedMessage {
    return this.#codec.decode(bytes, from, to, { reveal: this.#flags.reveal === true });
  }

  #print(line: Line): void {
    const { outcome, answer } = line;
    const code = answer?.fields["39"]?.value;
    const declined = outcome === "answered" && code !== undefined && !isDone(code);
    const counted = declined ? `answered with ${code}` : outcome;
    this.#counts[counted] = (this.#counts[counted] ?? 0) + 1;
    if (this.#flags.quiet === true) return;
    const text = this.#flags.json === true ? JSON.stringify(line) : this.#lines(line).join("\n");
    process.stdout.write(`${text}\n`);
  }

  #lines({ number, outcome, ms, macOk, request, answer }: Line): string[] {
    const { spec } = this.#codec;
    const took = ms === undefined ? "" : ` after ${ms.toFixed(1)} ms`;
    const mac = macOk === false ? ", its MAC is missing or wrong" : "";
    return [
      `${number === 0 ? "" : `message ${number}: `}${outcome}${took}${mac}`,
      ...(request === undefined ? [] : ["request", ...describeDocument(spec, request)]),
      ...(answer === undefined ? [] : ["answer", ...describeDocument(spec, answer)]),
      "",
    ];
  }

  async #until(right: () => boolean): Promise<void> {
    while (!right() && !this.#interrupted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/** DE64 and DE128 of 8 bytes, by the key's length AES-256-CMAC or X9.19. */
function hostMac(key: Buffer): HostMac {
  const mac = createMessageMac(key);
  const scratch = Buffer.alloc(8);
  return {
    sign: (buf, begin, at) => mac.mac(buf, begin, at - begin, buf, at, 8),
    fits(buf, begin, at) {
      mac.mac(buf, begin, at - begin, scratch, 0, 8);
      return equalConstantTime(scratch, 0, buf, at, 8);
    },
  };
}

function elementsOf(text: string): number[] {
  const elements = text.split(",").map(Number);
  if (elements.every((de) => Number.isInteger(de) && de >= 2 && de <= 192)) return elements;
  throw appError("USAGE", "--match takes element numbers, such as 7,37.");
}
