// `pantun sim requestor`: what the flags mean, and the run from the first line to the last.
import { existsSync } from "node:fs";
import { ApiClient } from "../../../api/http/mod.ts";
import { appError, exitCode, systemClock } from "../../../platform/mod.ts";
import { refusePlain } from "../../pantun/iso-endpoint.ts";
import { type AccessFlags, accessOf, listenAt, type PeerFlags, peerOf } from "../api-access.ts";
import { readJsonLines } from "../json-lines.ts";
import { readTokenFile, writeTokenFile } from "../token-file.ts";
import { WebhookReceiver } from "../webhook-receiver.ts";
import { type Line, lineSchema, needs } from "./lines.ts";
import { type Outcome, play, type Stage } from "./play.ts";
import { Requestor } from "./requestor.ts";

export interface RequestorFlags extends PeerFlags, AccessFlags {
  readonly trid: string;
  readonly file: string;
  readonly tokenFile?: string;
  readonly ds?: string;
  readonly acquirer: string;
  readonly merchant: string;
  readonly listen: string;
  readonly webhookUrl?: string;
  readonly json?: boolean;
}

/** Does what the file says and sets the exit code: 1 when an answer was not the right one. */
export async function simulateRequestor(flags: RequestorFlags): Promise<void> {
  const lines = readLines(flags.file);
  const requestor = requestorOf(flags);
  const { tokenFile } = flags;
  if (tokenFile !== undefined && existsSync(tokenFile)) {
    for (const token of readTokenFile(tokenFile)) requestor.keep(token);
  }
  const show = ({ right, action, token, says }: Outcome): void => {
    if (flags.json === true) return;
    const what = `${action} ${token}`.trimEnd().padEnd(26);
    process.stdout.write(`${right ? "ok   " : "WRONG"} ${what} ${says}\n`);
  };
  const { stage, close } = stageOf(requestor, flags);
  const outcomes: Outcome[] = [];
  let faults: readonly string[] = [];
  try {
    for (const line of lines) {
      const outcome = await play(line, stage);
      outcomes.push(outcome);
      show(outcome);
    }
  } finally {
    if (tokenFile !== undefined) writeTokenFile(tokenFile, requestor.tokens);
    faults = await close();
  }
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ outcomes, faults })}\n`);
  const wrong = faults.length > 0 || outcomes.some(({ right }) => !right);
  if (wrong) process.exitCode = exitCode.FAILED;
}

function readLines(path: string): Line[] {
  const lines = readJsonLines(path, lineSchema);
  for (const [i, line] of lines.entries()) {
    const missing = needs[line.action].find((name) => line[name] === undefined);
    if (missing !== undefined) {
      throw appError("USAGE", `Line ${i + 1}: ${line.action} needs ${missing}.`);
    }
  }
  return lines;
}

function requestorOf(flags: RequestorFlags): Requestor {
  const { ds, trid, acquirer: acquirerId, merchant: merchantId } = flags;
  const insecure = flags.insecure === true;
  return new Requestor({
    client: new ApiClient(peerOf(flags), accessOf(flags), systemClock),
    trid,
    clock: systemClock,
    directory: ds === undefined ? null : peerOf({ url: ds, insecure }),
    acquirerId,
    merchantId,
  });
}

/** `close` tells what the receiver of notices had to complain about. */
function stageOf(requestor: Requestor, flags: RequestorFlags) {
  const listen = listenAt(flags.listen);
  refusePlain(listen.host, { insecure: flags.insecure === true });
  let receiver: WebhookReceiver | null = null;
  const stage: Stage = {
    requestor,
    openReceiver: () => receiver,
    async receiver() {
      receiver ??= await WebhookReceiver.open({ listen, clock: systemClock });
      return receiver;
    },
    webhookUrl: ({ url }) => flags.webhookUrl ?? url,
  };
  const close = async (): Promise<readonly string[]> => {
    await receiver?.close();
    return receiver?.faults ?? [];
  };
  return { stage, close };
}
