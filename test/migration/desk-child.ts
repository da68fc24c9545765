// `pantun migrate serve` in a process of its own that ends itself with SIGKILL behind the n-th time
// of one step, as if somebody had pulled the plug there.

import type { RunStep } from "../../api/migration/mod.ts";
import { settingsSchema } from "../../cmd/pantun/settings.ts";
import { startMigration } from "../../cmd/service/migration.ts";
import { loadParties } from "../../cmd/service/parties.ts";
import { createLogger, loadConfig } from "../../platform/mod.ts";

export interface DeskOrder {
  readonly flags: Readonly<Record<string, string>>;
  /** Null: it is not killed. */
  readonly killAt: { readonly step: RunStep; readonly times: number } | null;
}

/** Whoever started it has seen enough. */
const gone = new Promise<void>((resolve) => process.once("disconnect", () => resolve()));

process.once("message", async ({ flags, killAt }: DeskOrder) => {
  const { value: settings } = loadConfig(settingsSchema, { flags });
  let times = 0;
  const migration = await startMigration({
    settings,
    parties: loadParties(settings.parties.file),
    log: createLogger({ level: "error", pretty: false, destination: process.stderr }),
    reached(step) {
      if (step !== killAt?.step) return;
      times += 1;
      if (times === killAt.times) process.kill(process.pid, "SIGKILL");
    },
  });
  await gone;
  await migration.stop();
});
