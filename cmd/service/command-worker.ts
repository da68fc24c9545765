// The thread of the actors: vault, runtime, embedded log and the socket for other processes. A
// durable transaction holds its thread for a flush, and no payment may wait for that.
import { randomBytes } from "node:crypto";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import {
  type CardPolicy,
  type ClusterSettings,
  CommandServer,
  listenSocket,
  type MakeKind,
  systemTurns,
} from "../../actors/mod.ts";
import { KeyPage } from "../../crypto/mod.ts";
import { isAppError, systemClock } from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";
import {
  type ClusterState,
  type OpenedActors,
  openActors,
  type PaymentSetup,
} from "./open-actors.ts";
import { type PaymentsAsked, type PaymentsSaid, PaymentWindow } from "./payment-window.ts";

export interface CommandWorkerSetup {
  readonly dir: string;
  readonly vaultMapBytes: number;
  readonly keys: SharedArrayBuffer;
  /** Kinds beside those of the program: modules that export `makeKind`, by URL. */
  readonly kindModules: readonly string[];
  readonly policy?: Partial<CardPolicy>;
  /** Null for the log in the vault. */
  readonly cluster: ClusterSettings | null;
  /** Null where payments need no other node. */
  readonly payments: PaymentSetup | null;
}

/** What the thread tells its parent. */
export type WorkerMessage =
  | { readonly say: "ready"; readonly shards: number; readonly owned: number }
  /** Another process runs the actors of this vault. */
  | { readonly say: "taken"; readonly pid: number }
  | { readonly say: "failed"; readonly code: string; readonly message: string }
  | { readonly say: "replies"; readonly block: Uint8Array<ArrayBuffer> }
  | { readonly say: "state"; readonly shard: number; readonly state: string; readonly why: string }
  | { readonly say: "cluster"; readonly cluster: ClusterState }
  | PaymentsSaid
  | { readonly say: "alarm"; readonly shard: number; readonly message: string };

/** What its parent tells the thread. */
export type ParentMessage =
  | { readonly say: "commands"; readonly block: Uint8Array<ArrayBuffer> }
  | PaymentsAsked
  | { readonly say: "stop" };

/** New keys are looked for this often; a rotation spreads its key well before it is used. */
const keysEveryMs = 250;
/** How often the parent is told how a node of a cluster stands: readiness is made of it. */
const stateEveryMs = 250;

const port = parentPort as MessagePort;
const setup = workerData as CommandWorkerSetup;
const tell = (message: WorkerMessage) => port.postMessage(message);

interface Opened {
  readonly actors: OpenedActors;
  readonly payments: PaymentWindow;
  readonly close: () => Promise<void>;
}

async function open(): Promise<Opened> {
  const keys = new KeyPage(setup.keys);
  const ring = keys.read();
  const vault = Vault.open({
    dir: setup.dir,
    ring,
    clock: systemClock,
    random: randomBytes,
    mapSizeBytes: setup.vaultMapBytes,
  });
  const closers: (() => Promise<void> | void)[] = [() => vault.close()];
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const kinds = await Promise.all(
      setup.kindModules.map(
        async (url) => ((await import(url)) as { makeKind: MakeKind }).makeKind,
      ),
    );
    const payments = new PaymentWindow((message, transfer) => port.postMessage(message, transfer));
    const actors = await openActors({
      payments: setup.payments === null ? null : { ...setup.payments, door: payments.door },
      vault,
      kinds,
      policy: setup.policy ?? {},
      cluster: setup.cluster,
      events: {
        state: (shard, state, why) => tell({ say: "state", shard, state, why: why?.message ?? "" }),
        alarm: (shard, error) => tell({ say: "alarm", shard, message: error.message }),
      },
    });
    closers.push(() => actors.close());
    closers.push(watchKeys(keys, ring.epoch, vault, actors));
    const send = actors.send.bind(actors);
    const socket = await listenSocket(setup.dir, { clock: systemClock, turns: systemTurns, send });
    closers.push(() => socket.close());
    tell({ say: "ready", shards: actors.shards, owned: actors.owned });
    closers.push(tellCluster(actors), payments.serve(actors.payments));
    return { actors, payments, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function watchKeys(keys: KeyPage, first: number, vault: Vault, actors: OpenedActors): () => void {
  let epoch = first;
  const timer = setInterval(() => {
    if (keys.epoch() === epoch) return;
    const ring = keys.read();
    epoch = ring.epoch;
    vault.useKeys(ring);
    actors.useKeys(ring);
  }, keysEveryMs);
  return () => clearInterval(timer);
}

function tellCluster(actors: OpenedActors): () => void {
  if (actors.state() === undefined) return () => {};
  const timer = setInterval(() => {
    const cluster = actors.state();
    if (cluster !== undefined) tell({ say: "cluster", cluster });
  }, stateEveryMs);
  return () => clearInterval(timer);
}

function serveParent({ actors, payments, close }: Opened): void {
  const commands = new CommandServer({
    clock: systemClock,
    turns: systemTurns,
    send: (envelope, answer) => actors.send(envelope, answer),
    post: (block) => {
      // A copy of its own: a clone would take the whole pool along that a small Buffer lies in.
      const bytes = new Uint8Array(block);
      port.postMessage({ say: "replies", block: bytes } satisfies WorkerMessage, [bytes.buffer]);
    },
  });
  port.on("message", (message: ParentMessage) => {
    if (message.say === "commands") {
      const { buffer, byteOffset, byteLength } = message.block;
      commands.receive(Buffer.from(buffer, byteOffset, byteLength));
      return;
    }
    if (message.say !== "stop") {
      payments.take(message);
      return;
    }
    // Whatever was decided is answered before the thread ends.
    void close().then(() => {
      commands.flush();
      port.close();
    });
  });
}

try {
  serveParent(await open());
} catch (error) {
  const pid = isAppError(error, "VAULT_IN_USE") ? Number(error.details.pid ?? 0) : 0;
  if (pid > 0) tell({ say: "taken", pid });
  else {
    const code = isAppError(error) ? error.code : "INTERNAL_ERROR";
    tell({ say: "failed", code, message: (error as Error).message });
  }
  port.close();
}
