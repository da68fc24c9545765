// The numbers of PKCS#11 (v2.40, pkcs11t.h) that are used here, and what their refusals mean.
import { CryptoError, type CryptoErrorCode } from "./crypto-error.ts";

export const ckf = {
  osLockingOk: 0x2n,
  rwSession: 0x2,
  serialSession: 0x4,
  userPinInitialized: 0x8n,
  userPinLocked: 0x40000n,
} as const;

export const cku = { user: 1 } as const;
export const ckm = { aesKeyGen: 0x1080, aesEcb: 0x1081, aesGcm: 0x1087 } as const;
export const cko = { secretKey: 4 } as const;
export const ckk = { aes: 0x1f } as const;

export const cka = {
  class: 0x0,
  token: 0x1,
  private: 0x2,
  label: 0x3,
  value: 0x11,
  keyType: 0x100,
  id: 0x102,
  sensitive: 0x103,
  encrypt: 0x104,
  decrypt: 0x105,
  wrap: 0x106,
  unwrap: 0x107,
  sign: 0x108,
  verify: 0x10a,
  derive: 0x10c,
  valueLen: 0x161,
  extractable: 0x162,
  modifiable: 0x170,
} as const;

interface Meaning {
  readonly name: string;
  readonly code: CryptoErrorCode;
  readonly text: string;
}

const pinHelp = "the PIN file must hold the PIN of the token's user";

/** Refusals that have a meaning of their own; any other is HSM_FAILED with its number. */
const meanings: Readonly<Record<number, Meaning>> = {
  48: { name: "DEVICE_ERROR", code: "HSM_FAILED", text: "the HSM reports a fault" },
  50: { name: "DEVICE_REMOVED", code: "HSM_TOKEN_MISSING", text: "the token was taken away" },
  104: {
    name: "KEY_FUNCTION_NOT_PERMITTED",
    code: "HSM_FAILED",
    text: "the key in the HSM may not be used to encrypt and decrypt",
  },
  112: {
    name: "MECHANISM_INVALID",
    code: "HSM_FAILED",
    text: "the HSM does not offer AES-GCM (CKM_AES_GCM)",
  },
  160: {
    name: "PIN_INCORRECT",
    code: "HSM_PIN_WRONG",
    text: `the HSM refuses the PIN, which is not tried again: ${pinHelp}`,
  },
  161: { name: "PIN_INVALID", code: "HSM_PIN_WRONG", text: `the PIN cannot be one: ${pinHelp}` },
  162: {
    name: "PIN_LEN_RANGE",
    code: "HSM_PIN_WRONG",
    text: `the PIN is too short or too long: ${pinHelp}`,
  },
  163: { name: "PIN_EXPIRED", code: "HSM_PIN_LOCKED", text: "the PIN has expired: set a new one" },
  164: {
    name: "PIN_LOCKED",
    code: "HSM_PIN_LOCKED",
    text: "the PIN is locked after too many wrong ones: the security officer must reset it",
  },
  224: { name: "TOKEN_NOT_PRESENT", code: "HSM_TOKEN_MISSING", text: "no token is in the slot" },
  225: {
    name: "TOKEN_NOT_RECOGNIZED",
    code: "HSM_TOKEN_MISSING",
    text: "the token in the slot is not recognised",
  },
  258: {
    name: "USER_PIN_NOT_INITIALIZED",
    code: "HSM_PIN_WRONG",
    text: "the token has no user PIN yet",
  },
};

/** Answers after which a new session may succeed: the old one, or the login, is gone. */
const lost: ReadonlySet<number> = new Set([
  0x03, 0x30, 0x32, 0x60, 0x82, 0xb0, 0xb3, 0xe0, 0x101, 0x190,
]);

export const ckr = {
  ok: 0,
  generalError: 0x5,
  functionFailed: 0x6,
  dataInvalid: 0x20,
  encryptedDataInvalid: 0x40,
  encryptedDataLenRange: 0x41,
  aeadDecryptFailed: 0x42,
  userAlreadyLoggedIn: 0x100,
  alreadyInitialized: 0x191,
} as const;

/** A refusal of the HSM. `value` is the CK_RV. */
export class Pkcs11Refusal extends CryptoError {
  readonly value: number;

  constructor(call: string, value: number) {
    const known = meanings[value];
    const name = known === undefined ? `0x${value.toString(16)}` : `CKR_${known.name}`;
    const text = known?.text ?? "the HSM refused a call";
    super(known?.code ?? "HSM_FAILED", `${text} (${call}: ${name})`);
    this.value = value;
  }
}

export function isSessionLost(error: unknown): boolean {
  return error instanceof Pkcs11Refusal && lost.has(error.value);
}
