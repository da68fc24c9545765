// Opens a vault's keys with the passphrase of a file.
import { FileProvider, KeyStore, loadPassphrase } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";

/** Errors: CONFIG_INVALID without a file; those of the key store, as CryptoError. */
export async function openKeyStore(dir: string, passphraseFile: string): Promise<KeyStore> {
  if (passphraseFile === "") {
    throw appError(
      "CONFIG_INVALID",
      "No passphrase: name its file with --passphrase-file or PANTUN_VAULT_PASSPHRASE_FILE.",
    );
  }
  const passphrase = loadPassphrase(passphraseFile);
  try {
    return await KeyStore.open(dir, await FileProvider.open(dir, passphrase));
  } finally {
    passphrase.fill(0);
  }
}
