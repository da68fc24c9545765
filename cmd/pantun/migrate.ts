// `pantun migrate`: cards that requestors have stored become tokens, by files over SFTP.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { doneOf, listRuns, makeServiceKey, type RunStatus } from "../../api/migration/mod.ts";
import { makeHostKey } from "../../api/sftp/mod.ts";
import {
  appError,
  createLogger,
  createShutdown,
  exitCode,
  loadConfig,
  readConfigFile,
  systemClock,
} from "../../platform/mod.ts";
import { migrationFolder, startMigration } from "../service/migration.ts";
import { loadParties } from "../service/parties.ts";
import { collectSetting, type SetFlags, settingFlags } from "./set-flags.ts";
import { settingsSchema } from "./settings.ts";
import { printResult } from "./vault-access.ts";

const help = `
Examples:
  pantun migrate keys /etc/pantun/migration
  pantun migrate serve --config pantun.json --parties parties.json --to host.example:8583
  pantun migrate list
  pantun migrate show MIG_99900000001_20260101_001`;

export function register(program: Command): void {
  const migrate = program
    .command("migrate")
    .description("Stored cards into tokens: files over SFTP, each card checked with its issuer.")
    .addHelpText("after", help);
  migrate
    .command("keys <folder>")
    .description("Make our host key and our OpenPGP key in an existing folder.")
    .action(keys);
  migrate
    .command("serve")
    .description("Run the SFTP server and work on what is uploaded.")
    .option("--config <file>", "settings file (JSON); also PANTUN_CONFIG")
    .option("--parties <file>", "who may upload (JSON); short for --set parties.file=…")
    .option("--dir <folder>", "the vault; short for --set vault.dir=…")
    .option("--passphrase-file <file>", "short for --set vault.passphraseFile=…")
    .option("--to <hosts>", "where the issuers are reached; short for --set migrate.to=…")
    .option("--set <path=value>", "any setting, may be repeated", collectSetting, {})
    .action(serve);
  const listing = (command: Command): Command =>
    command
      .addOption(
        new Option("--dir <folder>", "folder of the vault")
          .env("PANTUN_VAULT_DIR")
          .default("var/vault"),
      )
      .addOption(
        new Option("--folder <folder>", "folder of uploads and results, where it is elsewhere").env(
          "PANTUN_MIGRATE_FOLDER",
        ),
      )
      .option("--json", "one JSON document");
  listing(migrate.command("list"))
    .description("Show every migration and how far it is.")
    .option("--trid <trid>", "of this requestor only")
    .action(list);
  listing(migrate.command("show <name>"))
    .description("Show one migration, by its file's name without endings or its run.")
    .action(show);
}

async function keys(folder: string): Promise<void> {
  const host = makeHostKey();
  const pgp = await makeServiceKey();
  const write = (name: string, text: string, mode: number): string => {
    const path = join(folder, name);
    try {
      writeFileSync(path, text.endsWith("\n") ? text : `${text}\n`, { mode, flag: "wx" });
    } catch (cause) {
      const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
      const why = exists ? "exists already and is left as it is" : "cannot be written";
      throw appError("FILE_UNREADABLE", `${path} ${why}.`, { cause });
    }
    return path;
  };
  const written = [
    write("ssh_host_ed25519_key", host.privateKey, 0o600),
    write("ssh_host_ed25519_key.pub", host.publicKey, 0o644),
    write("pgp-private.asc", pgp.privateKey, 0o600),
    write("pgp-public.asc", pgp.publicKey, 0o644),
  ];
  process.stdout.write(`${written.join("\n")}\n`);
  process.stderr.write("Give requestors the two public ones; keep the others to this service.\n");
}

interface ServeFlags extends SetFlags {
  readonly config?: string;
  readonly parties?: string;
  readonly dir?: string;
  readonly passphraseFile?: string;
  readonly to?: string;
}

async function serve(flags: ServeFlags): Promise<void> {
  const file = flags.config ?? process.env.PANTUN_CONFIG;
  const { value: settings } = loadConfig(settingsSchema, {
    flags: settingFlags(flags.set, {
      "parties.file": flags.parties,
      "vault.dir": flags.dir,
      "vault.passphraseFile": flags.passphraseFile,
      "migrate.to": flags.to,
    }),
    env: process.env,
    ...(file === undefined ? {} : { file: readConfigFile(file) }),
  });
  const log = createLogger({ level: settings.log.level, pretty: process.stderr.isTTY });
  const parties = loadParties(settings.parties.file);
  const migration = await startMigration({ settings, parties, log });
  const shutdown = createShutdown({ clock: systemClock, logger: log });
  const run = migration.stop;
  shutdown.onShutdown({ phase: "doors", name: "migration", timeoutMs: 60_000, run });
  const stopped = new Promise<void>((resolve) => {
    shutdown.listen((report) => {
      process.exitCode = report.failed.length === 0 ? exitCode.DONE : exitCode.FAILED;
      resolve();
    });
  });
  log.info({ event: "migrate.ready", ...migration.addresses }, "ready");
  await stopped;
}

interface ListFlags {
  readonly dir: string;
  readonly folder?: string;
  readonly json?: boolean;
  readonly trid?: string;
}

function runsOf({ dir, folder = "" }: ListFlags, trid?: string): RunStatus[] {
  return listRuns(migrationFolder({ migrate: { folder }, vault: { dir } }), trid);
}

function list(flags: ListFlags): void {
  const migrations = runsOf(flags, flags.trid);
  const lines = migrations.map((one): [string, string] => {
    const progress = `${doneOf(one)} of ${one.records}`;
    return [one.stem, `${one.state.padEnd(8)} ${progress.padEnd(18)} ${one.startedAt}`];
  });
  printResult(flags, { migrations }, lines.length > 0 ? lines : [["migrations", "none"]]);
}

function show(name: string, flags: ListFlags): void {
  const found = runsOf(flags).filter(({ stem, run }) => stem === name || run === name);
  const one = found.at(-1);
  if (one === undefined) throw appError("FILE_UNREADABLE", `There is no migration ${name}.`);
  printResult(flags, one, [
    ["run", one.run],
    ["requestor", one.trid],
    ["state", one.refused === undefined ? one.state : `${one.state}: ${one.refused}`],
    ["records", `${doneOf(one)} of ${one.records}`],
    ...Object.entries(one.counts).map(([status, count]): [string, number] => {
      return [`  ${status.toLowerCase()}`, count];
    }),
    ["sha256", one.sha256 ?? ""],
    ["started", one.startedAt],
    ["finished", one.finishedAt ?? ""],
  ]);
}
