// `pantun requestor`, `pantun issuer`: what their JSON APIs need before its first call.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { makeSecret, makeServerKeys } from "../../api/http/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";

export function register(program: Command): void {
  registerIssuer(program);
  const requestor = program
    .command("requestor")
    .description("Access of token requestors to the JSON API: our keys, their secrets.")
    .addHelpText("after", help);
  requestor
    .command("keys <file>")
    .description("Make our keys of that door in a new file; the setting http.keysFile names it.")
    .action(keys);
  requestor
    .command("secret <file>")
    .description("Make a client secret, show it once, and write its hash to the file.")
    .option("--add", "beside the one that is there, so that the client can change over")
    .action(secret);
}

/** Issuers come by the same door: our keys of it are the same. */
function registerIssuer(program: Command): void {
  program
    .command("issuer")
    .description("Access of card issuers to the JSON API: their secrets.")
    .addHelpText("after", "\nExamples:\n  pantun issuer secret bank.secret")
    .command("secret <file>")
    .description("Make a client secret, show it once, and write its hash to the file.")
    .option("--add", "beside the one that is there, so that the client can change over")
    .action(secret);
}

const help = `
Examples:
  pantun requestor keys http-keys.json
  pantun requestor secret shop.secret`;

function keys(file: string): void {
  const stamp = new Date(systemClock.nowMs())
    .toISOString()
    .replace(/[^0-9T]/g, "")
    .slice(0, 15);
  write(file, makeServerKeys(stamp), "wx");
  process.stderr.write(`Written: ${file}. It holds private keys; keep it as such.\n`);
}

async function secret(file: string, { add = false }: { readonly add?: boolean }): Promise<void> {
  const before = add && existsSync(file) ? `${readFileSync(file, "latin1").trimEnd()}\n` : "";
  const made = await makeSecret();
  write(file, `${before}${made.line}\n`, add ? "w" : "wx");
  process.stdout.write(`${made.secret}\n`);
  process.stderr.write(
    `Its hash is in ${file}; the secret itself is nowhere. Give it on safely.\n`,
  );
}

function write(file: string, text: string, flag: "w" | "wx"): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    const why = exists ? "exists already and is left as it is" : "cannot be written";
    throw appError("FILE_UNREADABLE", `${file} ${why}.`, { cause });
  }
}
