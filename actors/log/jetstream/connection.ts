// The connection to NATS. The client's own defaults would notice a frozen server after four minutes
// and give up for good after ten attempts; neither suits a log that must come back by itself.
import { readFileSync } from "node:fs";
import {
  connect,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
  type Server,
} from "@nats-io/transport-node";
import { appError } from "../../../platform/mod.ts";
import { judgeServer } from "./stream-settings.ts";

export interface NatsSettings {
  /** `nats://host:port` or `tls://host:port`, several for a cluster. */
  readonly servers: readonly string[];
  /** Shown in the server's monitoring. */
  readonly name: string;
  /** A credentials file as `nsc` writes it. */
  readonly credentialsFile?: string;
  readonly tls?: {
    readonly caFile?: string;
    readonly certFile?: string;
    readonly keyFile?: string;
  };
}

/** A frozen server takes a connection and says nothing; the next one is tried after this. */
const connectTimeoutMs = 2_000;
/** Two pings: a frozen server is left after some two seconds. Until then this node does nothing. */
const pingMs = 750;
const pingsMax = 2;
const reconnectWaitMs = 250;

/** The client would begin with the server that it has just lost; a frozen one takes its time. */
function triedLongestAgo(servers: readonly Server[]): Server | null {
  const [first, ...others] = servers;
  if (first === undefined) return null;
  return others.reduce((best, one) => (one.lastConnect < best.lastConnect ? one : best), first);
}

function optionsOf(settings: NatsSettings): NodeConnectionOptions {
  const { servers, name, credentialsFile, tls } = settings;
  return {
    servers: [...servers],
    name,
    timeout: connectTimeoutMs,
    pingInterval: pingMs,
    maxPingOut: pingsMax,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMs,
    reconnectToServer: triedLongestAgo,
    ...(credentialsFile === undefined
      ? {}
      : { authenticator: credsAuthenticator(readFileSync(credentialsFile)) }),
    ...(tls === undefined ? {} : { tls: { ...tls } }),
  };
}

/**
 * Connects and looks at the server. Errors: SERVICE_UNAVAILABLE where none answers, LOG_UNFIT where
 * the server cannot keep the log's promises, with what to change.
 */
export async function connectNats(settings: NatsSettings): Promise<NatsConnection> {
  let connection: NatsConnection;
  try {
    connection = await connect(optionsOf(settings));
  } catch (cause) {
    const where = settings.servers.join(", ");
    throw appError("SERVICE_UNAVAILABLE", `No NATS server answers at ${where}.`, { cause });
  }
  const facts = connection.info;
  const problems = facts === undefined ? ["the server says nothing of itself"] : judgeServer(facts);
  if (problems.length === 0) return connection;
  await connection.close();
  throw appError("LOG_UNFIT", `The NATS server cannot carry the log: ${problems.join("; ")}.`);
}
