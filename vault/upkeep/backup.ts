// Backup while the vault is in use, and restore into an empty place. A backup is a folder with the
// layout of a vault folder; it counts only after it was opened and verified.
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { appError } from "../../platform/mod.ts";
import { forgetAnchor } from "../audit/anchor.ts";
import { openEnvironment } from "../store/environment.ts";
import { vaultLayout } from "../store/meta.ts";
import { Vault, type VaultOptions } from "../vault.ts";
import { beginIncarnation, type NewIncarnation } from "./incarnation.ts";
import { type VerifyResult, verifyVault } from "./verify.ts";

/** A map for reading one copy: as large as any vault that this version writes. */
const historyMapBytes = 16 * 2 ** 30;

/** What `backup.json` says; for people, nothing is decided by it but the layout. */
export interface BackupManifest {
  readonly format: 1;
  readonly layout: number;
  readonly createdAt: string;
  readonly incarnation: string;
  readonly tokens: number;
  readonly cards: number;
  readonly agreements: number;
}

export interface BackupResult {
  readonly manifest: BackupManifest;
  readonly verified: VerifyResult;
}

function checkWhole(verified: VerifyResult, what: string): void {
  if (verified.problemCount === 0) return;
  const kinds = [...new Set(verified.problems.map((problem) => problem.kind))].join(", ");
  throw appError("VAULT_CORRUPT", `${what} has ${verified.problemCount} faults: ${kinds}.`);
}

/**
 * Copies vault, history and wrapped keys to the new folder `dest`, opens the copy and verifies it.
 * Writers go on meanwhile; the copy is one snapshot. Errors: ALREADY_EXISTS, DISK_FULL,
 * VAULT_CORRUPT.
 */
export async function backupVault(
  vault: Vault,
  dest: string,
  onProgress?: (rows: number) => void,
): Promise<BackupResult> {
  if (existsSync(dest) && readdirSync(dest).length > 0) {
    throw appError("ALREADY_EXISTS", `The folder ${dest} is not empty.`);
  }
  mkdirSync(dest, { recursive: true, mode: 0o700 });
  // History first: folding a journal row twice is harmless, missing one is not.
  await copyHistory(vault.dir, dest);
  mkdirSync(join(dest, "vault"), { mode: 0o700 });
  await vault.env.copyTo(join(dest, "vault"));
  copyKeys(vault.dir, dest);
  const copy = Vault.open({
    dir: dest,
    readOnly: true,
    ring: vault.sealing.ring,
    clock: vault.clock,
    random: vault.random,
  });
  let verified: VerifyResult;
  let incarnation: string;
  try {
    verified = verifyVault(copy, onProgress);
    incarnation = copy.incarnation;
  } finally {
    await copy.close();
  }
  checkWhole(verified, `The backup ${dest}`);
  const { tokens, cards, agreements } = verified;
  const createdAt = new Date(vault.clock.nowMs()).toISOString();
  const counts = { tokens, cards, agreements };
  const manifest = { format: 1 as const, layout: vaultLayout, createdAt, incarnation, ...counts };
  writeFileSync(join(dest, "backup.json"), `${JSON.stringify(manifest, null, 2)}\n`, {
    mode: 0o600,
  });
  flushFolder(dest);
  return { manifest, verified };
}

async function copyHistory(from: string, dest: string): Promise<void> {
  const path = join(from, "history");
  if (!existsSync(join(path, "data.mdb"))) return;
  const history = openEnvironment({
    path,
    mapSizeBytes: historyMapBytes,
    readOnly: false,
    create: false,
  });
  try {
    mkdirSync(join(dest, "history"), { mode: 0o700 });
    await history.copyTo(join(dest, "history"));
  } finally {
    await history.close();
  }
}

/** Key files are wrapped; without the passphrase or the HSM they open nothing. */
function copyKeys(from: string, dest: string): void {
  const path = join(from, "keys");
  if (!existsSync(path)) return;
  mkdirSync(join(dest, "keys"), { recursive: true, mode: 0o700 });
  for (const name of readdirSync(path)) {
    if (!name.endsWith(".json")) continue;
    const to = join(dest, "keys", name);
    writeFileSync(to, readFileSync(join(path, name)), { mode: 0o600 });
    chmodSync(to, 0o600);
  }
}

/** Flushes every file below a folder, and the folders. */
function flushFolder(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const name = join(path, entry.name);
    if (entry.isDirectory()) flushFolder(name);
    else flush(name);
  }
  flush(path);
}

function flush(path: string): void {
  const fd = openSync(path, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export interface RestoreResult extends NewIncarnation {
  readonly verified: VerifyResult;
}

/**
 * Restores the backup `src` into `options.dir`, which must not hold a vault or keys. The copy is
 * verified and gets a new incarnation before it takes its place, so a crash leaves no vault rather
 * than one without its fence. Errors: VAULT_NOT_FOUND, ALREADY_EXISTS, VAULT_CORRUPT, DISK_FULL.
 */
export async function restoreVault(
  src: string,
  options: VaultOptions,
  onProgress?: (rows: number) => void,
): Promise<RestoreResult> {
  const { dir } = options;
  if (!existsSync(join(src, "vault", "data.mdb"))) {
    throw appError("VAULT_NOT_FOUND", `There is no backup at ${src}.`);
  }
  for (const name of ["vault", "keys", "history"]) {
    if (!existsSync(join(dir, name))) continue;
    throw appError("ALREADY_EXISTS", `${join(dir, name)} exists; move it away first.`);
  }
  const staging = join(dir, "restoring");
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  for (const name of ["vault", "history"]) {
    const from = join(src, name, "data.mdb");
    if (!existsSync(from)) continue;
    mkdirSync(join(staging, name), { mode: 0o700 });
    cpSync(from, join(staging, name, "data.mdb"));
  }
  copyKeys(src, staging);
  const vault = Vault.open({ ...options, dir: staging, readOnly: false, create: false });
  let result: RestoreResult;
  try {
    const verified = verifyVault(vault, onProgress);
    checkWhole(verified, `The backup ${src}`);
    result = { ...beginIncarnation(vault), verified };
    forgetAnchor(vault);
  } finally {
    await vault.close();
  }
  flushFolder(staging);
  // The vault last: what is there before it is of no use alone.
  for (const name of ["keys", "history", "vault"]) {
    if (existsSync(join(staging, name))) renameSync(join(staging, name), join(dir, name));
  }
  rmSync(staging, { recursive: true });
  flush(dir);
  return result;
}
