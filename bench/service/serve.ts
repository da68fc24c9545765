// The server's side of a service scenario, in a process of its own: the service itself, or its
// doors with the echo behind them. Started by server-process.ts; tells its addresses when it is
// ready, stops when it is told so or when its parent is gone.
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { createGrpcServer, HealthBoard, noMetrics } from "../../api/grpc/mod.ts";
import { createIsoServer } from "../../api/iso/mod.ts";
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
import { EchoDispatcher } from "./echo-dispatcher.ts";
import { host, macAddress, type Ready, type ServeOptions } from "./serve-options.ts";
import { type StoreUsage, usageOf, watchThreads } from "./server-usage.ts";

interface Started {
  readonly ready: Ready;
  stores(): StoreUsage;
  stop(): Promise<void>;
}

const fencePollMs = 200;
const stopLimitMs = 2_000;

function parties(): Parties {
  const content = {
    switches: [
      { name: plainPeerName, mac: "none" },
      { name: macPeerName, mac: "required", addresses: [macAddress] },
    ],
    requestors: [{ name: "bench-requestor", trids: ["99900000001"] }],
    plain: { switch: plainPeerName, requestor: "bench-requestor" },
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
  const service = await startService({ settings, parties: parties(), log });
  const { replay } = service.engine.opened;
  // A store that was just made fences at the vault's horizon, some seconds ahead.
  while (replay.fence("ptav") * 1_000 >= systemClock.nowMs() - 1_000) await pause(fencePollMs);
  const { iso, switch: session } = service.addresses;
  const stores = () => ({
    claimBytes: replay.stats().bytesUsed,
    rowsBehind: service.engine.opened.history.stats().rowsBehind,
  });
  return { ready: { isoPort: iso.port, session }, stores, stop: service.stop };
}

async function echo(options: ServeOptions, answer: string, log: Logger): Promise<Started> {
  const store = await openKeyStore(options.dir, options.passphraseFile);
  const keys = new KeyPage();
  keys.publish(await store.load());
  await store.close();
  const { iso: peers, switches: callers } = parties();
  const dispatcher = new EchoDispatcher(Buffer.from(answer, "hex"));
  const clock = systemClock;
  const grpc = await createGrpcServer({
    listen: { host, port: 0 },
    security: { kind: "insecure", caller: plainPeerName, outsideLoopback: "refused" },
    services: { kind: "switch", dispatcher, callers, directory: { resolve: noDirectory } },
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
  const stores = () => ({ claimBytes: 0, rowsBehind: 0 });
  return { ready: { isoPort: port, session: grpc.address }, stores, stop };
}

function noDirectory(): never {
  throw appError("SERVICE_UNAVAILABLE", "an echo has no directory");
}

watchThreads();
const options = JSON.parse(process.argv[2] ?? "null") as ServeOptions;
const log = createLogger({ level: "error", pretty: false, destination: process.stderr });
const started =
  options.echo === null ? await serve(options, log) : await echo(options, options.echo, log);
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
