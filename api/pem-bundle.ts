// Certificates in a PEM file. OpenSSL takes a file without any in silence: as an authority it would
// shut out everybody, long after whoever put it there has gone.
import { X509Certificate } from "node:crypto";

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Throws an Error where there is none, or one that cannot be read. */
export function checkPemBundle(pem: Buffer): void {
  const blocks = pem.toString("latin1").match(certificate) ?? [];
  if (blocks.length === 0) throw new Error("there is no certificate in it");
  for (const block of blocks) new X509Certificate(block);
}
