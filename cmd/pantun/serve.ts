import type { Command } from "commander";
import {
  createLogger,
  createShutdown,
  exitCode,
  loadConfig,
  readConfigFile,
  systemClock,
} from "../../platform/mod.ts";
import { loadParties } from "../service/parties.ts";
import { startService } from "../service/service.ts";
import { collectSetting, type SetFlags, settingFlags } from "./set-flags.ts";
import { settingsSchema } from "./settings.ts";

interface ServeFlags extends SetFlags {
  readonly config?: string;
  readonly parties?: string;
  readonly dir?: string;
  readonly passphraseFile?: string;
  readonly forwardTo?: string;
}

export function register(program: Command): void {
  program
    .command("serve")
    .description("run the service: ISO 8583, gRPC, the requestors' JSON API, metrics")
    .option("--config <file>", "settings file (JSON); also PANTUN_CONFIG")
    .option("--parties <file>", "who may call (JSON); short for --set parties.file=…")
    .option("--dir <folder>", "the vault; short for --set vault.dir=…")
    .option("--passphrase-file <file>", "short for --set vault.passphraseFile=…")
    .option("--forward-to <hosts>", "pass accepted advices on; short for --set forward.to=…")
    .option("--set <path=value>", "any setting, may be repeated", collectSetting, {})
    .addHelpText("after", "\nExample:\n  pantun serve --dir var/vault --parties parties.json")
    .action(serve);
}

async function serve(flags: ServeFlags): Promise<void> {
  const file = flags.config ?? process.env.PANTUN_CONFIG;
  const { value: settings } = loadConfig(settingsSchema, {
    flags: settingFlags(flags.set, {
      "parties.file": flags.parties,
      "forward.to": flags.forwardTo,
      "vault.dir": flags.dir,
      "vault.passphraseFile": flags.passphraseFile,
    }),
    env: process.env,
    ...(file === undefined ? {} : { file: readConfigFile(file) }),
  });
  const log = createLogger({ level: settings.log.level, pretty: process.stderr.isTTY });
  if (settings.hsm.module === "") {
    log.warn(
      { event: "keys.file" },
      "keys are protected by a passphrase in a file: fit for development, not for card data",
    );
  }
  const parties = loadParties(settings.parties.file);
  const service = await startService({ settings, parties, log });
  const shutdown = createShutdown({ clock: systemClock, logger: log });
  shutdown.onShutdown({ phase: "doors", name: "service", timeoutMs: 20_000, run: service.stop });
  const stopped = new Promise<void>((resolve) => {
    shutdown.listen((report) => {
      process.exitCode = report.failed.length === 0 ? exitCode.DONE : exitCode.FAILED;
      resolve();
    });
  });
  // Only now: whoever waits for this line may send a signal at once.
  log.info({ event: "service.ready", ...service.addresses }, "ready");
  await stopped;
}
