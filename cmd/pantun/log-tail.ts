// `pantun log tail`: the newest records of the log as lines. Payloads are card data and stay
// sealed: what shows is who, when, which type, how large.
import { type Command, InvalidArgumentError } from "commander";
import {
  EmbeddedLog,
  type LogRecord,
  ownTypes,
  RecordError,
  readNoted,
  type StoredRecord,
  unframePayload,
} from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import { type OpenedLog, withLog } from "./log.ts";
import { type VaultFlags, vaultFlags } from "./vault-access.ts";

interface TailFlags extends VaultFlags {
  readonly shard?: number;
  readonly from?: number;
  readonly limit: number;
  readonly follow?: boolean;
}

/** Nobody wakes a reader of another process: it looks this often. */
const pollMs = 200;

const limitDefault = 20;

export function registerTail(log: Command): void {
  vaultFlags(log.command("tail"))
    .description("Show the newest records: who, when, which types of events; never their content.")
    .option("--shard <n>", "of this shard only", whole)
    .option("--from <seq>", "from this record on; needs --shard", whole)
    .option("--limit <n>", "records of a shard", whole, limitDefault)
    .option("--follow", "and those to come, until Ctrl-C")
    .action(tail);
}

function whole(text: string): number {
  if (/^[0-9]{1,12}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It is no whole number.");
}

async function tail(flags: TailFlags): Promise<void> {
  if (flags.from !== undefined && flags.shard === undefined) {
    throw appError("USAGE", "--from counts within one shard: name it with --shard.");
  }
  await withLog(flags, async (opened) => {
    const { store, meta } = opened;
    if (flags.shard !== undefined && flags.shard >= meta.shards) {
      throw appError("USAGE", `The log has shards 0 to ${meta.shards - 1}.`);
    }
    const poll = (work: () => void) => {
      const timer = setInterval(work, pollMs);
      return () => clearInterval(timer);
    };
    const checkOwner = () => {
      throw new Error("tail writes nothing");
    };
    const log = new EmbeddedLog({ store, meta, checkOwner, poll });
    const every = Array.from({ length: meta.shards }, (_, shard) => shard);
    const shards = flags.shard === undefined ? every : [flags.shard];
    const ends = await Promise.all(shards.map((shard) => showStored(log, opened, shard, flags)));
    if (flags.follow === true) await followOn(log, opened, shards, ends, flags);
    await log.close();
  });
}

/** Prints what is stored; returns the sequence behind it. */
async function showStored(
  log: EmbeddedLog,
  opened: OpenedLog,
  shard: number,
  flags: TailFlags,
): Promise<number> {
  const stream = log.stream("evt", shard);
  const { firstSeq, lastSeq } = await stream.end();
  const from = Math.max(firstSeq, flags.from ?? lastSeq - flags.limit + 1);
  const to = Math.min(lastSeq, from + flags.limit - 1);
  for (let seq = from; seq <= to; seq++) {
    const bytes = await stream.read(seq);
    if (bytes !== undefined) print(opened, shard, { seq, bytes }, flags);
  }
  return to + 1;
}

async function followOn(
  log: EmbeddedLog,
  opened: OpenedLog,
  shards: readonly number[],
  ends: readonly number[],
  flags: TailFlags,
): Promise<void> {
  const interrupted = new Promise<void>((resolve) => process.once("SIGINT", () => resolve()));
  const followers = shards.map((shard, i) =>
    log.stream("evt", shard).follow(ends[i]!, {
      records: (records) => {
        for (const record of records) print(opened, shard, record, flags);
      },
      broken: (cause) => process.stderr.write(`shard ${shard}: ${cause.message}\n`),
    }),
  );
  await interrupted;
  for (const follower of followers) await follower.stop();
}

function print(
  { seal }: OpenedLog,
  shard: number,
  { seq, bytes }: StoredRecord,
  { json }: TailFlags,
): void {
  const shown = { shard, seq, bytes: bytes.length, ...describe(() => seal.open(bytes)) };
  process.stdout.write(`${json === true ? JSON.stringify(shown) : lineOf(shown)}\n`);
}

type Shown = ReturnType<typeof describe> & { shard: number; seq: number; bytes: number };

function describe(open: () => LogRecord) {
  try {
    const { head, events } = open();
    const { epoch, incarnation, atMs } = head;
    const at = new Date(atMs).toISOString();
    return { at, epoch, incarnation, events: events.map(describeEvent) };
  } catch (error) {
    if (error instanceof RecordError) return { fault: error.message };
    throw error;
  }
}

function describeEvent({ type, version, commandId, payload }: LogRecord["events"][number]) {
  const command = commandId.toString("hex");
  const size = payload.length;
  if (type === ownTypes.epochOpened) return { name: "epoch.opened", version, size };
  if (type === ownTypes.statesNoted) return { name: "states.noted", version, size };
  if (type === ownTypes.epochClosed) return { name: "epoch.closed", version, size };
  if (type === ownTypes.commandNoted) {
    const { kind, actor } = readNoted(payload);
    return { name: "command.noted", version, size, command, kind, actor: actor.toString("hex") };
  }
  const actor = unframePayload(payload).actor.toString("hex");
  return { name: String(type), version, size, command, actor };
}

function lineOf(shown: Shown): string {
  const place = `${String(shown.shard).padStart(2, "0")} ${shown.seq}`;
  if ("fault" in shown) return `${place}  ${shown.bytes} bytes: ${shown.fault}`;
  const counts = new Map<string, number>();
  for (const { name } of shown.events) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].map(([name, n]) => (n === 1 ? name : `${name} x ${n}`));
  const head = `${place}  ${shown.at}  epoch ${shown.epoch}  ${shown.bytes} bytes`;
  return `${head}  ${names.join(", ")}`;
}
