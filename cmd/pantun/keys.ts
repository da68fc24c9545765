// `pantun keys`: make, list, rotate and end the keys of a vault. Shows key check values only.
import { setTimeout } from "node:timers/promises";
import { type Command, Option } from "commander";
import {
  CryptoError,
  FileProvider,
  type KeyListing,
  type KeyProvider,
  KeyStore,
  type KeyUsage,
  keyLengths,
  keyUsages,
  loadKeyComponents,
  Pkcs11Provider,
  usageRules,
} from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";
import { hsmAccess } from "../service/open-keys.ts";
import { recordKeyAct, refuseKeysAlone } from "./key-act.ts";
import { registerKeyBlock } from "./keys-block.ts";
import { registerCeremony } from "./keys-ceremony.ts";
import { registerKek } from "./keys-kek.ts";
import { showKeys } from "./keys-table.ts";
import { hsmNames, passphraseOf, type VaultFlags, vaultFlags, withStore } from "./vault-access.ts";

interface InitFlags extends VaultFlags {
  readonly peer: readonly string[];
  readonly provider?: "file" | "pkcs11";
}

interface KeyFlags extends VaultFlags {
  readonly label?: string;
  readonly component?: readonly string[];
  readonly ptavTtl?: number;
  readonly spread?: number;
  readonly yes?: boolean;
}

/** Clock skew that a PTAV is allowed on top of its life. */
const skewSeconds = 60;
const ptavTtlSecondsMax = 86_400;

/** Services read the key file every 2 s; this leaves one reading to be missed. */
const spreadSecondsDefault = 5;

export function register(program: Command): void {
  const keys = program
    .command("keys")
    .description("Make, list, rotate and end the keys of a vault; shows check values only.")
    .addHelpText("after", help);
  vaultFlags(keys.command("init"))
    .description("Make one active key of every usage.")
    .addOption(
      new Option(
        "--provider <kind>",
        "what holds the key-encryption key; pkcs11 with --module",
      ).choices(["file", "pkcs11"]),
    )
    .option("--peer <name>", "also a MAC key for this peer; may be repeated", collect, [])
    .action(init);
  vaultFlags(keys.command("list"))
    .description("Show usage, version, state and check value of every key.")
    .option("--usage <usage>", "only this usage", parseUsage)
    .action(list);
  componentFlag(keys.command("add <usage>"))
    .description("Make a key where there is none yet: a new peer's MAC key.")
    .action(add);
  ttlFlag(componentFlag(keys.command("rotate <usage>")))
    .description("Make a new active key (seal, ptav, mac); the old one verifies and opens on.")
    .option("--spread <seconds>", "time for every process to read it", parseSpread)
    .action(rotate);
  ttlFlag(labelFlag(keys.command("retire <usage> <version>")))
    .description("End a key that was rotated; its bytes are destroyed, but for sealing keys.")
    .option("--yes", "for sealing keys: no record is sealed under it any more")
    .action(retire);
  labelFlag(keys.command("compromise <usage> <version>"))
    .description("Refuse a key at once; an active one is replaced in the same step.")
    .option("--yes", "do it: what was made under the key is refused from now on")
    .action(compromise);
  registerKek(keys);
  registerCeremony(keys);
  registerKeyBlock(keys);
}

const help = `
Examples:
  pantun keys init --dir var/vault --passphrase-file secret.txt --peer SWITCH
  pantun keys init --dir var/vault --provider pkcs11 --module /usr/lib/softhsm/libsofthsm2.so \\
    --token-label pantun --pin-file pin.txt --peer SWITCH
  pantun keys list --dir var/vault
  pantun keys rotate ptav --dir var/vault --passphrase-file secret.txt
  pantun keys rotate mac --label SWITCH --component a.hex --component b.hex …
  pantun keys retire ptav 1 --ptav-ttl 900 …

Usages: ${keyUsages.map((usage) => `${usage} (${usageRules[usage].purpose})`).join(", ")}.
Running services take up a change within seconds.`;

function labelFlag(command: Command): Command {
  return vaultFlags(command).option("--label <name>", "the peer of a MAC key");
}

function componentFlag(command: Command): Command {
  const text = "key component in hex, its KCV on a second line; two or three make the key";
  return labelFlag(command).option("--component <file>", text, collect, []);
}

