// Keys and ciphers: AES-CMAC and AES-SIV for many messages at once, the blind index, and the keys.
//
// Promises: CMAC is SP 800-38B / RFC 4493, SIV is RFC 5297, both proven by their vectors; the lane
// classes allocate nothing of their own a message (OpenSSL's result buffer a call is all); a cipher
// that failed is thrown away before the next call; keys show only their check value.
// Never: a home-made cipher, a MAC compared byte by byte with an early exit, a key in a message or
// a log line, a key on disk that is not wrapped.
// Errors are `CryptoError`s with a stable code; callers map them to their own.

export { type CheckAlgorithm, type CheckMethod, checkValue, keyCheckValue } from "./check-value.ts";
export { Cmac } from "./cmac.ts";
export { CmacLanes, type LaneShape } from "./cmac-lanes.ts";
export { equalConstantTime } from "./constant-time.ts";
export { CryptoError, type CryptoErrorCode } from "./crypto-error.ts";
export { FileProvider, type ScryptCost } from "./file-provider.ts";
export { IndexLanes, indexBytes } from "./index-lanes.ts";
export {
  type Key,
  type KeyState,
  type KeyUsage,
  keyLengths,
  keyStates,
  keyUsages,
  SecretKey,
  usageRules,
} from "./key.ts";
export { type KeyBlock, openKeyBlock, sealKeyBlock } from "./key-block.ts";
export {
  combineComponents,
  loadComponent,
  loadKeyComponents,
  parseComponent,
} from "./key-components.ts";
export { KeyPage } from "./key-page.ts";
export type { KeyProvider } from "./key-provider.ts";
export { KeyRing } from "./key-ring.ts";
export { type KeyListing, KeyStore, type KeyStorePorts } from "./key-store.ts";
export { createMessageMac, type MessageMac } from "./message-mac.ts";
export { developmentPassphrase, loadPassphrase, loadPin } from "./passphrase.ts";
export { type Kek, Pkcs11Provider } from "./pkcs11-provider.ts";
export type { HsmAccess } from "./pkcs11-session.ts";
export { RetailMac, retailKeyBytes } from "./retail-mac.ts";
export { sivOpen, sivSeal } from "./siv.ts";
export { SivLanes, sealedBytes } from "./siv-lanes.ts";
export { ZoneKey } from "./zone-key.ts";
