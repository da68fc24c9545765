// Opens a vault's keys: with the passphrase of a file, or with the key-encryption key of an HSM.
import {
  CryptoError,
  FileProvider,
  type HsmAccess,
  type KeyProvider,
  KeyStore,
  loadPassphrase,
  loadPin,
  Pkcs11Provider,
} from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";

/** As in the settings; an empty text is one that was not given. */
export interface HsmNames {
  /** Path of the PKCS#11 library; empty: the keys are wrapped under a passphrase. */
  readonly module: string;
  readonly tokenLabel: string;
  readonly tokenSerial: string;
  readonly pinFile: string;
}

const noHsm: HsmNames = { module: "", tokenLabel: "", tokenSerial: "", pinFile: "" };

/** The first line of the file. Errors: CONFIG_INVALID without a name, FILE_UNREADABLE. */
export function readPassphrase(file: string): Buffer {
  if (file === "") {
    throw appError(
      "CONFIG_INVALID",
      "No passphrase: name its file with --passphrase-file or PANTUN_VAULT_PASSPHRASE_FILE.",
    );
  }
  return readSecret("passphrase", file, loadPassphrase);
}

function readSecret(what: string, file: string, load: (file: string) => Buffer): Buffer {
  try {
    return load(file);
  } catch (error) {
    // Inside the key store the same code would mean that there are no keys.
    if (error instanceof CryptoError && error.code === "KEY_FILE_MISSING") {
      throw appError("FILE_UNREADABLE", `The ${what} file ${file} does not exist.`);
    }
    throw error;
  }
}

/** Null where no HSM is named. Errors: CONFIG_INVALID for half a name. */
export function hsmAccess(names: HsmNames): HsmAccess | null {
  const { module, tokenLabel, tokenSerial, pinFile } = names;
  if (module === "") {
    if (tokenLabel === "" && tokenSerial === "" && pinFile === "") return null;
    const text = "A token without its library: name it with --module or PANTUN_HSM_MODULE.";
    throw appError("CONFIG_INVALID", text);
  }
  if (tokenLabel === "" && tokenSerial === "") {
    throw appError(
      "CONFIG_INVALID",
      "Which token? Name it with --token-label or --token-serial (PANTUN_HSM_TOKEN_LABEL).",
    );
  }
  if (pinFile === "") {
    throw appError(
      "CONFIG_INVALID",
      "No PIN: name its file with --pin-file or PANTUN_HSM_PIN_FILE.",
    );
  }
  const pin = (): Buffer => readSecret("PIN", pinFile, loadPin);
  return { module, tokenLabel, tokenSerial, pin };
}

/** The provider that wraps the keys in `dir`; the passphrase is asked for only where it is used. */
export async function openProvider(
  dir: string,
  passphrase: () => Buffer,
  hsm: HsmNames = noHsm,
): Promise<KeyProvider> {
  const access = hsmAccess(hsm);
  if (access !== null) return Pkcs11Provider.open(dir, access);
  const text = passphrase();
  try {
    return await FileProvider.open(dir, text);
  } finally {
    text.fill(0);
  }
}

/** Errors: those of `readPassphrase` and `hsmAccess`; those of the key store, as CryptoError. */
export async function openKeyStore(
  dir: string,
  passphraseFile: string,
  hsm?: HsmNames,
): Promise<KeyStore> {
  const provider = await openProvider(dir, () => readPassphrase(passphraseFile), hsm);
  try {
    return await KeyStore.open(dir, provider);
  } catch (error) {
    await provider.close();
    throw error;
  }
}
