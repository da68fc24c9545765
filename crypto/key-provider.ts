/**
 * Whatever holds the key-encryption key: a passphrase file, an HSM through PKCS#11, a KMS. The
 * key-encryption key never leaves it. Asynchronous, since a token or a network may be behind it.
 */
export interface KeyProvider {
  /** Stands in the key file, so that a file is never opened with the wrong kind of provider. */
  readonly kind: string;
  /** Encrypts and authenticates `plain` together with `context`. */
  wrap(plain: Buffer, context: Buffer): Promise<Buffer>;
  /** A CryptoError UNWRAP_FAILED unless exactly these bytes were wrapped under this context. */
  unwrap(wrapped: Buffer, context: Buffer): Promise<Buffer>;
  close(): Promise<void>;
}
