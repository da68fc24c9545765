// Writes a change of keys into the audit chain of the vault that they belong to, where there is
// one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { lmdbStore, refuseAlone } from "../../actors/mod.ts";
import type { KeyListing, KeyStore } from "../../crypto/mod.ts";
import { localUser, recordAct, Vault } from "../../vault/mod.ts";
import { type VaultFlags, vaultOptions } from "./vault-access.ts";

/** Refuses what takes two people, before it is done. */
export async function refuseKeysAlone(flags: VaultFlags, store: KeyStore): Promise<void> {
  if (!existsSync(join(flags.dir, "vault", "data.mdb"))) return;
  const vault = Vault.open(vaultOptions(flags, await store.load()));
  try {
    refuseAlone(lmdbStore(vault.env), "keys");
  } finally {
    await vault.close();
  }
}

/** `subject`: the key's name, "ptav-2"; never more of it than its check value. */
export async function recordKeyAct(
  flags: VaultFlags,
  store: KeyStore,
  act: string,
  key?: Pick<KeyListing, "id" | "state" | "kcv">,
): Promise<void> {
  if (!existsSync(join(flags.dir, "vault", "data.mdb"))) return;
  const vault = Vault.open(vaultOptions(flags, await store.load()));
  try {
    const what = key && { subject: key.id, detail: { state: key.state, kcv: key.kcv } };
    recordAct(vault, { act, by: localUser(), ...what });
  } finally {
    await vault.close();
  }
}
