// The vault that everything is measured over: generated once with keys of its own, kept under
// .cache/bench/, made anew when layout or size differ. Runs do not write claims or journals into
// it.
import { createHash, randomBytes } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FileProvider, type KeyRing, KeyStore, keyUsages } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import {
  cardBytes,
  generateTokens,
  recordVersion,
  sealedBytes,
  tokenBytes,
  Vault,
  vaultLayout,
} from "../../vault/mod.ts";
import { deckEntryBytes, readDeck, TokenDeck } from "./token-deck.ts";

/** Where vaults are kept between runs; not under version control. */
const cacheDir = fileURLToPath(new URL("../../.cache/bench", import.meta.url));

/** Peer that signs its messages; the other one does not. */
export const macPeerName = "bench-mac";
export const plainPeerName = "bench-plain";

const requestors = 10;

/** A test vault of test numbers: the cheapest scrypt that is accepted. */
const scryptCost = { n: 2 ** 10, r: 8, p: 1 };

/** Room for 20 million tokens; address space only. */
export const vaultMapBytes = 16 * 2 ** 30;

export interface BenchVault {
  /** Folder with `keys/` and `vault/`. */
  readonly dir: string;
  readonly passphraseFile: string;
  readonly ring: KeyRing;
  readonly deck: TokenDeck;
}

/** Whatever changes the bytes on disk must be in here. */
function cacheKey(tokens: number, tokensPerCard: number): string {
  const layout = {
    vaultLayout,
    recordVersion,
    tokenBytes,
    cardBytes,
    sealedBytes,
    deckEntryBytes,
    requestors,
    keyUsages,
  };
  const digest = createHash("sha256").update(JSON.stringify(layout)).digest("hex");
  const cards = tokensPerCard === 1 ? "" : `-${tokensPerCard}`;
  return `vault-${tokens}${cards}-${digest.slice(0, 12)}`;
}

export interface VaultShape {
  /** 1 where it is left out. */
  readonly tokensPerCard?: number;
  /** Made anew even if there is one. */
  readonly anew?: boolean;
  /** How long the tokens took, where they were made. */
  readonly onLoaded?: (seconds: number) => void;
}

/** Opens the cached vault of this size, or generates it. */
export async function obtainVault(
  tokens: number,
  progress: (text: string) => void,
  shape: VaultShape = {},
): Promise<BenchVault> {
  const dir = join(cacheDir, cacheKey(tokens, shape.tokensPerCard ?? 1));
  if (shape.anew === true) rmSync(dir, { recursive: true, force: true });
  if (!existsSync(dir)) await generate(dir, tokens, progress, shape);
  return openBenchVault(dir);
}

/** Keys and deck of a vault that was made before. */
export async function openBenchVault(dir: string): Promise<BenchVault> {
  const passphraseFile = join(dir, "passphrase");
  const provider = await FileProvider.open(dir, readFileSync(passphraseFile));
  const store = await KeyStore.open(dir, provider);
  const ring = await store.load();
  await store.close();
  const deck = new TokenDeck(readFileSync(join(dir, "deck")));
  return { dir, passphraseFile, ring, deck };
}

/** Made aside and moved into place, so that an interrupted run leaves nothing that looks whole. */
async function generate(
  dir: string,
  tokens: number,
  progress: (text: string) => void,
  shape: VaultShape,
): Promise<void> {
  const aside = `${dir}.${process.pid}`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  const passphrase = Buffer.from(randomBytes(16).toString("hex"), "latin1");
  writeFileSync(join(aside, "passphrase"), passphrase, { mode: 0o600 });
  const provider = await FileProvider.create(aside, passphrase, { cost: scryptCost });
  const store = await KeyStore.init(aside, provider, { peers: [macPeerName] });
  const ring = await store.load();
  await store.close();
  const clock = systemClock;
  const options = { dir: aside, ring, clock, random: randomBytes, mapSizeBytes: vaultMapBytes };
  const vault = Vault.open({ ...options, create: true });
  progress(`generating ${tokens.toLocaleString("en-US")} tokens`);
  const begin = performance.now();
  await generateTokens(vault, {
    tokens,
    tokensPerCard: shape.tokensPerCard ?? 1,
    requestors,
    onProgress: ({ created }) => progress(`${created.toLocaleString("en-US")} tokens`),
  });
  shape.onLoaded?.((performance.now() - begin) / 1_000);
  writeFileSync(join(aside, "deck"), readDeck(vault, ring).bytes, { mode: 0o600 });
  await vault.close();
  renameSync(aside, dir);
}

export interface RunFolder {
  readonly dir: string;
  remove(): void;
}

let made = 0;
/** Folders of runs under way; a scenario that failed leaves its own to the end of the process. */
const folders = new Set<string>();
process.on("exit", () => {
  for (const dir of folders) rmSync(dir, { recursive: true, force: true });
});

/** An empty folder on the disk that the vaults lie on. */
export function makeDiskFolder(): RunFolder {
  const dir = join(cacheDir, `disk-${process.pid}-${made++}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  folders.add(dir);
  const remove = () => {
    rmSync(dir, { recursive: true, force: true });
    folders.delete(dir);
  };
  return { dir, remove };
}

/**
 * A folder for one run: keys and vault are those of the cache, or copies of them where the run
 * writes to them; claims, journal and history are its own. Beside the cache, on the same disk.
 */
export function makeRunFolder(vault: BenchVault, own = false): RunFolder {
  const dir = join(cacheDir, `run-${process.pid}-${made++}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  folders.add(dir);
  for (const part of ["keys", "vault"]) {
    if (own) cpSync(join(vault.dir, part), join(dir, part), { recursive: true });
    else symlinkSync(join(vault.dir, part), join(dir, part));
  }
  const remove = () => {
    rmSync(dir, { recursive: true, force: true });
    folders.delete(dir);
  };
  return { dir, remove };
}
