// Mends the streams of one shard of a cluster after the servers lost or damaged them. The shard is
// stopped on every node; what the nodes' vaults kept goes back into the streams byte for byte; a
// new epoch fences whoever still has an append on its way; then the nodes follow the streams as
// they are. What is lost is never written into a log that has gone on without it. Where payments
// may be lost, whatever was claimed up to now is fenced, in the log, so that every node knows.
import { appError, type Clock } from "../../platform/mod.ts";
import type { BrokenStream } from "../log/jetstream/stream-repair.ts";
import type { LogMeta } from "../log/log-meta.ts";
import type { StoredRecord, StreamKind } from "../log/port.ts";
import { type HeadFields, type LogEvent, type RecordSeal, readHead } from "../log/record.ts";
import { epochOpened, type PaymentsFence, paymentsFenced } from "../runtime/event-frame.ts";
import type { RecordSource } from "../upkeep/chain.ts";
import { planStream, type Replica, type StreamPlan } from "../upkeep/plan-stream.ts";
import { type RecordFile, recordFile } from "../upkeep/record-file.ts";
import type { Operator } from "./operate.ts";
import type { ShardStreams, StreamPoint } from "./operate-log.ts";

/** A vault that takes part: a node that answers, or a folder. */
export interface SalvageVault {
  readonly name: string;
  readonly at: ShardStreams;
  records(kind: StreamKind): RecordSource;
}

export interface SalvageOptions {
  readonly shard: number;
  readonly meta: LogMeta;
  readonly seal: RecordSeal;
  readonly clock: Clock;
  /** Eight bytes, drawn for this run. */
  readonly nonce: Buffer;
  readonly stream: (kind: StreamKind, shard: number) => BrokenStream;
  readonly operator: Pick<Operator, "ask" | "points" | "records">;
  /** Nodes that take part; each must answer. */
  readonly nodes: readonly string[];
  /** Other vaults of the same log, such as those of nodes that do not run. */
  readonly more: readonly SalvageVault[];
  /** Nodes that are known and do not take part: what only they have is lost. */
  readonly without: readonly string[];
  /** Where records are kept that are taken out of the log, and those that are written into it. */
  readonly keep: string;
  readonly acceptLoss: boolean;
  /** A stream may be deleted and made anew. */
  readonly remake: boolean;
  readonly onProgress?: () => void;
}

export interface SalvagedStream {
  readonly stream: StreamKind;
  readonly act: StreamPlan["act"];
  /** Records that were written. */
  readonly written: number;
  readonly firstSeq: number;
  /** The last record, which opens a new epoch where anything was mended. */
  readonly lastSeq: number;
  /** Records that vaults had applied and that the log has gone on without. */
  readonly lost: readonly StoredRecord[];
  /** Damaged records at the end that were taken out. */
  readonly cut: number;
  /** Older records are gone. */
  readonly gone: boolean;
}

export interface SalvagedShard {
  readonly shard: number;
  readonly streams: readonly SalvagedStream[];
  /** PTAVs issued at or before these Unix seconds, and DE7 times, are void; null where no need. */
  readonly fence: PaymentsFence | null;
  /** Nodes that go on. */
  readonly resumed: readonly string[];
  /** Vaults that hold what the log has gone on without: they join again from a snapshot. */
  readonly strays: readonly string[];
  /** Vaults that stand before the log's beginning: these, too. */
  readonly behind: readonly string[];
}

/** As after a restore: PTAVs up to now with the clock skew, and DE7 of five minutes ahead. */
const fenceSeconds = { ptav: 60, de7: 300 } as const;

const kinds: readonly StreamKind[] = ["evt", "pay"];

interface Mending {
  readonly kind: StreamKind;
  readonly plan: StreamPlan;
  readonly wanted: RecordFile;
}

/**
 * Can be run again after it was broken off. Errors: USAGE where a loss or a new stream was not
 * accepted, with nothing changed but that the shard stands; NOT_REACHABLE, SERVICE_UNAVAILABLE,
 * LOG_FULL.
 */
