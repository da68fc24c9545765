// The command line. Each noun lives in its own file and is loaded only when it is asked for.
import { Command, CommanderError } from "commander";
import { exitCode, isAppError, maskText } from "../../platform/mod.ts";
import { version } from "../service/version.ts";
import { cryptoFault } from "./crypto-fault.ts";

type Register = (program: Command) => void;

const nouns: Readonly<Record<string, () => Promise<{ register: Register }>>> = {
  serve: () => import("./serve.ts"),
  demo: () => import("./demo.ts"),
  config: () => import("./config.ts"),
  vault: () => import("./vault.ts"),
  log: () => import("./log.ts"),
  shard: () => import("./shard.ts"),
  token: () => import("./token.ts"),
  card: () => import("./card.ts"),
  art: () => import("./art.ts"),
  admin: () => import("./admin.ts"),
  audit: () => import("./audit.ts"),
  outbox: () => import("./outbox.ts"),
  requestor: () => import("./requestor.ts"),
  keys: () => import("./keys.ts"),
  iso: () => import("./iso.ts"),
  migrate: () => import("./migrate.ts"),
  sim: () => import("./sim.ts"),
};

const help = `
Examples:
  pantun demo                                  everything on one machine, with a visible result
  pantun keys init --dir var/vault --passphrase-file secret.txt
  pantun vault generate --dir var/vault --passphrase-file secret.txt --tokens 1000
  pantun serve --config pantun.json
  pantun iso describe frame.hex

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done with rejected rows, 4 service not reachable,
5 and above: a fault at start (docs/reference/errors.md), 130 interrupted.`;

async function build(wanted: string | undefined): Promise<Command> {
  const program = new Command("pantun")
    .description("A token service provider: verifies token payments, hands back the card.")
    .version(version())
    .addHelpText("after", help)
    .exitOverride()
    .showHelpAfterError("(add --help for examples)");
  const only = wanted === undefined ? undefined : nouns[wanted];
  const loads = only === undefined ? Object.values(nouns) : [only];
  for (const load of loads) (await load()).register(program);
  overrideExits(program);
  return program;
}

/** A subcommand made before its parent's exitOverride would end the process by itself. */
function overrideExits(command: Command): void {
  for (const child of command.commands) {
    child.exitOverride();
    overrideExits(child);
  }
}

/** One sentence on stderr and the documented exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCode.DONE : exitCode.USAGE;
  }
  const fault = isAppError(error) ? error : cryptoFault(error);
  if (fault !== null) {
    process.stderr.write(`pantun: ${fault.message} (${fault.code})\n`);
    return fault.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`pantun: unexpected failure\n${maskText(text)}\n`);
  return exitCode.FAILED;
}

// Whoever reads us may stop early, as `head` does: that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit();
    throw error;
  });
}

try {
  const program = await build(process.argv[2]);
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}
