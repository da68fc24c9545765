// The log on NATS JetStream: two streams a shard, made where they are missing and looked at where
// they are there. Nothing here writes beside the records, and no message carries an id.
import {
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { appError } from "../../../platform/mod.ts";
import type { Log, StreamKind } from "../port.ts";
import { isStreamMissing } from "./append-outcome.ts";
import { shardsMax } from "./names.ts";
import { ShardStream } from "./shard-stream.ts";
import { type FollowTimes, followTimes } from "./stream-follower.ts";
import { identityOf, judgeStream, type LogSettings, wantedStream } from "./stream-settings.ts";
import { sleep, systemTimers, type Timers } from "./timers.ts";

export interface JetStreamLogOptions {
  /** From `connectNats`; whoever opened it closes it. */
  readonly connection: NatsConnection;
  readonly settings: LogSettings;
  /** Makes the streams that are missing; otherwise a missing one is an error. */
  readonly create: boolean;
  /** Number of the first record of a stream that is made here; 1 unless told. */
  readonly firstSeq?: (kind: StreamKind, shard: number) => number;
  readonly timers?: Timers;
  readonly followTimes?: FollowTimes;
}

const kinds: readonly StreamKind[] = ["evt", "pay"];
/** Right after its start a cluster refuses streams until all its servers are known. */
const createTries = 20;
const createRetryMs = 500;
/** Longer than an election, which leaves questions unanswered. */
const lookTries = 3;
const apiTimeoutMs = 5_000;

export class JetStreamLog implements Log {
  readonly name = "jetstream";
  readonly shards: number;
  readonly #streams: ReadonlyMap<string, ShardStream>;

  constructor(shards: number, streams: ReadonlyMap<string, ShardStream>) {
    this.shards = shards;
    this.#streams = streams;
  }

  stream(kind: StreamKind, shard: number): ShardStream {
    const stream = this.#streams.get(`${kind}${shard}`);
    if (stream === undefined) throw new RangeError(`${shard} is no shard of this log`);
    return stream;
  }

  /** Ends what follows; the connection stays with whoever opened it. */
  async close(): Promise<void> {
    await Promise.all([...this.#streams.values()].map((stream) => stream.stop()));
  }
}

/** Undefined where there is no such stream. Rejects where nobody answers, after some tries. */
async function lookUp(
  jsm: JetStreamManager,
  name: string,
  timers: Timers,
): Promise<StreamInfo | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await jsm.streams.info(name);
    } catch (cause) {
      if (isStreamMissing(cause)) return undefined;
      if (tries === lookTries) {
        throw appError("SERVICE_UNAVAILABLE", `Nobody answers for stream ${name}.`, { cause });
      }
      await sleep(timers, createRetryMs);
    }
  }
}

async function make(
  jsm: JetStreamManager,
  want: ReturnType<typeof wantedStream>,
  timers: Timers,
): Promise<StreamInfo> {
  for (let tries = 1; ; tries++) {
    try {
      return await jsm.streams.add(want);
    } catch (cause) {
      // Another node may have made it meanwhile.
      const found = await lookUp(jsm, want.name, timers).catch(() => undefined);
      if (found !== undefined) return found;
      if (tries === createTries) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        const text = `Stream ${want.name} cannot be made: ${reason}.`;
        throw appError("SERVICE_UNAVAILABLE", text, { cause });
      }
      await sleep(timers, createRetryMs);
    }
  }
}

/**
 * Opens the log. Errors: LOG_UNFIT where a stream is not what the log relies on, with what to
 * change; SERVICE_UNAVAILABLE where streams cannot be read or made now.
 */
export async function openJetStreamLog(options: JetStreamLogOptions): Promise<JetStreamLog> {
  const { connection, settings, create, timers = systemTimers } = options;
  if (settings.shards < 1 || settings.shards > shardsMax) {
    throw new RangeError(`a log has 1 to ${shardsMax} shards, not ${settings.shards}`);
  }
  const jsm = await jetstreamManager(connection, { timeout: apiTimeoutMs, checkAPI: false });
  const js = jetstream(connection, { timeout: apiTimeoutMs });
  const streams = new Map<string, ShardStream>();
  for (let shard = 0; shard < settings.shards; shard++) {
    for (const kind of kinds) {
      const want = wantedStream(kind, shard, settings);
      const found = await lookUp(jsm, want.name, timers);
      if (found === undefined && !create) {
        throw appError("LOG_UNFIT", `Stream ${want.name} is missing; make the log first.`);
      }
      const first_seq = options.firstSeq?.(kind, shard) ?? 1;
      const info = found ?? (await make(jsm, { ...want, first_seq }, timers));
      const problems = judgeStream(info.config, want);
      if (problems.length > 0) {
        const text = `Stream ${want.name} cannot carry the log: ${problems.join("; ")}.`;
        throw appError("LOG_UNFIT", text);
      }
      const access = {
        connection,
        js,
        jsm,
        timers,
        followTimes: options.followTimes ?? followTimes,
        identity: identityOf(info),
      };
      streams.set(`${kind}${shard}`, new ShardStream(kind, shard, access));
    }
  }
  return new JetStreamLog(settings.shards, streams);
}
