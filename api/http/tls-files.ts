// Certificates of the door, read again when their files change: connections that are open keep
// theirs, new ones get the new one. What cannot be used is reported and left alone.
import { X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { Server } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { appError, isAppError, type Logger } from "../../platform/mod.ts";
import { checkPemBundle } from "../pem-bundle.ts";
import { readSecretFile } from "./guarded-file.ts";

export interface HttpTlsFiles {
  readonly certificateFile: string;
  readonly privateKeyFile: string;
  /** The authority that signs the clients' certificates; "": none is asked for. */
  readonly clientCaFile: string;
  /** How often the files are looked at; 10 s when left out. */
  readonly reloadIntervalMs?: number;
}

const fileBytesMax = 1 << 20;
const reloadMsDefault = 10_000;

/** CERTIFICATE_UNREADABLE, FILE_INSECURE. */
export function loadTlsFiles(files: HttpTlsFiles): {
  readonly options: SecureContextOptions;
  readonly expiresAt: number;
} {
  const { certificateFile, privateKeyFile, clientCaFile } = files;
  const cert = read(certificateFile);
  const options = {
    cert,
    key: readSecretFile(privateKeyFile),
    minVersion: "TLSv1.2",
    ...(clientCaFile === "" ? {} : { ca: readAuthority(clientCaFile) }),
  } as const;
  try {
    createSecureContext(options);
    const expiresAt = Math.floor(Date.parse(new X509Certificate(cert).validTo) / 1_000);
    return { options, expiresAt };
  } catch (cause) {
    const message = `The certificate ${certificateFile} and the key ${privateKeyFile} do not fit.`;
    throw appError("CERTIFICATE_UNREADABLE", message, { cause });
  }
}

function read(path: string): Buffer {
  try {
    if (statSync(path).size > fileBytesMax) throw new Error("too large");
    return readFileSync(path);
  } catch (cause) {
    throw appError("CERTIFICATE_UNREADABLE", `The file ${path} cannot be read.`, { cause });
  }
}

function readAuthority(path: string): Buffer {
  const pem = read(path);
  try {
    checkPemBundle(pem);
  } catch (cause) {
    const message = `The file ${path} holds no certificate that can be used.`;
    throw appError("CERTIFICATE_UNREADABLE", message, { cause });
  }
  return pem;
}

function stampOf({ certificateFile, privateKeyFile, clientCaFile }: HttpTlsFiles): string {
  return [certificateFile, privateKeyFile, clientCaFile]
    .filter((path) => path !== "")
    .map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat === undefined ? "absent" : `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
    })
    .join(" ");
}

/** Returns how to stop. */
export function watchTlsFiles(
  server: Server,
  files: HttpTlsFiles,
  log: Logger,
  expires: (unixSeconds: number) => void,
): () => void {
  let seen = stampOf(files);
  const timer = setInterval(() => {
    const stamp = stampOf(files);
    if (stamp === seen) return;
    // One line a file that is broken; it is tried again when it changes again.
    seen = stamp;
    try {
      const { options, expiresAt } = loadTlsFiles(files);
      server.setSecureContext(options);
      expires(expiresAt);
      log.info({ event: "certificate.reloaded", file: files.certificateFile });
    } catch (error) {
      const why = isAppError(error) ? error.message : "unknown";
      log.error({ event: "certificate.reload_failed", why }, "the old certificate stays in use");
    }
  }, files.reloadIntervalMs ?? reloadMsDefault);
  timer.unref();
  return () => clearInterval(timer);
}
