// Real nats-servers on loopback for demonstrations, tests and measurements: started with a chosen
// configuration, killed, paused and restarted at will, and gone with the process that started them,
// however that one ends.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { within } from "../../platform/mod.ts";
import { obtain } from "./obtain.ts";
import { getTool, natsServerVersions } from "./tool-table.ts";

export type NatsVersion = (typeof natsServerVersions)[number];

/** Building a server for the first time takes minutes; later it is found in the cache. */
export const obtainTimeoutMs = 600_000;
/** A cluster of three on two busy cores has elected its leaders long before. */
const readyTimeoutMs = 60_000;
const pollMs = 25;
/** A process that was killed has gone by then, and one that was started has said its number. */
const processMs = 10_000;
/** A frozen server takes a question and says nothing. */
const askMs = 1_000;

export interface ServerOptions {
  readonly version?: NatsVersion;
  /** Flush every message before it is acknowledged. */
  readonly syncAlways?: boolean;
  /** Largest message, with its unit. */
  readonly maxPayload?: string;
  /** Room for all streams of one server, with its unit. */
  readonly maxFile?: string;
}

interface Place {
  readonly name: string;
  readonly dir: string;
  readonly port: number;
  readonly monitorPort: number;
  readonly routePort: number | undefined;
  readonly routes: readonly number[];
}

// The shell holds the server on a leash: when its input ends, because whoever started it has gone,
// the server goes too, and its files. Its first line is the server's process id.
const leash = [
  "exec 3<&0",
  '"$0" -c "$1" </dev/null >>"$2" 2>&1 3<&- &',
  "server=$!",
  "echo $server",
  '(cat <&3 >/dev/null; kill -9 $server 2>/dev/null && sleep 1 && rm -rf "$3") &',
  "exec 3<&-",
  "wait $server",
].join("\n");

function configOf(place: Place, options: ServerOptions): string {
  const lines = [
    `server_name: ${place.name}`,
    `listen: "127.0.0.1:${place.port}"`,
    `http: "127.0.0.1:${place.monitorPort}"`,
    `max_payload: ${options.maxPayload ?? "1MB"}`,
    // A frozen peer is noticed after five seconds, as the deployment asks for.
    'ping_interval: "2s"',
    "ping_max: 2",
    "jetstream {",
    `  store_dir: ${JSON.stringify(join(place.dir, "store"))}`,
    "  max_memory_store: 64MB",
    `  max_file_store: ${options.maxFile ?? "4GB"}`,
    ...(options.syncAlways === true ? ["  sync_interval: always"] : []),
    "}",
  ];
  if (place.routePort !== undefined) {
    const routes = place.routes.map((port) => `"nats://127.0.0.1:${port}"`);
    lines.push("cluster {", "  name: loopback", `  listen: "127.0.0.1:${place.routePort}"`);
    lines.push(`  routes: [${routes.join(", ")}]`, "}");
  }
  return `${lines.join("\n")}\n`;
}

export class NatsServer {
  readonly #binary: string;
  readonly #place: Place;
  #child: ChildProcess | undefined;
  #pid = 0;
  #gone: Promise<void> = Promise.resolve();

  constructor(binary: string, place: Place, options: ServerOptions) {
    this.#binary = binary;
    this.#place = place;
    mkdirSync(place.dir, { recursive: true });
    writeFileSync(join(place.dir, "server.conf"), configOf(place, options));
  }

  get name(): string {
    return this.#place.name;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#place.port}`;
  }

  get monitorUrl(): string {
    return `http://127.0.0.1:${this.#place.monitorPort}`;
  }

