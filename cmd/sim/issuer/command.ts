// `pantun sim issuer`: a card issuer's host. One 0302 for each line of a file, the next when the
// one before is answered, so that what is said of one card arrives in its order.
import { randomBytes } from "node:crypto";
import { type Static, Type } from "typebox";
import { framings, raw2, type View } from "../../../codec/iso8583/mod.ts";
import { maskPan } from "../../../codec/pan/mod.ts";
import { exitCode, systemClock } from "../../../platform/mod.ts";
import { readJsonLines } from "../json-lines.ts";
import { encodeMessage, transmissionText } from "../messages.ts";
import { tlsOf } from "../switch/command.ts";
import { SwitchClient } from "../switch-client.ts";
import { readMacKey, switchTarget } from "../switch-target.ts";

export interface IssuerFlags {
  readonly host: string;
  readonly port: number;
  readonly framing: string;
  readonly file: string;
  /** DE32; who the issuer is says the connection, not this. */
  readonly institution: string;
  readonly macKeyFile?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly json?: boolean;
}

/** By action: the DE91 that goes with it. */
const codes = { SUSP: "2", RESM: "2", EXPU: "2", PANU: "2", DELT: "3", INQY: "5" } as const;

const text = (pattern: string) => Type.Optional(Type.String({ pattern }));
const lineSchema = Type.Object(
  {
    pan: Type.String({ pattern: "^[0-9]{13,19}$" }),
    action: Type.Union((Object.keys(codes) as (keyof typeof codes)[]).map((a) => Type.Literal(a))),
    reason: text("^[A-Z]{4}$"),
    newPan: text("^[0-9]{13,19}$"),
    newExpiry: text("^[0-9]{4}$"),
    reference: text("^[ -~]{1,36}$"),
    /** YYYYMMDDhhmmss, UTC. */
    causedAt: text("^[0-9]{14}$"),
  },
  { additionalProperties: false },
);

type Line = Static<typeof lineSchema>;

interface Outcome {
  readonly action: string;
  /** Masked. */
  readonly card: string;
  /** DE39; null where no answer came. */
  readonly response: string | null;
  readonly tokensAffected: number;
  /** A, S, D or U; "" where the answer does not say. */
  readonly cardStatus: string;
  readonly stale: boolean;
}

/** The service takes 5 s for a command at the most. */
const timeoutMs = 10_000;
const malaysiaOffsetSeconds = 8 * 3_600;

/** Sends the file and sets the exit code: 1 when an answer was not 00, or missing. */
export async function simulateIssuer(flags: IssuerFlags): Promise<void> {
  const lines = readJsonLines(flags.file, lineSchema);
  const macKey = flags.macKeyFile === undefined ? null : readMacKey(flags.macKeyFile);
  const hosts = [{ host: flags.host, port: flags.port }];
  const client = await SwitchClient.connect({
    target: switchTarget(hosts, tlsOf(flags), framings[flags.framing] ?? raw2),
    connections: 1,
    macKey,
    clock: systemClock,
    timeoutMs,
  });
  const outcomes: Outcome[] = [];
  try {
    for (const [i, line] of lines.entries()) {
      const message = fileAction(line, i + 1, flags.institution, macKey !== null);
      const outcome = await ask(client, line, message);
      outcomes.push(outcome);
      if (flags.json !== true) process.stdout.write(`${shown(outcome)}\n`);
    }
    await client.close();
  } finally {
    client.destroy();
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ outcomes })}\n`);
  if (outcomes.some(({ response }) => response !== "00")) process.exitCode = exitCode.FAILED;
}

function fileAction(line: Line, stan: number, institution: string, withMac: boolean): Buffer {
  const seconds = Math.floor(systemClock.nowMs() / 1_000);
  const local = transmissionText(seconds + malaysiaOffsetSeconds);
  const tags = {
    "50": line.action,
    "51": line.reason,
    "52": line.newPan,
    "53": line.newExpiry,
    "54": line.reference,
    "55": line.causedAt,
  };
  const given = Object.entries(tags).filter(([, value]) => value !== undefined);
  const fields = {
    "2": line.pan,
    "7": transmissionText(seconds),
    "11": String(stan).padStart(6, "0"),
    "12": local.slice(4),
    "13": local.slice(0, 4),
    "32": institution,
    "37": String(randomBytes(6).readUIntBE(0, 6) % 1e12).padStart(12, "0"),
    "91": codes[line.action],
    "101": "CARDLCM",
    "120": Object.fromEntries(given) as Record<string, string>,
    ...(withMac ? { "128": "00".repeat(8) } : {}),
  };
  return encodeMessage({ mti: "0302", fields });
}

function ask(client: SwitchClient, { action, pan }: Line, message: Buffer): Promise<Outcome> {
  const named = { action, card: maskPan(pan) };
  return new Promise((resolve) => {
    client.send(message, (answer) => {
      const view = answer?.macOk === true ? answer.view : null;
      const tag = (number: number) => (view === null ? "" : tagText(view, number));
      resolve({
        ...named,
        response: view?.text(39) ?? null,
        tokensAffected: Number(tag(56)),
        cardStatus: tag(57),
        stale: tag(58) === "S",
      });
    });
  });
}

function tagText(view: View, tag: number): string {
  const { buf, tags } = view;
  if (!view.has(120) || !tags.has(tag)) return "";
  const at = tags.offset(tag);
  return buf.toString("latin1", at, at + tags.length(tag));
}

function shown({ action, card, response, tokensAffected, cardStatus, stale }: Outcome): string {
  if (response === null) return `${action} ${card}: no answer, or one with a wrong MAC`;
  const parts = [`${action} ${card}: ${response}`];
  if (cardStatus !== "") parts.push(`card ${cardStatus}`, `${tokensAffected} tokens affected`);
  if (stale) parts.push("late, not applied");
  return parts.join(", ");
}
