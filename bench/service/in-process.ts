// What one thread verifies with no door before it: the same payments, in batches of 64, in this
// process.

import type { BenchVault } from "../lib/bench-vault.ts";
import { microsSince } from "../lib/measure.ts";
import { PipelineRig } from "../lib/pipeline-rig.ts";

const batchRows = 64;

export class InProcess {
  readonly #rig: PipelineRig;
  readonly #withMac: boolean;

  constructor(vault: BenchVault, withMac: boolean) {
    this.#rig = new PipelineRig(vault);
    this.#withMac = withMac;
  }

  /** Messages a second. */
  async rate(count: number): Promise<number> {
    const block = await this.#rig.messages(count, this.#withMac);
    const begin = process.hrtime.bigint();
    this.#rig.judge(block, batchRows, this.#withMac);
    return count / (microsSince(begin) / 1e6);
  }

  close(): Promise<void> {
    return this.#rig.close();
  }
}
