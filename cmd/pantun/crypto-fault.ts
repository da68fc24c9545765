// The crypto room knows no error table: its codes become operating errors here.
import { CryptoError, type CryptoErrorCode } from "../../crypto/mod.ts";
import { type AppError, appError, type ErrorCode } from "../../platform/mod.ts";

const codes: Readonly<Record<CryptoErrorCode, ErrorCode>> = {
  WRONG_PASSPHRASE: "WRONG_PASSPHRASE",
  PASSPHRASE_UNUSABLE: "FILE_UNREADABLE",
  KEY_FILE_MISSING: "KEYS_NOT_FOUND",
  KEY_FILE_EXISTS: "ALREADY_EXISTS",
  KEY_FILE_CORRUPT: "KEY_FILE_CORRUPT",
  KEY_FILE_NEWER: "VAULT_TOO_NEW",
  KEY_FILE_MODE: "FILE_INSECURE",
  KEY_FILE_BUSY: "VAULT_IN_USE",
  KEY_NOT_FOUND: "KEY_NOT_FOUND",
  KEY_STATE: "KEY_STATE_CONFLICT",
  KEY_EXHAUSTED: "KEY_STATE_CONFLICT",
  KEY_INVALID: "INVALID_REQUEST",
  UNWRAP_FAILED: "KEY_FILE_CORRUPT",
  CIPHER_FAILED: "INTERNAL_ERROR",
  HSM_MODULE_MISSING: "HSM_MODULE_MISSING",
  HSM_TOKEN_MISSING: "HSM_TOKEN_MISSING",
  HSM_PIN_WRONG: "HSM_PIN_WRONG",
  HSM_PIN_LOCKED: "HSM_PIN_LOCKED",
  HSM_KEY_MISSING: "HSM_KEY_MISSING",
  HSM_FAILED: "HSM_FAILED",
};

/** The operating error of a fault of the crypto room; null for anything else. */
export function cryptoFault(error: unknown): AppError | null {
  if (!(error instanceof CryptoError)) return null;
  return appError(codes[error.code], `${error.message}.`, { cause: error });
}
