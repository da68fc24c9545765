/**
 * What can go wrong with keys, each a stable code that commands and services map to their own
 * errors. The message is safe to show; it never holds key material, a passphrase or a card number.
 */
export type CryptoErrorCode =
  | "WRONG_PASSPHRASE"
  | "PASSPHRASE_UNUSABLE"
  | "KEY_FILE_MISSING"
  | "KEY_FILE_EXISTS"
  | "KEY_FILE_CORRUPT"
  | "KEY_FILE_NEWER"
  | "KEY_FILE_MODE"
  | "KEY_FILE_BUSY"
  | "KEY_NOT_FOUND"
  | "KEY_STATE"
  | "KEY_EXHAUSTED"
  | "KEY_INVALID"
  | "UNWRAP_FAILED"
  | "CIPHER_FAILED"
  | "HSM_MODULE_MISSING"
  | "HSM_TOKEN_MISSING"
  | "HSM_PIN_WRONG"
  | "HSM_PIN_LOCKED"
  | "HSM_KEY_MISSING"
  | "HSM_FAILED";

export class CryptoError extends Error {
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CryptoError";
    this.code = code;
  }
}
