// What a check of the broker gets to work with: a stream of its own on a site of one server or
// three, and the words for what a publish came to.
import { setTimeout as sleep } from "node:timers/promises";
import {
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StreamInfo,
} from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { type WantedStream, wantedStream } from "../../../actors/log/jetstream/stream-settings.ts";
import type { NatsSite } from "../../../deploy/tools/nats-site.ts";
import { testSettings } from "../rig.ts";

export type SiteKind = "single" | "cluster";

export interface CheckContext {
  readonly kind: SiteKind;
  readonly site: NatsSite;
  readonly connection: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** A second client, on another server where there is one. */
  readonly rival: JetStreamClient;
  /** The check's own stream, made as the log makes its streams. */
  readonly stream: string;
  readonly subject: string;
  /** What the stream was made from. */
  readonly want: WantedStream;
}

export interface Check {
  readonly name: string;
  /** Where it applies; both where it is not said. */
  readonly only?: SiteKind;
  run(context: CheckContext): Promise<void>;
}

export function replicasOf(kind: SiteKind): 1 | 3 {
  return kind === "single" ? 1 : 3;
}

// Each check has a name of its own: a stream that is made anew right after it was deleted comes up
// with the old records, since its files go a moment later.
let checksRun = 0;

function nextStream(kind: SiteKind): WantedStream {
  const shard = checksRun++ % 97;
  return wantedStream("evt", shard, { ...testSettings, replicas: replicasOf(kind) });
}

/** What came of a request: `stored 3`, `duplicate 3`, or `10071 wrong last sequence: 5`. */
export async function saying(answer: Promise<unknown>): Promise<string> {
  try {
    const ack = (await answer) as { seq?: number; duplicate?: boolean };
    return `${ack.duplicate === true ? "duplicate" : "stored"} ${ack.seq}`;
  } catch (error) {
    if (error instanceof JetStreamApiError) return `${error.code} ${error.message}`;
    return error instanceof Error ? error.name : String(error);
  }
}

/** Publishes with an expectation about the whole stream. */
export function fenced(
  context: CheckContext,
  expected: number,
  text = "x",
  by: JetStreamClient = context.js,
): Promise<string> {
  const expect = { streamName: context.stream, lastSequence: expected };
  return saying(by.publish(context.subject, text, { expect, timeout: 5_000 }));
}

export function same(actual: unknown, expected: unknown, what: string): void {
  const [is, want] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== want) throw new Error(`${what}: expected ${want}, found ${is}`);
}

export function infoOf(context: CheckContext): Promise<StreamInfo> {
  return context.jsm.streams.info(context.stream);
}

/** A replicated stream has no leader for a moment after it was made. */
async function untilLed(jsm: JetStreamManager, name: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const info = await jsm.streams.info(name).catch(() => undefined);
    const group = info?.cluster;
    if (info !== undefined && (group === undefined || group.leader !== "")) return;
    await sleep(50);
  }
  throw new Error(`${name} got no leader`);
}

/** Runs a check on a fresh stream. */
export async function runCheck(kind: SiteKind, site: NatsSite, check: Check): Promise<void> {
  const connection = await connect({ servers: site.urls[0] as string });
  const other = await connect({ servers: site.urls.at(-1) as string });
  const jsm = await jetstreamManager(connection);
  const want = nextStream(kind);
  try {
    await jsm.streams.add(want);
    await untilLed(jsm, want.name);
    await check.run({
      kind,
      site,
      connection,
      js: jetstream(connection),
      jsm,
      rival: jetstream(other),
      stream: want.name,
      subject: (want.subjects as string[])[0] as string,
      want,
    });
  } finally {
    for await (const { config } of jsm.streams.list()) await jsm.streams.delete(config.name);
    await connection.close();
    await other.close();
  }
}
