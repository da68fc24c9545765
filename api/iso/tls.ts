// TLS material of the door: read from files, checked, and read again when the files change.

import { constants, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { type AppError, appError } from "../../platform/mod.ts";
import { checkPemBundle } from "../pem-bundle.ts";

export interface TlsFiles {
  /** PEM: our certificate with its chain, our key, and the authority that signs the peers. */
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
}

/** Certificates with their chains take a few KiB; a larger file is a mistake. */
const fileBytesMax = 1_048_576;

export interface LoadedTls {
  readonly options: SecureContextOptions;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/**
 * Reads and checks the files. Throws CERTIFICATE_UNREADABLE with one sentence that names the file.
 */
export function loadTls(files: TlsFiles): LoadedTls {
  const cert = read(files.certFile, "certificate");
  const ca = read(files.caFile, "certificate authority");
  try {
    checkPemBundle(ca);
  } catch (error) {
    const message = `The certificate authority file ${files.caFile} holds no certificate.`;
    throw unreadable(message, files.caFile, error);
  }
  const options: SecureContextOptions = {
    cert,
    key: read(files.keyFile, "key"),
    ca,
    minVersion: "TLSv1.2",
    // No resumption: a session that goes on without its certificate would outlive a removed
    // authority, and connections of a switch live for days.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
  try {
    createSecureContext(options);
    const expiresAt = Math.floor(Date.parse(new X509Certificate(cert).validTo) / 1_000);
    return { options, expiresAt };
  } catch (error) {
    const message = `The certificate ${files.certFile} and the key ${files.keyFile} do not fit.`;
    throw unreadable(message, files.certFile, error);
  }
}

/** Changes whenever one of the files was written or replaced. */
export function tlsStamp(files: TlsFiles): string {
  return [files.certFile, files.keyFile, files.caFile].map(stamp).join(" ");
}

function stamp(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "absent";
  }
}

function read(path: string, what: string): Buffer {
  try {
    if (statSync(path).size > fileBytesMax) throw new Error("the file is too large");
    return readFileSync(path);
  } catch (error) {
    throw unreadable(`The ${what} file ${path} cannot be read.`, path, error);
  }
}

function unreadable(message: string, file: string, cause: unknown): AppError {
  return appError("CERTIFICATE_UNREADABLE", message, { cause, details: { file } });
}
