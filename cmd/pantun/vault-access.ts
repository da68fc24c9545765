// How the commands on a vault folder open it: flags, keys, vault, and closing in the right order.
import { randomBytes } from "node:crypto";
import { type Command, Option } from "commander";
import { lmdbStore, Ownership } from "../../actors/mod.ts";
import { developmentPassphrase, FileProvider, type KeyRing, KeyStore } from "../../crypto/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import { Vault, type VaultOptions } from "../../vault/mod.ts";
import { readPassphrase } from "../service/open-keys.ts";

export interface VaultFlags {
  readonly dir: string;
  readonly passphraseFile?: string;
  readonly devPassphrase?: boolean;
  readonly json?: boolean;
}

/** The flags of every command on a vault folder. */
export function vaultFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--dir <folder>", "folder of the vault")
        .env("PANTUN_VAULT_DIR")
        .default("var/vault"),
    )
    .addOption(
      new Option("--passphrase-file <file>", "first line: the passphrase").env(
        "PANTUN_VAULT_PASSPHRASE_FILE",
      ),
    )
    .option("--dev-passphrase", "the passphrase that everybody knows; for trials only")
    .option("--json", "one JSON document");
}

/** The passphrase that the flags name. Errors: USAGE without any, FILE_UNREADABLE. */
export function passphraseOf(flags: VaultFlags): Buffer {
  if (flags.devPassphrase === true) {
    process.stderr.write(
      "WARNING: this vault's keys are wrapped under a passphrase that everybody knows.\n" +
        "         Never put a real card number into it.\n",
    );
    return developmentPassphrase();
  }
  if (flags.passphraseFile !== undefined) return readPassphrase(flags.passphraseFile);
  throw appError(
    "USAGE",
    "No passphrase: name its file with --passphrase-file or PANTUN_VAULT_PASSPHRASE_FILE.",
  );
}

/** The keys in `<dir>/keys`, opened with the passphrase that the flags name. */
export async function loadRing(flags: VaultFlags, dir = flags.dir): Promise<KeyRing> {
  const passphrase = passphraseOf(flags);
  const provider = await FileProvider.open(dir, passphrase);
  passphrase.fill(0);
  try {
    return await (await KeyStore.open(dir, provider)).load();
  } finally {
    await provider.close();
  }
}

/** Options for a vault in the folder of the flags, on the system's clock and randomness. */
export function vaultOptions(flags: VaultFlags, ring: KeyRing): VaultOptions {
  return { dir: flags.dir, ring, clock: systemClock, random: randomBytes };
}

/** Opens the vault, does the work, closes it. */
export async function withVault<T>(
  flags: VaultFlags,
  work: (vault: Vault) => T | Promise<T>,
  options: Partial<VaultOptions> = {},
): Promise<T> {
  const ring = await loadRing(flags);
  const vault = Vault.open({ ...vaultOptions(flags, ring), ...options });
  try {
    return await work(vault);
  } finally {
    await vault.close();
  }
}

/**
 * The same for work that writes cards past the actors: nobody may run those meanwhile. VAULT_IN_USE
 * where a service does.
 */
export function withOwnVault<T>(
  flags: VaultFlags,
  work: (vault: Vault) => T | Promise<T>,
  options: Partial<VaultOptions> = {},
): Promise<T> {
  return withVault(
    flags,
    async (vault) => {
      const owner = Ownership.take(lmdbStore(vault.env), randomBytes(8));
      try {
        return await work(vault);
      } finally {
        owner.release();
      }
    },
    options,
  );
}

/** A result on stdout: a document for machines, or lines for people. */
export function printResult(
  flags: VaultFlags,
  document: object,
  lines: readonly (readonly [string, string | number])[],
): void {
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  const width = Math.max(...lines.map(([name]) => name.length));
  const text = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`);
  process.stdout.write(text.join(""));
}