function ttlFlag(command: Command): Command {
  const text = "life of a PTAV in this installation";
  return command.option("--ptav-ttl <seconds>", text, parseTtl, ptavTtlSecondsMax);
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function parseUsage(text: string): KeyUsage {
  const usage = keyUsages.find((known) => known === text);
  if (usage !== undefined) return usage;
  throw appError("USAGE", `'${text}' is no key usage; there are ${keyUsages.join(", ")}.`);
}

function parseWhole(text: string, what: string, min: number, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw appError("USAGE", `The ${what} is a whole number from ${min} to ${max}.`);
}

function parseTtl(text: string): number {
  return parseWhole(text, "PTAV life in seconds", 60, ptavTtlSecondsMax);
}

function parseSpread(text: string): number {
  return parseWhole(text, "time to spread in seconds", 0, 600);
}

async function init(flags: InitFlags): Promise<void> {
  const provider = await openOrCreate(flags);
  try {
    const store = await KeyStore.init(flags.dir, provider, { peers: flags.peer });
    if (provider.kind === "file") {
      process.stderr.write(
        "The keys are wrapped under a passphrase: right for trials and small installations;\n" +
          "a token service with real cards keeps its key-encryption key in an HSM.\n",
      );
    }
    showKeys(flags, store.list(), true);
  } finally {
    await provider.close();
  }
}

/** An earlier init, or a ceremony, may have come no further than the key-encryption key. */
async function openOrCreate(flags: InitFlags): Promise<KeyProvider> {
  const access = hsmAccess(hsmNames(flags));
  if ((flags.provider ?? (access === null ? "file" : "pkcs11")) === "pkcs11") {
    if (access === null) throw appError("USAGE", "Which HSM? Name its library with --module.");
    return Pkcs11Provider.openOrCreate(flags.dir, access);
  }
  if (access !== null) throw appError("USAGE", "--module belongs to --provider pkcs11.");
  const passphrase = passphraseOf(flags);
  try {
    return await FileProvider.open(flags.dir, passphrase);
  } catch (error) {
    if (!(error instanceof CryptoError) || error.code !== "KEY_FILE_MISSING") throw error;
    return await FileProvider.create(flags.dir, passphrase);
  } finally {
    passphrase.fill(0);
  }
}

async function list(flags: VaultFlags & { readonly usage?: KeyUsage }): Promise<void> {
  const { passphraseFile, devPassphrase, module } = flags;
  const proven = passphraseFile !== undefined || devPassphrase === true || module !== undefined;
  const all = proven
    ? await withStore(flags, async (store) => store.list())
    : KeyStore.peek(flags.dir);
  if (!proven) {
    process.stderr.write(
      "Not proven genuine: that takes the passphrase (--passphrase-file) or the HSM (--module).\n",
    );
  }
  showKeys(
    flags,
    all.filter((key) => flags.usage === undefined || key.usage === flags.usage),
    proven,
  );
}

async function add(text: string, flags: KeyFlags): Promise<void> {
  const usage = parseUsage(text);
  if (usage === "zone" && !flags.component?.length) {
    throw appError("USAGE", "A zone key is shared: it comes from components, see 'keys ceremony'.");
  }
  const options = { label: flags.label ?? "", ...componentsOf(usage, flags) };
  const key = await changed(flags, "key.add", (store) => store.add(usage, options));
  showKeys(flags, [key], true);
}

/**
 * In two steps: a process that has not read the keys again yet would refuse what another makes
 * under the new key. So the key is made, given time to reach every process, and only then used.
 * When that is interrupted, the next call goes on with the key that was made.
 */
async function rotate(text: string, flags: KeyFlags): Promise<void> {
  const usage = parseUsage(text);
  const { label = "" } = flags;
  const bytes = componentsOf(usage, flags);
  const key = await changed(flags, "key.rotate", async (store) => {
    const own = store.list().filter((k) => k.usage === usage && k.label === label);
    if (!own.some((k) => k.state === "ACTIVE")) {
      throw appError("KEY_NOT_FOUND", `There is no active ${usage} key to rotate; see 'keys add'.`);
    }
    const waiting = bytes.bytes === undefined && own.find((k) => k.state === "PRE_ACTIVE");
    const options = {
      label,
      state: "PRE_ACTIVE",
      ptavLifeMs: ptavLifeMs(flags),
      ...bytes,
    } as const;
    const made = waiting || (await store.add(usage, options));
    const spreadSeconds = flags.spread ?? spreadSecondsDefault;
    process.stderr.write(
      `${made.id} is made; it is used in ${spreadSeconds} s, when every process has it.\n`,
    );
    await setTimeout(spreadSeconds * 1_000);
    return store.activate(usage, made.version, label);
  });
  showKeys(flags, [key], true);
}

/** A change of one key, and its line in the audit chain. */
function changed(
  flags: VaultFlags,
  act: string,
  work: (store: KeyStore) => Promise<KeyListing>,
): Promise<KeyListing> {
  return withStore(flags, async (store) => {
    // A key that was missing may be added by who is there: without it nothing runs.
    if (act !== "key.add") await refuseKeysAlone(flags, store);
    const key = await work(store);
    await recordKeyAct(flags, store, act, key);
    return key;
  });
}

function componentsOf(usage: KeyUsage, { component = [] }: KeyFlags): { bytes?: Buffer } {
  if (component.length === 0) return {};
  return { bytes: loadKeyComponents(component, ...keyLengths(usage)) };
}

async function retire(text: string, version: string, flags: KeyFlags): Promise<void> {
  const usage = parseUsage(text);
  if (usage === "seal" && flags.yes !== true) {
    throw appError(
      "USAGE",
      "Card numbers sealed under a retired key cannot be opened: re-seal them first " +
        "('pantun vault reseal'), then retire the key with --yes.",
    );
  }
  const options = { label: flags.label ?? "", ptavLifeMs: ptavLifeMs(flags) };
  const number = parseVersion(usage, version);
  const key = await changed(flags, "key.retire", (store) => store.retire(usage, number, options));
  showKeys(flags, [key], true);
}

async function compromise(text: string, version: string, flags: KeyFlags): Promise<void> {
  const usage = parseUsage(text);
  const number = parseVersion(usage, version);
  if (flags.yes !== true) {
    throw appError("USAGE", "What was made under the key is refused from now on: add --yes.");
  }
  const { label = "" } = flags;
  const key = await changed(flags, "key.compromise", (store) =>
    store.compromise(usage, number, label),
  );
  showKeys(flags, [key], true);
}

function parseVersion(usage: KeyUsage, text: string): number {
  return parseWhole(text, "key version", 1, usageRules[usage].versionMax);
}

function ptavLifeMs(flags: KeyFlags): number {
  return ((flags.ptavTtl ?? ptavTtlSecondsMax) + skewSeconds) * 1_000;
}