export async function salvageShard(options: SalvageOptions): Promise<SalvagedShard> {
  const { shard, operator, nodes, more, without } = options;
  // Nobody decides or applies meanwhile.
  for (const node of nodes) await operator.ask(node, { do: "park", shard });
  const vaults = [...more];
  for (const node of nodes) vaults.push(await nodeVault(operator, node, shard));
  if (vaults.length === 0) throw appError("USAGE", "No vault of this log takes part.");
  const files: RecordFile[] = [];
  try {
    const mendings: Mending[] = [];
    for (const kind of kinds) mendings.push(await planOne(options, kind, vaults, files));
    const loses = without.length > 0 || mendings.some(({ plan }) => losesAnything(plan));
    checkAccepted(options, mendings, loses);
    const fence = loses ? fenceOf(options, vaults) : undefined;
    for (const file of files) file.flush();
    const streams: SalvagedStream[] = [];
    for (const one of mendings) streams.push(await mend(options, vaults, one, fence));
    const strays = new Set(mendings.flatMap(({ plan }) => plan.strays));
    const behind = new Set(mendings.flatMap(({ plan }) => plan.behind));
    const resumed = await resume(options, strays, behind);
    for (const { wanted } of mendings) wanted.remove();
    return {
      shard,
      streams,
      fence: fence ?? null,
      resumed,
      strays: [...strays],
      behind: [...behind],
    };
  } finally {
    for (const file of files) file.close();
  }
}

function losesAnything({ lost, cut, gone, strays }: StreamPlan): boolean {
  return lost.length > 0 || cut > 0 || gone || strays.length > 0;
}

async function nodeVault(
  operator: SalvageOptions["operator"],
  name: string,
  shard: number,
): Promise<SalvageVault> {
  const at = await operator.points(name, shard);
  return { name, at, records: (kind) => keptBy(operator, name, shard, kind) };
}

/** A node answers with many records at a time, from one downwards, as they are asked for. */
function keptBy(
  operator: SalvageOptions["operator"],
  name: string,
  shard: number,
  kind: StreamKind,
): RecordSource {
  let cached = new Map<number, Buffer>();
  return {
    name,
    async read(seq) {
      if (!cached.has(seq)) {
        const records = await operator.records(name, shard, kind, seq);
        cached = new Map(records.map((one) => [one.seq, one.bytes]));
      }
      return cached.get(seq);
    },
  };
}

async function planOne(
  { shard, keep, stream, seal, onProgress }: SalvageOptions,
  kind: StreamKind,
  vaults: readonly SalvageVault[],
  files: RecordFile[],
): Promise<Mending> {
  const wanted = recordFile(keep, kind, shard, "wanted");
  const kept = recordFile(keep, kind, shard, "kept");
  files.push(wanted, kept);
  const replicas = vaults.map(({ name, at, records }): Replica => {
    const { seq, hash } = at[kind];
    return { name, at: { seq, hash: Buffer.from(hash, "hex") }, records: records(kind) };
  });
  const parts = { kind, replicas, seal, wanted, kept, stream: stream(kind, shard) };
  const plan = await planStream({ ...parts, ...(onProgress === undefined ? {} : { onProgress }) });
  return { kind, plan, wanted };
}

function checkAccepted(
  { shard, acceptLoss, remake, without }: SalvageOptions,
  mendings: readonly Mending[],
  loses: boolean,
): void {
  if (loses && !acceptLoss) {
    const said = mendings.flatMap(({ kind, plan }) => lossText(kind, plan));
    if (without.length > 0) said.push(`what only ${without.join(", ")} may have`);
    throw appError("USAGE", `Shard ${shard} loses ${said.join("; ")}: say --accept-loss.`);
  }
  const anew = mendings.filter(({ plan }) => plan.act === "remake").map(({ kind }) => kind);
  if (anew.length > 0 && !remake) {
    const text = `The stream of ${anew.join(" and of ")} of shard ${shard}`;
    throw appError("USAGE", `${text} must be deleted and made anew: say --remake.`);
  }
}

function lossText(kind: StreamKind, plan: StreamPlan): string[] {
  const { lost, cut, gone, firstSeq, strays } = plan;
  const said: string[] = [];
  if (strays.length > 0) said.push(`what ${strays.join(", ")} applied beside the ${kind} log`);
  if (lost.length > 0) said.push(`${lost.length} ${kind} records from ${lost[0]?.seq} on`);
  if (cut > 0) said.push(`${cut} damaged ${kind} records at the log's end`);
  if (gone) said.push(`the ${kind} records before ${firstSeq}`);
  return said;
}

