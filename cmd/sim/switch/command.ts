// `pantun sim switch`: what the flags mean, and the run from the first connection to the report.
import { randomBytes } from "node:crypto";
import { type ClientSecurity, RequestorClient } from "../../../api/grpc/mod.ts";
import type { Host } from "../../../api/iso/mod.ts";
import { framings, raw2 } from "../../../codec/iso8583/mod.ts";
import { appError, exitCode, systemClock } from "../../../platform/mod.ts";
import { Vault } from "../../../vault/mod.ts";
import { type HsmNames, openKeyStore } from "../../service/open-keys.ts";
import { localPtavSource } from "../local-ptav.ts";
import { readRemoteTokens, remotePtavSource } from "../remote-tokens.ts";
import { SwitchClient } from "../switch-client.ts";
import { readMacKey, readTls, switchTarget } from "../switch-target.ts";
import type { PtavSource, SimToken } from "../tokens.ts";
import { readVaultTokens } from "../vault-tokens.ts";
import { SimContext } from "./context.ts";
import { parseMix } from "./mix.ts";
import { reportLines, reportOf, type TrafficReport } from "./report.ts";
import { Reversals } from "./reversals.ts";
import { runTraffic } from "./run.ts";

export interface SwitchFlags {
  readonly host: string;
  readonly port: number;
  readonly backup?: readonly string[];
  readonly framing: string;
  /** File of store and forward: payments without an answer are reversed. */
  readonly forward?: string;
  readonly connections: number;
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  readonly mix: string;
  readonly macKeyFile?: string;
  readonly peer?: string;
  readonly dir?: string;
  readonly passphraseFile?: string;
  readonly hsm?: HsmNames;
  readonly requestor?: string;
  readonly tokenFile?: string;
  readonly tokens: number;
  readonly acquirer: string;
  readonly merchant: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly json?: boolean;
}

/** What the traffic is made of, and how to let go of it. */
interface Supplies {
  readonly tokens: readonly SimToken[];
  readonly ptavs: PtavSource;
  readonly macKey: Buffer | null;
  close(): Promise<void>;
}

/** Runs the simulator and sets the exit code: 1 when an answer was wrong or missing. */
export async function simulateSwitch(flags: SwitchFlags): Promise<void> {
  const mix = parseMix(flags.mix);
  const supplies = await openSupplies(flags);
  try {
    const client = await SwitchClient.connect({
      target: switchTarget(hostsOf(flags), tlsOf(flags), framings[flags.framing] ?? raw2),
      connections: flags.connections,
      macKey: supplies.macKey,
      clock: systemClock,
      ...(flags.forward === undefined ? {} : { reconnect: { random } }),
    });
    const stop = new AbortController();
    const interrupt = (): void => stop.abort();
    process.once("SIGINT", interrupt);
    try {
      const context = contextOf(supplies);
      const reversals = openReversals(flags, client, context);
      const result = await runTraffic({
        client,
        context,
        mix,
        clock: systemClock,
        rate: flags.rate,
        durationMs: flags.duration * 1_000,
        signal: stop.signal,
        ...(flags.json === true ? {} : { onProgress: showProgress }),
        ...(reversals === null ? {} : { onTimeout: (message) => reversals.onTimeout(message) }),
      });
      const reversed = await reversals?.close(reversalsMs);
      await client.close();
      finish(reportOf(result, client.stats, reversed), flags, stop.signal.aborted);
    } finally {
      process.off("SIGINT", interrupt);
      client.destroy();
    }
  } finally {
    await supplies.close();
  }
}

/** What has not arrived by then stays in the file, for the next run. */
const reversalsMs = 30_000;

function random(): number {
  return randomBytes(4).readUInt32LE(0) / 2 ** 32;
}

function contextOf({ tokens, ptavs, macKey }: Supplies): SimContext {
  const withMac = macKey !== null;
  return new SimContext({ tokens, ptavs, clock: systemClock, withMac, random: randomBytes });
}

function openReversals(
  { forward }: SwitchFlags,
  client: SwitchClient,
  context: SimContext,
): Reversals | null {
  if (forward === undefined) return null;
  return new Reversals({ path: forward, client, context, clock: systemClock, random });
}

