// `pantun sim issuer`: a card issuer. One 0302, or one call over JSON, for each line of a file, the
// next when the one before is answered, so that what is said of one card arrives in its order.
import { randomBytes } from "node:crypto";
import { ApiClient } from "../../../api/http/mod.ts";
import { framings, raw2, type View } from "../../../codec/iso8583/mod.ts";
import { maskPan } from "../../../codec/pan/mod.ts";
import { appError, exitCode, systemClock } from "../../../platform/mod.ts";
import { type AccessFlags, accessOf, type PeerFlags, peerOf } from "../api-access.ts";
import { readJsonLines } from "../json-lines.ts";
import { encodeMessage, transmissionText } from "../messages.ts";
import { tlsOf } from "../switch/command.ts";
import { SwitchClient } from "../switch-client.ts";
import { readMacKey, switchTarget } from "../switch-target.ts";
import { codes, type Line, lineSchema, type Outcome } from "./lines.ts";
import { sayOverJson } from "./over-json.ts";

export interface IssuerFlags extends Partial<PeerFlags & AccessFlags> {
  readonly host: string;
  readonly port: number;
  readonly framing: string;
  readonly file: string;
  /** DE32; who the issuer is says the connection, not this. */
  readonly institution: string;
  readonly macKeyFile?: string;
  readonly json?: boolean;
}

/** The service takes 5 s for a command at the most. */
const timeoutMs = 10_000;
const malaysiaOffsetSeconds = 8 * 3_600;

/** Sends the file and sets the exit code: 1 when an answer was not 00, or missing. */
export async function simulateIssuer(flags: IssuerFlags): Promise<void> {
  const lines = readJsonLines(flags.file, lineSchema);
  const outcomes: Outcome[] = [];
  const say = flags.url === undefined ? await overIso(flags) : overJson(flags, flags.url);
  try {
    for (const [i, line] of lines.entries()) {
      const outcome = await say.one(line, i + 1);
      outcomes.push(outcome);
      if (flags.json !== true) process.stdout.write(`${shown(outcome)}\n`);
    }
  } finally {
    await say.end();
  }
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ outcomes })}\n`);
  if (outcomes.some(({ response }) => response !== "00")) process.exitCode = exitCode.FAILED;
}

/** A way to the service, and how to let go of it. */
interface Way {
  one(line: Line, number: number): Promise<Outcome>;
  end(): Promise<void>;
}

async function overIso(flags: IssuerFlags): Promise<Way> {
  const macKey = flags.macKeyFile === undefined ? null : readMacKey(flags.macKeyFile);
  const hosts = [{ host: flags.host, port: flags.port }];
  const client = await SwitchClient.connect({
    target: switchTarget(hosts, tlsOf(flags), framings[flags.framing] ?? raw2),
    connections: 1,
    macKey,
    clock: systemClock,
    timeoutMs,
  });
  return {
    one: (line, number) => {
      return ask(client, line, fileAction(line, number, flags.institution, macKey !== null));
    },
    end: () => client.close().finally(() => client.destroy()),
  };
}

function overJson(flags: IssuerFlags, url: string): Way {
  const { clientId, secretFile, signingKey } = flags;
  if (clientId === undefined || secretFile === undefined || signingKey === undefined) {
    const message = "Over JSON it needs all of --client-id, --secret-file and --signing-key.";
    throw appError("USAGE", message);
  }
  const access = accessOf({ clientId, secretFile, signingKey });
  const client = new ApiClient(peerOf({ ...flags, url }), access, systemClock);
  return { one: (line) => sayOverJson(client, line), end: async () => {} };
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
  if (cardStatus !== "") parts.push(`card ${cardStatus}`);
  if (response === "00") parts.push(`${tokensAffected} tokens affected`);
  if (stale) parts.push("late, not applied");
  return parts.join(", ");
}
