// A stream as whoever mends it sees it: whether it is there, which records it lacks, and the way to
// make it anew. Not a `ShardLog`: this works also where the stream is gone.
import {
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { appError } from "../../../platform/mod.ts";
import type { AppendOutcome, StreamKind } from "../port.ts";
import { isStreamMissing } from "./append-outcome.ts";
import { streamName } from "./names.ts";
import { ShardStream } from "./shard-stream.ts";
import { followTimes } from "./stream-follower.ts";
import { type LogSettings, wantedStream } from "./stream-settings.ts";
import { sleep, systemTimers } from "./timers.ts";

export interface StreamState {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Records between them that are not there. */
  readonly missing: number;
}

/** One stream of one shard, maybe damaged. */
export interface BrokenStream {
  /** Undefined where it is gone. Rejects where nobody answers. */
  state(): Promise<StreamState | undefined>;
  /** Undefined where the record is not there or cannot be read. */
  read(seq: number): Promise<Buffer | undefined>;
  append(bytes: Buffer, expectedLast: number): Promise<AppendOutcome>;
  /** Deletes it where it is there, and makes an empty one whose first record will be `firstSeq`. */
  remake(firstSeq: number): Promise<void>;
}

const apiTimeoutMs = 5_000;
const retryMs = 500;
/** A new stream may come up with the files of the one that was deleted, while they lie there. */
const remakeTries = 20;

export async function openBrokenStreams(
  connection: NatsConnection,
  settings: LogSettings,
): Promise<(kind: StreamKind, shard: number) => BrokenStream> {
  const jsm = await jetstreamManager(connection, { timeout: apiTimeoutMs, checkAPI: false });
  const js = jetstream(connection, { timeout: apiTimeoutMs });
  const access = { connection, js, jsm, timers: systemTimers, followTimes, identity: "" };
  return (kind, shard) => {
    const stream = new ShardStream(kind, shard, access);
    const want = wantedStream(kind, shard, settings);
    return {
      state: async () => stateOf(await infoOf(jsm, streamName(kind, shard))),
      read: (seq) => stream.read(seq).catch(unreadable),
      append: (bytes, expectedLast) => stream.append(bytes, expectedLast, () => {}),
      remake: (firstSeq) => remake(jsm, want, firstSeq),
    };
  };
}

function stateOf(info: StreamInfo | undefined): StreamState | undefined {
  if (info === undefined) return undefined;
  const { messages, first_seq, last_seq, num_deleted } = info.state;
  const firstSeq = messages === 0 ? last_seq + 1 : first_seq;
  return { firstSeq, lastSeq: last_seq, missing: num_deleted ?? 0 };
}

async function infoOf(jsm: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (cause) {
    if (isStreamMissing(cause)) return undefined;
    throw appError("SERVICE_UNAVAILABLE", `Nobody answers for stream ${name}.`, { cause });
  }
}

/** What the server says of a record that it cannot give. Silence is another matter. */
function unreadable(error: unknown): undefined {
  if (error instanceof JetStreamApiError) return undefined;
  throw error;
}

async function remake(
  jsm: JetStreamManager,
  wanted: ReturnType<typeof wantedStream>,
  firstSeq: number,
): Promise<void> {
  const { name } = wanted;
  const limits = limitsOf(await infoOf(jsm, name));
  const want = { ...wanted, ...limits, first_seq: firstSeq };
  let cause: unknown;
  for (let tries = 1; tries <= remakeTries; tries++) {
    if ((await infoOf(jsm, name)) !== undefined) await jsm.streams.delete(name);
    await sleep(systemTimers, retryMs);
    const info = await jsm.streams.add(want).catch((error: unknown) => {
      cause = error;
    });
    const state = stateOf(info ?? undefined);
    if (state?.firstSeq === firstSeq && state.lastSeq === firstSeq - 1) return;
  }
  const why = cause instanceof Error ? cause.message : "it comes up with old records";
  throw appError("SERVICE_UNAVAILABLE", `Stream ${name} cannot be made anew: ${why}.`, { cause });
}

/** Room and age as an operator has set them, where the stream is still there. */
function limitsOf(info: StreamInfo | undefined) {
  if (info === undefined) return {};
  const { max_bytes, max_age } = info.config;
  return { max_bytes, max_age };
}
