// A pipeline as a thread of the service has it, in this process, over the bench vault.
import { setTimeout as pause } from "node:timers/promises";
import { KeyPage } from "../../crypto/mod.ts";
import {
  Batch,
  type OpenedPipeline,
  openPipeline,
  type Peer,
  peerTag,
  stageNames,
} from "../../hotpath/mod.ts";
import { firstCell } from "../../platform/metrics/metric-cells.ts";
import { cellsPerTuple } from "../../platform/metrics/metric-row.ts";
import { MetricCells, metricTable, systemClock } from "../../platform/mod.ts";
import {
  type BenchVault,
  macPeerName,
  makeRunFolder,
  plainPeerName,
  vaultMapBytes,
} from "./bench-vault.ts";
import { type MessageBlock, MessageMaker } from "./message-maker.ts";
import { Chooser } from "./random.ts";

/** The service's default. */
const ptavTtlSeconds = 900;

/** The service's default; some 10 million claims of a long run fit. */
const replayMapBytes = 4 * 2 ** 30;

const fencePollMs = 200;

const plainPeer: Peer = {
  id: 0,
  tag: peerTag(plainPeerName),
  name: plainPeerName,
  macRequired: false,
  macLabel: null,
};
const macPeer: Peer = {
  id: 1,
  tag: peerTag(macPeerName),
  name: macPeerName,
  macRequired: true,
  macLabel: macPeerName,
};

/** Time spent in each stage so far, and in how many batches it was taken. */
export interface StageTimes {
  readonly seconds: readonly number[];
  readonly batches: number;
}

export class PipelineRig {
  readonly opened: OpenedPipeline;
  readonly dir: string;
  readonly #vault: BenchVault;
  readonly #cells = new MetricCells();
  readonly #remove: () => void;
  readonly #batch = new Batch();
  readonly #makers: Readonly<Record<"plain" | "mac", MessageMaker>>;

  constructor(vault: BenchVault) {
    const folder = makeRunFolder(vault);
    const keys = new KeyPage();
    keys.publish(vault.ring);
    this.#vault = vault;
    this.dir = folder.dir;
    this.#remove = folder.remove;
    this.opened = openPipeline(
      {
        dir: folder.dir,
        peers: [plainPeer, macPeer],
        ptavTtlSeconds,
        vaultMapBytes,
        replayMapBytes,
      },
      { keys: keys.shared, cells: this.#cells.shared, place: "inline", journalName: "bench" },
    );
    const choose = new Chooser(process.pid);
    const made = { deck: vault.deck, ptavKey: vault.ring.active("ptav"), choose };
    this.#makers = {
      plain: new MessageMaker({ ...made, macKey: null }),
      mac: new MessageMaker({ ...made, macKey: vault.ring.active("mac", macPeerName).bytes }),
    };
  }

  get vault(): BenchVault {
    return this.#vault;
  }

  /**
   * Fresh messages for a run. Waits until the fence has passed: a store that was just made fences
   * at the vault's horizon, some seconds ahead. Raises the horizon as the service's keeper does
   * beside the payments, so that its flush is not in the timed part.
   */
  async messages(count: number, withMac: boolean): Promise<MessageBlock> {
    const { replay } = this.opened;
    while (replay.fence("ptav") >= nowSeconds()) await pause(fencePollMs);
    replay.keepAhead();
    const now = nowSeconds();
    return this.#makers[withMac ? "mac" : "plain"].make(count, now, now);
  }

  /** Judges all messages in batches of `rows`. Throws where one is not answered 0000. */
  judge(block: MessageBlock, rows: number, withMac: boolean): void {
    const batch = this.#batch;
    const { pipeline } = this.opened;
    const peer = withMac ? macPeer.id : plainPeer.id;
    const { bytes, length, count } = block;
    for (let first = 0; first < count; first += rows) {
      const end = Math.min(count, first + rows);
      batch.clear();
      for (let i = first; i < end; i++) batch.add(peer, bytes, i * length, length);
      pipeline.processBatch(batch);
      checkAnswers(batch);
    }
  }

  /** What the pipeline's own stage clock has seen so far: one batch in sixteen. */
  stageTimes(): StageTimes {
    const { cells } = this.#cells;
    const row = metricTable.stageSeconds;
    const width = cellsPerTuple(row);
    const base = firstCell("stageSeconds");
    const seconds = stageNames.map((stage) => {
      const at = base + row.labels.stage.indexOf(stage) * width;
      return cells[at + width - 1] as number;
    });
    let batches = 0;
    for (let bucket = 0; bucket < width - 1; bucket++) batches += cells[base + bucket] as number;
    return { seconds, batches };
  }

  async close(): Promise<void> {
    await this.opened.close();
    this.#remove();
  }
}

function checkAnswers(batch: Batch): void {
  for (let row = 0; row < batch.count; row++) {
    if (batch.reason(row) === 0 && batch.answerLength(row) > 0) continue;
    throw new Error(`a good payment was answered ${batch.reason(row)}: the bench is void`);
  }
}

function nowSeconds(): number {
  return Math.floor(systemClock.nowMs() / 1_000);
}
