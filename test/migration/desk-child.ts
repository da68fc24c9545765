// `pantun migrate serve` in a process of its own that ends itself with SIGKILL behind the n-th time
// of one step, as if somebody had pulled the plug there. Says where its doors are; takes another
// step to die behind at any time.

import type { RunStep } from "../../api/migration/mod.ts";
import { settingsSchema } from "../../cmd/pantun/settings.ts";
import { startMigration } from "../../cmd/service/migration.ts";
import { loadParties } from "../../cmd/service/parties.ts";
import { createLogger, loadConfig } from "../../platform/mod.ts";

/** Null: it is not killed. */
export type KillAt = { readonly step: RunStep; readonly times: number } | null;

export interface DeskOrder {
  readonly flags: Readonly<Record<string, string>>;
  readonly killAt: KillAt;
}

/** Whoever started it has seen enough. */
const gone = new Promise<void>((resolve) => process.once("disconnect", () => resolve()));

process.once("message", async ({ flags, ...order }: DeskOrder) => {
  const { value: settings } = loadConfig(settingsSchema, { flags });
  let { killAt } = order;
  let times = 0;
  process.on("message", (next: { readonly killAt: KillAt }) => {
    ({ killAt } = next);
    times = 0;
    process.send?.({ armed: true });
  });
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
  if (process.connected) process.send?.(migration.addresses);
  await gone;
  await migration.stop();
});
