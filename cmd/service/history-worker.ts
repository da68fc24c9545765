// The slow path's thread: folds the journals into the history, so that no payment waits for it.
import { randomBytes } from "node:crypto";
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { KeyPage } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { History, HistoryKeeper, sweepAgreements, Vault, vaultSinks } from "../../vault/mod.ts";

export interface HistorySetup {
  readonly dir: string;
  readonly vaultMapBytes: number;
  readonly segmentAgeMs: number;
  readonly keys: SharedArrayBuffer;
}

/** On Linux this is the priority of the calling thread: payments go first. */
const niceness = 10;
setPriority(0, niceness);

const setup = workerData as HistorySetup;
const { dir } = setup;
const vault = Vault.open({
  dir,
  ring: new KeyPage(setup.keys).read(),
  clock: systemClock,
  random: randomBytes,
  mapSizeBytes: setup.vaultMapBytes,
});
const history = History.open({ dir, clock: systemClock, sinks: vaultSinks(vault) });
const keeper = new HistoryKeeper({
  history,
  segmentAgeMs: setup.segmentAgeMs,
  onError: (error) => parentPort?.postMessage({ failed: String(error) }),
});
keeper.start();
/** Agreements lapse by the month; a look a day is enough. */
const dayMs = 86_400_000;
setInterval(() => sweepAgreements(vault), dayMs).unref();
// The keeper's timer does not hold a thread; the port does, until the parent says stop.
parentPort?.once("message", () => {
  keeper.stop();
  history.foldAll();
  void Promise.all([history.close(), vault.close()]).then(() => parentPort?.close());
});
