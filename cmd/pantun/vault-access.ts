// How the commands on a vault folder open it: flags, keys, vault, and closing in the right order.
import { randomBytes } from "node:crypto";
import { type Command, Option } from "commander";
import { lmdbStore, Ownership } from "../../actors/mod.ts";
import {
  developmentPassphrase,
  type KeyProvider,
  type KeyRing,
  KeyStore,
} from "../../crypto/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import { localUser, recordAct, Vault, type VaultOptions } from "../../vault/mod.ts";
import { type HsmNames, openProvider, readPassphrase } from "../service/open-keys.ts";

/** Where the key-encryption key is, if in an HSM. */
export interface HsmFlags {
  readonly module?: string;
  readonly tokenLabel?: string;
  readonly tokenSerial?: string;
  readonly pinFile?: string;
}

export interface VaultFlags extends HsmFlags {
  readonly dir: string;
  readonly passphraseFile?: string;
  readonly devPassphrase?: boolean;
  readonly json?: boolean;
}

/** The flags of every command on a vault folder. */
export function vaultFlags(command: Command): Command {
  return hsmFlags(command)
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

/** The flags by which any command finds a token. */
export function hsmFlags(command: Command): Command {
  const option = (flag: string, text: string, env: string): Option =>
    new Option(flag, text).env(`PANTUN_HSM_${env}`);
  return command
    .addOption(option("--module <file>", "PKCS#11 library of the HSM", "MODULE"))
    .addOption(option("--token-label <label>", "the token by its label", "TOKEN_LABEL"))
    .addOption(option("--token-serial <serial>", "or by its serial number", "TOKEN_SERIAL"))
    .addOption(option("--pin-file <file>", "first line: PIN of the token's user", "PIN_FILE"));
}

export function hsmNames(flags: HsmFlags): HsmNames {
  const { module = "", tokenLabel = "", tokenSerial = "", pinFile = "" } = flags;
  return { module, tokenLabel, tokenSerial, pinFile };
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

/** What wraps the keys in `dir`: the HSM that the flags name, or their passphrase. */
export function providerOf(flags: VaultFlags, dir = flags.dir): Promise<KeyProvider> {
  return openProvider(dir, () => passphraseOf(flags), hsmNames(flags));
}

/** The keys in `<dir>/keys`, opened as the flags say. */
export async function loadRing(flags: VaultFlags, dir = flags.dir): Promise<KeyRing> {
  const provider = await providerOf(flags, dir);
  try {
    return await (await KeyStore.open(dir, provider)).load();
  } finally {
    await provider.close();
  }
}

/** Opens the key store, does the work, and lets go of the key-encryption key. */
export async function withStore<T>(
  flags: VaultFlags,
  work: (store: KeyStore, provider: KeyProvider) => Promise<T>,
): Promise<T> {
  const provider = await providerOf(flags);
  try {
    return await work(await KeyStore.open(flags.dir, provider), provider);
  } finally {
    await provider.close();
  }
}

/** Options for a vault in the folder of the flags, on the system's clock and randomness. */
export function vaultOptions(flags: VaultFlags, ring: KeyRing): VaultOptions {
  return { dir: flags.dir, ring, clock: systemClock, random: randomBytes };
}

export interface WorkOptions extends Partial<VaultOptions> {
  /** What the work is called in the audit chain; one that changes nothing has no name. */
  readonly act?: string;
}

/** Opens the vault, does the work, closes it. */
export async function withVault<T>(
  flags: VaultFlags,
  work: (vault: Vault) => T | Promise<T>,
  { act, ...options }: WorkOptions = {},
): Promise<T> {
  const ring = await loadRing(flags);
  const vault = Vault.open({ ...vaultOptions(flags, ring), ...options });
  try {
    const result = await work(vault);
    if (act !== undefined) recordAct(vault, { act, by: localUser() });
    return result;
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
  options: WorkOptions = {},
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
  flags: { readonly json?: boolean },
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