  get storeDir(): string {
    return join(this.#place.dir, "store");
  }

  /** What the server wrote, for a test that failed. */
  log(): string {
    return readFileSync(join(this.#place.dir, "server.log"), "utf8");
  }

  /** Starts the process; it may not be ready yet. */
  async launch(): Promise<void> {
    const { dir } = this.#place;
    const files = [join(dir, "server.conf"), join(dir, "server.log"), dirname(dir)];
    const args = ["-c", leash, this.#binary, ...files];
    const child = spawn("sh", args, { stdio: ["pipe", "pipe", "ignore"] });
    this.#child = child;
    this.#gone = new Promise((resolve) => {
      child.once("exit", () => {
        child.stdin.destroy();
        resolve();
      });
    });
    const said = new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (data: Buffer) => resolve(data.toString()));
      child.once("error", reject);
      child.once("exit", () => reject(new Error("the shell ended before the server began")));
    });
    this.#pid = Number(await within(processMs, `${this.name} did not begin`, said));
  }

  /**
   * Resolves when JetStream answers; in a cluster, when there is a leader of the cluster. Streams
   * may still be on their way back: one whose deletion a kill broke off never comes.
   */
  async ready(): Promise<void> {
    const what = this.#place.routePort === undefined ? "js-server-only" : "js-meta-only";
    const url = `${this.monitorUrl}/healthz?${what}=true`;
    const until = performance.now() + readyTimeoutMs;
    while (performance.now() < until) {
      if (this.#child?.exitCode !== null) throw new Error(`${this.name} ended:\n${this.log()}`);
      const answer = await fetch(url, { signal: AbortSignal.timeout(askMs) }).catch(() => null);
      await answer?.body?.cancel();
      if (answer?.status === 200) return;
      await sleep(pollMs);
    }
    throw new Error(`${this.name} was not ready in time:\n${this.log()}`);
  }

  /** kill -9; resolves when the process has gone. Its files stay. */
  async kill(): Promise<void> {
    if (this.#child === undefined || this.#child.exitCode !== null) return;
    // Without a number it has not begun: its leash ends with the shell.
    if (this.#pid > 0) process.kill(this.#pid, "SIGKILL");
    else this.#child.kill("SIGKILL");
    await within(processMs, `${this.name} was killed and did not end`, this.#gone);
  }

  pause(): void {
    process.kill(this.#pid, "SIGSTOP");
  }

  resume(): void {
    process.kill(this.#pid, "SIGCONT");
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.launch();
    await this.ready();
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

export interface NatsSite extends AsyncDisposable {
  readonly servers: readonly NatsServer[];
  readonly urls: string[];
  /** The server of that name. */
  server(name: string): NatsServer;
  /** Names of streams with those of the servers that lead them. */
  leaders(): Promise<Map<string, string>>;
  stop(): Promise<void>;
}

interface StreamsPage {
  readonly account_details?: readonly {
    readonly stream_detail?: readonly {
      readonly name: string;
      readonly cluster?: { readonly leader?: string };
    }[];
  }[];
}

/** Each server knows best which streams it leads itself. */
async function leadersOf(servers: readonly NatsServer[]): Promise<Map<string, string>> {
  const leaders = new Map<string, string>();
  for (const { name: self, monitorUrl } of servers) {
    const signal = AbortSignal.timeout(askMs);
    const answer = await fetch(`${monitorUrl}/jsz?streams=true`, { signal }).catch(() => null);
    if (answer?.status !== 200) continue;
    const page = (await answer.json()) as StreamsPage;
    const streams = (page.account_details ?? []).flatMap((one) => one.stream_detail ?? []);
    for (const { name, cluster } of streams) {
      if (cluster?.leader === self) leaders.set(name, self);
    }
  }
  return leaders;
}

function siteOf(dir: string, servers: readonly NatsServer[]): NatsSite {
  const removeFiles = (): void => rmSync(dir, { recursive: true, force: true });
  process.once("exit", removeFiles);
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.kill()));
    process.off("exit", removeFiles);
    removeFiles();
  };
  return {
    servers,
    urls: servers.map((server) => server.url),
    server(name) {
      const found = servers.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no server is called ${name}`);
      return found;
    },
    leaders: () => leadersOf(servers),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** The program of a version; throws where it cannot be had: such tests are never left out. */
export function natsBinary(version: NatsVersion = natsServerVersions[0]): string {
  const path = obtain(getTool("nats-server", version));
  if (path === null) {
    const text =
      `nats-server ${version} is not on the PATH and could not be installed: ` +
      "that takes Go, or Python with pip.";
    throw new Error(text);
  }
  return path;
}

/** One server that stands alone, or a cluster. */
export async function startSite(count: 1 | 3, options: ServerOptions = {}): Promise<NatsSite> {
  const binary = natsBinary(options.version);
  const dir = mkdtempSync(join(tmpdir(), "pantun-nats-"));
  const ports = await Promise.all(Array.from({ length: count * 3 }, freePort));
  const routes = count === 1 ? [] : ports.slice(count * 2);
  const servers = Array.from({ length: count }, (_, i) => {
    const place: Place = {
      name: `n${i + 1}`,
      dir: join(dir, `n${i + 1}`),
      port: ports[i] as number,
      monitorPort: ports[count + i] as number,
      routePort: routes[i],
      routes,
    };
    return new NatsServer(binary, place, options);
  });
  const site = siteOf(dir, servers);
  try {
    await Promise.all(servers.map((server) => server.launch()));
    await Promise.all(servers.map((server) => server.ready()));
  } catch (error) {
    await site.stop();
    throw error;
  }
  return site;
}
