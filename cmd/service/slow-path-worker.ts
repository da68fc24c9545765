// The slow path's thread: folds the journals into the history and keeps the horizons ahead of the
// claims. Both flush to the disk, and no payment may wait for that.
import { randomBytes } from "node:crypto";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { KeyPage } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import {
  auditSourceOf,
  History,
  HistoryKeeper,
  HorizonKeeper,
  type Mark,
  putAnchor,
  ReplayStore,
  ScanWatch,
  sweepAgreements,
  Vault,
  vaultHorizons,
  vaultSinks,
} from "../../vault/mod.ts";
import type { SlowPathMessage } from "./slow-path.ts";

export interface SlowPathSetup {
  readonly dir: string;
  readonly bootId: string;
  readonly ptavTtlSeconds: number;
  readonly vaultMapBytes: number;
  readonly replayMapBytes: number;
  readonly segmentAgeMs: number;
  readonly keys: SharedArrayBuffer;
}

/** On Linux this is the priority of the calling thread: payments go first. */
const niceness = 19;
/** A stop folds for so long at most; what is left is folded after the next start. */
const stopFoldMs = 2_000;
setPriority(0, niceness);

const setup = workerData as SlowPathSetup;
const { dir } = setup;
const clock = systemClock;
const keys = new KeyPage(setup.keys);
let keysEpoch = keys.epoch();
const tell = (message: SlowPathMessage) => parentPort?.postMessage(message);
const report = (error: unknown) => tell({ failed: String(error) });
const vault = Vault.open({
  dir,
  ring: keys.read(),
  clock,
  random: randomBytes,
  mapSizeBytes: setup.vaultMapBytes,
});
const replay = ReplayStore.open({
  dir,
  bootId: setup.bootId,
  incarnation: vault.incarnation,
  ttlSeconds: setup.ptavTtlSeconds,
  clock,
  horizon: vaultHorizons(vault),
  mapSizeBytes: setup.replayMapBytes,
});
const { acts } = auditSourceOf(vault);
const audit = {
  acts,
  ring() {
    // A rotated key counts from the next block on.
    if (keys.epoch() !== keysEpoch) {
      keysEpoch = keys.epoch();
      vault.useKeys(keys.read());
    }
    return vault.sealing.ring;
  },
};
const watch = new ScanWatch((scan) => tell({ scan }));
const history = History.open({ dir, clock, sinks: vaultSinks(vault), audit, watch });
const horizonKeeper = new HorizonKeeper({ store: replay, onError: report });
const historyKeeper = new HistoryKeeper({
  history,
  segmentAgeMs: setup.segmentAgeMs,
  anchor: noteHead,
  onError: report,
});
/** The chain's end in the log, once an hour: logs go to another machine, which is a witness. */
const headEveryMs = 3_600_000;
let headTold = 0;

function noteHead(head: Mark): void {
  putAnchor(vault, head);
  const nowMs = clock.monotonicMs();
  if (headTold > 0 && nowMs - headTold < headEveryMs) return;
  headTold = nowMs;
  tell({ block: head.seq, hash: head.hash.toString("hex") });
}

horizonKeeper.start();
historyKeeper.start();
/** Agreements lapse by the month; a look a day is enough. */
const dayMs = 86_400_000;
setInterval(() => sweepAgreements(vault), dayMs).unref();

// The keepers' timers do not hold a thread; the port does, until the parent says stop.
parentPort?.once("message", () => {
  horizonKeeper.stop();
  historyKeeper.stop();
  history.foldAll(stopFoldMs);
  historyKeeper.anchor();
  void Promise.all([history.close(), replay.close()])
    .then(() => vault.close())
    .then(() => parentPort?.close());
});
