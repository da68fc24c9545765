import { CryptoError } from "./crypto-error.ts";
import { readGuardedFile } from "./safe-file.ts";

/** Eight characters is the least that a password rule accepts today (PCI DSS 8.3.6 asks for 12). */
const passphraseBytesMin = 8;
const passphraseBytesMax = 1_024;

/**
 * The passphrase of a file: its first line, without the line end. Passphrases come by file only;
 * flags and environment variables show in process lists.
 */
export function loadPassphrase(path: string): Buffer {
  const bytes = readGuardedFile(path, passphraseBytesMax + 2);
  let end = bytes.indexOf(0x0a);
  if (end < 0) end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0d) end--;
  if (end < passphraseBytesMin || end > passphraseBytesMax) {
    bytes.fill(0);
    throw new CryptoError(
      "PASSPHRASE_UNUSABLE",
      `the first line of ${path} must have ${passphraseBytesMin} to ${passphraseBytesMax} bytes`,
    );
  }
  return bytes.subarray(0, end);
}

/**
 * The passphrase that everybody knows, for demonstrations and tests. Callers hand it over only when
 * told so explicitly, and then say loudly that the vault is not protected.
 */
export function developmentPassphrase(): Buffer {
  return Buffer.from("pantun development passphrase");
}