/** Everything that may have been claimed by now. */
function fenceOf({ clock }: SalvageOptions, vaults: readonly SalvageVault[]): PaymentsFence {
  const now = Math.floor(clock.nowMs() / 1_000);
  const seen = (of: keyof Pick<StreamPoint, "horizonPtav" | "horizonDe7">) =>
    Math.max(...vaults.map(({ at }) => at.pay[of]));
  return {
    ptav: Math.max(seen("horizonPtav"), now + fenceSeconds.ptav),
    de7: Math.max(seen("horizonDe7"), now + fenceSeconds.de7),
  };
}

async function mend(
  options: SalvageOptions,
  vaults: readonly SalvageVault[],
  { kind, plan, wanted }: Mending,
  fence: PaymentsFence | undefined,
): Promise<SalvagedStream> {
  const { shard, onProgress = () => {} } = options;
  const stream = options.stream(kind, shard);
  const { act, from, to, firstSeq, lost, cut, gone } = plan;
  if (act === "remake") await stream.remake(firstSeq);
  for (let seq = from; seq <= to; seq++) {
    const bytes = await wanted.read(seq);
    if (bytes === undefined) throw appError("VAULT_CORRUPT", `Record ${seq} is gone again.`);
    await write(stream, shard, seq, bytes);
    onProgress();
  }
  const fences = kind === "pay" && fence !== undefined ? [paymentsFenced(fence)] : [];
  let lastSeq = plan.end.seq;
  if (act !== "none" || fences.length > 0) {
    const barrier = await seal(options, vaults, { kind, plan, wanted }, fences);
    await write(stream, shard, ++lastSeq, barrier);
  }
  const written = Math.max(0, to - from + 1);
  return { stream: kind, act, written, firstSeq, lastSeq, lost, cut, gone };
}

/** The record that opens an epoch above every one that is known, behind the mended stream's end. */
async function seal(
  { shard, meta, seal, nonce, clock, stream }: SalvageOptions,
  vaults: readonly SalvageVault[],
  { kind, plan, wanted }: Mending,
  fences: readonly LogEvent[],
): Promise<Buffer> {
  const { seq, hash } = plan.end;
  const last = (await stream(kind, shard).read(seq)) ?? (await wanted.read(seq));
  const head = last === undefined ? undefined : readHead(last);
  const points = vaults.flatMap(({ at }) => [at.evt, at.pay]);
  const of = (name: "horizonPtav" | "horizonDe7") =>
    Math.max(head?.[name] ?? 0, ...(kind === "pay" ? vaults.map(({ at }) => at.pay[name]) : []));
  const fields: HeadFields = {
    ...{ shard, nonce, prev: hash, incarnation: meta.incarnation },
    epoch: 1 + Math.max(head?.epoch ?? 0, ...points.map(({ epoch }) => epoch)),
    atMs: Math.max(clock.nowMs(), head?.atMs ?? 0, ...points.map(({ atMs }) => atMs)),
    horizonPtav: of("horizonPtav"),
    horizonDe7: of("horizonDe7"),
  };
  return seal.seal(fields, [epochOpened("salvage"), ...fences]);
}

async function write(
  stream: BrokenStream,
  shard: number,
  seq: number,
  bytes: Buffer,
): Promise<void> {
  const outcome = await stream.append(bytes, seq - 1);
  if (outcome.kind === "stored") return;
  if (outcome.kind === "full") {
    const { cause } = outcome;
    throw appError("LOG_FULL", `Shard ${shard} has no room for record ${seq}.`, { cause });
  }
  // An answer that was lost, or somebody else's record: what stands there says which.
  if ((await stream.read(seq))?.equals(bytes) === true) return;
  const text = `Record ${seq} of shard ${shard} was not taken; run the command again.`;
  throw appError("SERVICE_UNAVAILABLE", text);
}

/** The nodes whose vaults are on the log go on; of the others nobody waits for what they hold. */
async function resume(
  { shard, operator, nodes }: SalvageOptions,
  strays: ReadonlySet<string>,
  behind: ReadonlySet<string>,
): Promise<string[]> {
  const resumed = nodes.filter((node) => !strays.has(node) && !behind.has(node));
  for (const node of nodes) {
    if (strays.has(node)) await operator.ask(node, { do: "leave", shard });
  }
  for (const node of resumed) await operator.ask(node, { do: "adopt", shard });
  return resumed;
}
