// Opens a vault's keys with the passphrase of a file.
import { CryptoError, FileProvider, KeyStore, loadPassphrase } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";

/** The first line of the file. Errors: CONFIG_INVALID without a name, FILE_UNREADABLE. */
export function readPassphrase(file: string): Buffer {
  if (file === "") {
    throw appError(
      "CONFIG_INVALID",
      "No passphrase: name its file with --passphrase-file or PANTUN_VAULT_PASSPHRASE_FILE.",
    );
  }
  try {
    return loadPassphrase(file);
  } catch (error) {
    // Inside the key store the same code would mean that there are no keys.
    if (error instanceof CryptoError && error.code === "KEY_FILE_MISSING") {
      throw appError("FILE_UNREADABLE", `The passphrase file ${file} does not exist.`);
    }
    throw error;
  }
}

/** Errors: those of `readPassphrase`; those of the key store, as CryptoError. */
export async function openKeyStore(dir: string, passphraseFile: string): Promise<KeyStore> {
  const passphrase = readPassphrase(passphraseFile);
  try {
    return await KeyStore.open(dir, await FileProvider.open(dir, passphrase));
  } finally {
    passphrase.fill(0);
  }
}
