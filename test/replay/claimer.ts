// A process that claims keys, journals what it got and reports it: the hot path's last steps and
// nothing else. It is forked by tests, which kill and stop it.
import { readFileSync } from "node:fs";
import { type Clock, systemClock } from "../../platform/mod.ts";
import { beginRow, JournalWriter, rowAt, rowBytes, rowKind } from "../../vault/journal/mod.ts";
import {
  ClaimLanes,
  claim,
  claimKeyBytes,
  claimKind,
  type HorizonPort,
  ReplayStore,
} from "../../vault/replay/mod.ts";
import type { ClaimCommand, ClaimerSettings, Command, Report } from "./claim-protocol.ts";
import { openVaultMeta } from "./vault-meta.ts";

const lanesMax = 256;

function report(message: Report): void {
  process.send?.(message);
}

function fileClock(path: string): Clock {
  return {
    nowMs: () => Number(readFileSync(path, "latin1")),
    monotonicMs: systemClock.monotonicMs,
  };
}

class Claimer {
  readonly #clock: Clock;
  readonly #store: ReplayStore;
  readonly #journal: JournalWriter | undefined;
  readonly #lanes = new ClaimLanes(lanesMax);
  readonly #close: () => Promise<unknown>;
  #stopInside = false;

  constructor(settings: ClaimerSettings) {
    const { dir, clockFile, journal } = settings;
    this.#clock = clockFile === undefined ? systemClock : fileClock(clockFile);
    const meta = openVaultMeta(dir);
    const horizon: HorizonPort = {
      horizon: meta.horizon.horizon,
      raise: (kind, seconds) => {
        meta.horizon.raise(kind, seconds);
        if (!this.#stopInside) return;
        this.#stopInside = false;
        process.kill(process.pid, "SIGSTOP");
      },
    };
    const clock = this.#clock;
    this.#store = ReplayStore.open({
      dir: settings.replayDir ?? dir,
      bootId: settings.bootId,
      incarnation: settings.incarnation ?? meta.incarnation,
      ttlSeconds: settings.ttlSeconds,
      clock,
      horizon,
      mapSizeBytes: 256 * 1024 ** 2,
    });
    this.#journal =
      journal === undefined ? undefined : JournalWriter.open({ dir, name: journal, clock });
    this.#close = () => Promise.all([this.#store.close(), meta.close()]);
  }

  async run(command: Command): Promise<void> {
    if (command.do === "claim") await this.#claimAll(command);
    report({ done: true, failures: this.#store.stats().failures });
    if (command.do !== "close") return;
    await this.#close();
    process.disconnect?.();
  }

  async #claimAll(command: ClaimCommand): Promise<void> {
    const end = command.from + command.count;
    for (let from = command.from; from < end; from += command.batch) {
      this.#claimBatch(command, from, Math.min(command.batch, end - from));
      // Lets the report leave: a rival that never yields would be killed with all of its reports.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #claimBatch(command: ClaimCommand, from: number, count: number): void {
    const lanes = this.#lanes;
    lanes.count = count;
    for (let row = 0; row < count; row++) {
      lanes.keys.writeUInt32BE(command.time, row * claimKeyBytes);
      lanes.keys.writeUInt32BE(0, row * claimKeyBytes + 4);
      lanes.keys.writeUInt32BE(from + row, row * claimKeyBytes + 8);
      lanes.kinds[row] = command.kind === "ptav" ? claimKind.PTAV : claimKind.DE7;
      lanes.fingerprints.fill(0, row * 16, row * 16 + 16);
      lanes.fingerprints.writeUInt32BE(command.transaction, row * 16);
      lanes.verificationIds.fill(0, row * 16, row * 16 + 16);
      lanes.verificationIds.writeUInt32BE(from + row + 1, row * 16 + 12);
      lanes.peers[row] = 1;
    }
    this.#stopInside = command.stopInside ?? false;
    this.#store.claim(lanes);
    this.#appendApproved(lanes);
    report({ from, results: [...lanes.results.subarray(0, count)] });
  }

  /** One row for each new claim, before anybody hears of it. */
  #appendApproved(lanes: ClaimLanes): void {
    const journal = this.#journal;
    if (journal === undefined) return;
    let rows = 0;
    for (let row = 0; row < lanes.count; row++) {
      if (lanes.results[row] !== claim.NEW) continue;
      const at = rows++ * rowBytes;
      beginRow(journal.rows, at, rowKind.verification);
      journal.rows.writeDoubleLE(this.#clock.nowMs(), at + rowAt.timeMs);
      lanes.verificationIds.copy(journal.rows, at + rowAt.verificationId, row * 16, row * 16 + 16);
      journal.rows.fill(0xa0, at + rowAt.index, at + rowAt.index + 16);
      journal.rows.writeUInt16LE(0x0100, at + rowAt.mti);
    }
    journal.append(rows);
  }
}

// A write beyond the process's size limit then fails with EFBIG instead of ending the process.
process.on("SIGXFSZ", () => {});

const claimer = new Claimer(JSON.parse(process.argv[2]!) as ClaimerSettings);
process.on("message", (command: Command) => {
  claimer.run(command).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
report({ ready: true });