function hostsOf({ host, port, backup = [] }: SwitchFlags): Host[] {
  const backups = backup.map((text) => {
    const match = /^(.+):([0-9]{1,5})$/.exec(text);
    if (match === null) throw appError("USAGE", `--backup ${text} is not HOST:PORT.`);
    return { host: match[1] ?? "", port: Number(match[2]) };
  });
  return [{ host, port }, ...backups];
}

function showProgress(tally: { total(what: "sent" | "wrong"): number }, elapsedMs: number): void {
  const seconds = (elapsedMs / 1_000).toFixed(0);
  process.stderr.write(
    `${seconds} s: ${tally.total("sent")} sent, ${tally.total("wrong")} wrong\n`,
  );
}

function finish(report: TrafficReport, flags: SwitchFlags, interrupted: boolean): void {
  const lines = flags.json === true ? [JSON.stringify(report)] : reportLines(report);
  for (const line of lines) process.stdout.write(`${line}\n`);
  if (!report.ok) process.exitCode = exitCode.FAILED;
  else if (interrupted) process.exitCode = exitCode.INTERRUPTED;
}

export function tlsOf(flags: Pick<SwitchFlags, "cert" | "key" | "ca">) {
  const { cert, key, ca } = flags;
  if (cert === undefined && key === undefined && ca === undefined) return null;
  if (cert === undefined || key === undefined || ca === undefined) {
    throw appError("USAGE", "TLS needs all three of --cert, --key and --ca.");
  }
  return readTls({ cert, key, ca });
}

async function openSupplies(flags: SwitchFlags): Promise<Supplies> {
  const { dir, requestor, tokenFile } = flags;
  // The vault may only stand in the environment; a token file is there on purpose.
  if (dir !== undefined && tokenFile === undefined) return await vaultSupplies(flags, dir);
  if (requestor === undefined || tokenFile === undefined) {
    const message =
      "Where do tokens come from? Name a vault with --dir, " +
      "or a requestor service with --requestor and its tokens with --token-file.";
    throw appError("USAGE", message);
  }
  const client = requestorClient(flags, requestor);
  const macKey = flags.macKeyFile === undefined ? null : readMacKey(flags.macKeyFile);
  const tokens = await readRemoteTokens(tokenFile, client, tokenOptions(flags));
  const close = async (): Promise<void> => client.close();
  return { tokens, ptavs: remotePtavSource(client), macKey, close };
}

/** Tokens, cards and keys out of the vault; PTAVs from the service where one is named. */
async function vaultSupplies(flags: SwitchFlags, dir: string): Promise<Supplies> {
  const keyStore = await openKeyStore(dir, flags.passphraseFile ?? "", flags.hsm);
  const ring = await keyStore.load().finally(() => keyStore.close());
  const vault = Vault.open({ dir, readOnly: true, ring, clock: systemClock, random: randomBytes });
  try {
    const tokens = readVaultTokens(vault, tokenOptions(flags));
    const { requestor } = flags;
    const client = requestor === undefined ? null : requestorClient(flags, requestor);
    const ptavs =
      client === null
        ? localPtavSource({
            ring,
            clock: systemClock,
            random: randomBytes,
            notBefore: vault.horizon("ptav"),
          })
        : remotePtavSource(client);
    const close = async (): Promise<void> => {
      client?.close();
      await vault.close();
    };
    return { tokens, ptavs, macKey: macKeyOf(flags, (peer) => ring.active("mac", peer)), close };
  } catch (error) {
    await vault.close();
    throw error;
  }
}

function macKeyOf(flags: SwitchFlags, find: (peer: string) => { bytes: Buffer }): Buffer | null {
  if (flags.macKeyFile !== undefined) return readMacKey(flags.macKeyFile);
  return flags.peer === undefined ? null : Buffer.from(find(flags.peer).bytes);
}

function tokenOptions(flags: SwitchFlags) {
  return { tokensMax: flags.tokens, acquirerId: flags.acquirer, merchantId: flags.merchant };
}

export function requestorClient(
  { cert, key, ca }: Pick<SwitchFlags, "cert" | "key" | "ca">,
  address: string,
): RequestorClient {
  const security: ClientSecurity =
    cert === undefined || key === undefined || ca === undefined
      ? { kind: "insecure" }
      : { kind: "mtls", certificateFile: cert, privateKeyFile: key, serverCAFile: ca };
  return new RequestorClient({ address, security });
}
