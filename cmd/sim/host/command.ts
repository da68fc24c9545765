// `pantun sim host`: what the flags mean, and the run from the first connection to the report.
import { once } from "node:events";
import { wireValue } from "../../../api/iso/mod.ts";
import { type Codec, framings, raw2 } from "../../../codec/iso8583/mod.ts";
import { appError, systemClock } from "../../../platform/mod.ts";
import { findCodec } from "../../pantun/iso-dialect.ts";
import { refusePlain } from "../../pantun/iso-endpoint.ts";
import { type HostRule, HostRules, readRules } from "./rules.ts";
import { SimHost, type SimHostStats } from "./sim-host.ts";

export interface HostFlags {
  readonly dialect: string;
  readonly framing: string;
  readonly listen: string;
  readonly port: number;
  readonly rules?: string;
  readonly declineFrom?: number;
  readonly declineCode: string;
  readonly delay: number;
  readonly dropEvery?: number;
  readonly needSignOn?: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
  readonly json?: boolean;
}

/** Plays the host until it is told to stop, then prints what it did. */
export async function simulateHost(flags: HostFlags): Promise<void> {
  const codec = findCodec(flags.dialect);
  const rules = rulesOf(flags);
  checkRules(codec, rules);
  const tls = tlsOf(flags);
  if (tls === null) refusePlain(flags.listen, flags);
  const host = new SimHost({
    listen: { host: flags.listen, port: flags.port },
    tls,
    codec,
    framing: framings[flags.framing] ?? raw2,
    rules: new HostRules(rules),
    clock: systemClock,
    needsSignOn: flags.needSignOn === true,
  });
  const port = await host.listen().catch((cause: unknown) => {
    const message = `${flags.listen}:${flags.port} cannot be opened.`;
    throw appError("PORT_IN_USE", message, { cause });
  });
  process.stderr.write(`host in ${codec.name} over ${flags.framing} on ${flags.listen}:${port}\n`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await host.close();
  const report = reportOf(host.stats);
  const lines = Object.entries(report).map(([name, value]) => {
    return `${name.padEnd(12)} ${typeof value === "number" ? value : JSON.stringify(value)}`;
  });
  process.stdout.write(`${flags.json === true ? JSON.stringify(report) : lines.join("\n")}\n`);
}

/** The rules of the file before those of the flags. */
function rulesOf(flags: HostFlags): HostRule[] {
  const { declineFrom, declineCode, dropEvery, delay } = flags;
  const last = delay === 0 ? {} : { delayMs: delay };
  return [
    ...(flags.rules === undefined ? [] : readRules(flags.rules)),
    ...(dropEvery === undefined ? [] : [{ every: dropEvery, drop: true, ...businessOnly }]),
    ...(declineFrom === undefined
      ? []
      : [{ amount: { from: declineFrom }, code: declineCode, ...last }]),
    ...(delay === 0 ? [] : [last]),
  ];
}

/** Network messages have no amount; only messages that have one are dropped. */
const businessOnly = { amount: {} } as const;

/** What a rule writes must be something that the dialect can carry. */
function checkRules(codec: Codec, rules: readonly HostRule[]): void {
  const request = Number.parseInt(`${codec.spec.mti.version[0]}100`, 16);
  for (const [i, { code = "00", set = {} }] of rules.entries()) {
    const size = codec.spec.elements["39"]?.max ?? 2;
    for (const [de, value] of [["39", code.padStart(size, "0")], ...Object.entries(set)]) {
      try {
        wireValue(codec, request, Number(de), value ?? "");
      } catch (cause) {
        const message = `Rule ${i + 1}: ${codec.name} cannot carry its DE${de}.`;
        throw appError("USAGE", message, { cause });
      }
    }
  }
}

function tlsOf({ cert, key, ca }: HostFlags) {
  if (cert === undefined && key === undefined && ca === undefined) return null;
  if (cert === undefined || key === undefined || ca === undefined) {
    throw appError("USAGE", "TLS needs all three of --cert, --key and --ca.");
  }
  return { certFile: cert, keyFile: key, caFile: ca };
}

function reportOf(stats: SimHostStats) {
  const { received, answered, repeats, duplicates, dropped, unreadable, unexpected } = stats;
  return {
    received: Object.fromEntries(received),
    answered: Object.fromEntries(answered),
    repeats,
    duplicates,
    dropped,
    unreadable,
    unexpected,
  };
}
