import type { Command } from "commander";
import {
  exampleSettings,
  loadConfig,
  printedSettings,
  readConfigFile,
} from "../../platform/mod.ts";
import { collectSetting, type SetFlags, settingFlags } from "./set-flags.ts";
import { settingsSchema } from "./settings.ts";

interface PrintFlags extends SetFlags {
  readonly config?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const config = program.command("config").description("see and check the settings");
  config
    .command("print")
    .description("every setting, its value and where it came from")
    .option("--config <file>", "settings file (JSON); also PANTUN_CONFIG")
    .option("--set <path=value>", "any setting, may be repeated", collectSetting, {})
    .option("--json", "one JSON document")
    .action(print);
  config
    .command("example")
    .description("a settings file with every default")
    .action(() => {
      process.stdout.write(exampleSettings(settingsSchema));
    });
}

function print(flags: PrintFlags): void {
  const file = flags.config ?? process.env.PANTUN_CONFIG;
  const loaded = loadConfig(settingsSchema, {
    flags: settingFlags(flags.set, {}),
    env: process.env,
    ...(file === undefined ? {} : { file: readConfigFile(file) }),
  });
  const rows = printedSettings(settingsSchema, loaded);
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return;
  }
  for (const row of rows) {
    process.stdout.write(`${row.path.padEnd(28)} ${row.value.padEnd(20)} ${row.source}\n`);
  }
}
