import { CryptoError } from "./crypto-error.ts";
import { readGuardedFile } from "./safe-file.ts";

/** Eight characters is the least that a password rule accepts today (PCI DSS 8.3.6 asks for 12). */
const passphraseBytesMin = 8;
const passphraseBytesMax = 1_024;

/** PKCS#11 leaves the length to the token; four digits are the least that any takes. */
const pinBytesMin = 4;
const pinBytesMax = 255;

/**
 * The passphrase of a file: its first line, without the line end. Passphrases come by file only;
 * flags and environment variables show in process lists.
 */
export function loadPassphrase(path: string): Buffer {
  return firstLine(path, passphraseBytesMin, passphraseBytesMax);
}

/** The PIN of a token's user, from a file for the same reason. */
export function loadPin(path: string): Buffer {
  return firstLine(path, pinBytesMin, pinBytesMax);
}

function firstLine(path: string, bytesMin: number, bytesMax: number): Buffer {
  const bytes = readGuardedFile(path, bytesMax + 2);
  let end = bytes.indexOf(0x0a);
  if (end < 0) end = bytes.length;
  if (end > 0 && bytes[end - 1] === 0x0d) end--;
  if (end < bytesMin || end > bytesMax) {
    bytes.fill(0);
    throw new CryptoError(
      "PASSPHRASE_UNUSABLE",
      `the first line of ${path} must have ${bytesMin} to ${bytesMax} bytes`,
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
