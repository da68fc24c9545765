// A log on a real server, with times short enough for a test.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { connectNats } from "../../actors/log/jetstream/connection.ts";
import { type JetStreamLog, openJetStreamLog } from "../../actors/log/jetstream/jetstream-log.ts";
import type { LogSettings } from "../../actors/log/jetstream/stream-settings.ts";
import type { StoredRecord } from "../../actors/log/port.ts";
import type { NatsSite } from "../../deploy/tools/nats-site.ts";
import { comesTrue, within } from "../../platform/mod.ts";

const MiB = 1024 * 1024;

export const testSettings: LogSettings = {
  shards: 1,
  incarnation: 7,
  replicas: 1,
  evtBytesMax: 64 * MiB,
  payBytesMax: 64 * MiB,
  payAgeMs: 86_400_000,
};

/** Looks often, and takes a doubt for certain after half a second. */
export const quickFollow = { checkMs: 200, confirmMs: 500 } as const;

export interface OpenedLog extends AsyncDisposable {
  readonly connection: NatsConnection;
  readonly log: JetStreamLog;
}

export async function openTestLog(
  site: Pick<NatsSite, "urls">,
  change: Partial<LogSettings> = {},
): Promise<OpenedLog> {
  const connection = await connectNats({ servers: site.urls, name: "test" });
  const settings = { ...testSettings, ...change };
  try {
    const log = await openJetStreamLog({
      connection,
      settings,
      create: true,
      followTimes: quickFollow,
    });
    const close = async (): Promise<void> => {
      await log.close();
      await connection.close();
    };
    return { connection, log, [Symbol.asyncDispose]: close };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/**
 * Removes every stream of a site of one, and waits until its files have gone: a stream that is made
 * anew before that comes up with the records of the one that was deleted.
 */
export async function removeStreams(site: NatsSite): Promise<void> {
  const connection = await connect({ servers: site.urls });
  const jsm = await jetstreamManager(connection);
  for await (const { config } of jsm.streams.list()) await jsm.streams.delete(config.name);
  await connection.close();
  const folder = join(site.servers[0]?.storeDir ?? "", "jetstream", "$G", "streams");
  const gone = (): boolean => !existsSync(folder) || readdirSync(folder).length === 0;
  await comesTrue("the end of the streams' files", 10_000, gone);
}

/** A sink that keeps what it gets. */
export class Collector {
  readonly got: StoredRecord[] = [];
  readonly broke: Promise<Error>;
  #resolveBroke: (cause: Error) => void = () => {};
  #waiters: { count: number; resolve: () => void }[] = [];

  constructor() {
    this.broke = new Promise((resolve) => {
      this.#resolveBroke = resolve;
    });
  }

  records(records: readonly StoredRecord[]): void {
    this.got.push(...records);
    this.#waiters = this.#waiters.filter(({ count, resolve }) => {
      if (this.got.length < count) return true;
      resolve();
      return false;
    });
  }

  broken(cause: Error): void {
    this.#resolveBroke(cause);
  }

  /** Resolves when that many records have come. */
  until(count: number): Promise<void> {
    if (this.got.length >= count) return Promise.resolve();
    const came = new Promise<void>((resolve) => {
      this.#waiters.push({ count, resolve });
    });
    return within(20_000, `record ${count} has not come within 20 s`, came);
  }
}
