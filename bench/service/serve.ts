// The server's side of a service scenario, in a process of its own: the service itself, its doors
// with the echo behind them, or a bare route in place of its JSON API. Started by
// server-process.ts; tells its addresses when it is ready, stops when it is told so or when its
// parent is gone.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createGrpcServer, HealthBoard, noMetrics, Resolver } from "../../api/grpc/mod.ts";
import { createIsoServer } from "../../api/iso/mod.ts";
import { AcsKeys } from "../../api/switch/mod.ts";
import { settingsSchema } from "../../cmd/pantun/settings.ts";
import { openKeyStore } from "../../cmd/service/open-keys.ts";
import { type Parties, partiesOf } from "../../cmd/service/parties.ts";
import { startService } from "../../cmd/service/service.ts";
import { KeyPage } from "../../crypto/mod.ts";
import {
  appError,
  createLogger,
  type Logger,
  loadConfig,
  systemClock,
} from "../../platform/mod.ts";
import { macPeerName, plainPeerName, vaultMapBytes } from "../lib/bench-vault.ts";
import { serveBareRoute } from "../requestor/bare-route.ts";
import { EchoDispatcher } from "./echo-dispatcher.ts";
import {
  type BareOptions,
  host,
  macAddress,
  type Ready,
  type ServeOptions,
} from "./serve-options.ts";
import { type StoreUsage, usageOf, watchThreads } from "./server-usage.ts";

interface Started {
  readonly ready: Ready;
  stores(): StoreUsage;
  stop(): Promise<void>;
}

const fencePollMs = 200;
const stopLimitMs = 2_000;

const requestor = { name: "bench-requestor", trids: ["99900000001"] };

function partiesFor({ requestors = [], issuers = [] }: ServeOptions): Parties {
  const content = {
    switches: [
      { name: plainPeerName, mac: "none" },
      { name: macPeerName, mac: "required", addresses: [macAddress] },
    ],
    requestors: [requestor, ...requestors],
    issuers,
    plain: { switch: plainPeerName, requestor: requestor.name },
  };
  return partiesOf(content, "the bench's parties");
}

async function serve(options: ServeOptions, log: Logger): Promise<Started> {
  const { value: settings } = loadConfig(settingsSchema, {
    flags: {
      "vault.dir": options.dir,
      "vault.passphraseFile": options.passphraseFile,
      "vault.mapBytes": String(vaultMapBytes),
      "hotpath.workers": String(options.workers),
      "iso.port": "0",
      "switch.port": "0",
      "requestor.port": "0",
      "admin.port": "0",
      "admin.grpcPort": "0",
      ...options.settings,
    },
    env: {},
  });
  const service = await startService({ settings, parties: partiesFor(options), log });
  const { replay } = service.engine.opened;
  // A store that was just made fences at the vault's horizon, some seconds ahead.
  while (replay.fence("ptav") * 1_000 >= systemClock.nowMs() - 1_000) await pause(fencePollMs);
  const { iso, switch: session, http } = service.addresses;
  const stores = () => ({
    claimBytes: replay.stats().bytesUsed,
    rowsBehind: service.engine.opened.history.stats().rowsBehind,
  });
  return { ready: { isoPort: iso.port, session, http }, stores, stop: service.stop };
}

const noStores = () => ({ claimBytes: 0, rowsBehind: 0 });

async function bare(options: ServeOptions, { keysFile, answer }: BareOptions): Promise<Started> {
  const { address, stop } = await serveBareRoute(keysFile, partiesFor(options), answer);
  return { ready: { isoPort: 0, session: "", http: address }, stores: noStores, stop };
}

async function echo(options: ServeOptions, answer: string, log: Logger): Promise<Started> {
  const store = await openKeyStore(options.dir, options.passphraseFile);
  const keys = new KeyPage();
  keys.publish(await store.load());
  await store.close();
  const { iso: peers, switches: callers } = partiesFor(options);
  const dispatcher = new EchoDispatcher(Buffer.from(answer, "hex"));
  const clock = systemClock;
  const directory = { resolve: noDirectory };
  const resolver = new Resolver({ directory, acs: new AcsKeys(), clock, log });
  const grpc = await createGrpcServer({
    listen: { host, port: 0 },
    security: { kind: "insecure", caller: plainPeerName, outsideLoopback: "refused" },
    services: { kind: "switch", dispatcher, callers, resolver },
    health: new HealthBoard(),
    metrics: noMetrics,
    log,
    clock,
  });
  const iso = createIsoServer({
    listen: { host, port: 0 },
    tls: null,
    peers,
    dispatcher,
    keys,
    log,
    clock,
    random: randomBytes,
  });
  const { port } = await iso.listen();
  const stop = async () => {
    await Promise.all([iso.stop(), grpc.stop({ limitMs: stopLimitMs })]);
  };
  return { ready: { isoPort: port, session: grpc.address, http: null }, stores: noStores, stop };
}

function noDirectory(): never {
  throw appError("SERVICE_UNAVAILABLE", "an echo has no directory");
}

watchThreads();
const options = JSON.parse(process.argv[2] ?? "null") as ServeOptions;
const log = createLogger({ level: "error", pretty: false, destination: process.stderr });

function begin(): Promise<Started> {
  if (options.bare !== undefined) return bare(options, options.bare);
  return options.echo === null ? serve(options, log) : echo(options, options.echo, log);
}

const started = await begin();
let stopping = false;
const stop = () => {
  if (stopping) return;
  stopping = true;
  void started.stop().then(() => process.exit(0));
};
process.on("message", (what) => {
  if (what === "stop") stop();
  else void usageOf(started.stores()).then((usage) => process.send?.({ usage }));
});
process.on("disconnect", stop);
process.send?.(started.ready);
