// Certificates of a server, read again when their files change. Open sessions keep the certificate
// they began with; new connections get the new one. What cannot be used is reported and left alone:
// the old certificate goes on serving.
import { X509Certificate } from "node:crypto";
import * as fs from "node:fs";
import * as tls from "node:tls";
import { experimental, type ServerCredentials } from "@grpc/grpc-js";
import { type AppError, appError, isAppError, type Logger } from "../../platform/mod.ts";
import { checkPemBundle } from "../pem-bundle.ts";
import type { GrpcMetrics } from "./ports.ts";
import type { ServerTLSFiles } from "./server-options.ts";

/** Chains and bundles are a few KB; more is the wrong file. */
const fileBytesMax = 1 << 20;

export const reloadIntervalDefaultMs = 10_000;

interface Certificates {
  readonly certificate: Buffer;
  readonly privateKey: Buffer;
  readonly clientCA: Buffer;
}

function unreadable(file: string, why: string, cause?: unknown): AppError {
  const details = { file };
  return appError("CERTIFICATE_UNREADABLE", `${file} ${why}`, { cause, details });
}

function readFile(file: string): Buffer {
  let bytes: Buffer;
  try {
    if (fs.statSync(file).size > fileBytesMax) throw unreadable(file, "is no certificate or key");
    bytes = fs.readFileSync(file);
  } catch (error) {
    if (isAppError(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    throw unreadable(file, `cannot be read (${code})`, error);
  }
  if (!bytes.includes("-----BEGIN ")) throw unreadable(file, "holds no PEM block");
  return bytes;
}

/** Reads and tries the three files; throws CERTIFICATE_UNREADABLE with one clear sentence. */
export function loadCertificates(files: ServerTLSFiles): Certificates {
  const certificate = readFile(files.certificateFile);
  const privateKey = readFile(files.privateKeyFile);
  const clientCA = readFile(files.clientCAFile);
  checkCertificates(clientCA, files.clientCAFile);
  checkCertificates(certificate, files.certificateFile);
  tryContext({ key: privateKey }, files.privateKeyFile, "holds no private key that can be used");
  const pair = { cert: certificate, key: privateKey };
  tryContext(pair, files.privateKeyFile, `does not belong to ${files.certificateFile}`);
  return { certificate, privateKey, clientCA };
}

function checkCertificates(pem: Buffer, file: string): void {
  try {
    checkPemBundle(pem);
  } catch (error) {
    throw unreadable(file, "holds no certificate that can be used", error);
  }
}

function tryContext(options: tls.SecureContextOptions, file: string, why: string): void {
  try {
    tls.createSecureContext(options);
  } catch (error) {
    throw unreadable(file, why, error);
  }
}

/** Identity of the files' present content, cheap enough to ask for every few seconds. */
function stampOf(files: ServerTLSFiles): string {
  const stamps = [files.certificateFile, files.privateKeyFile, files.clientCAFile].map((file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false, bigint: true });
    return stat === undefined ? "absent" : `${stat.ino}:${stat.size}:${stat.mtimeNs}`;
  });
  return stamps.join(" ");
}

type Provider = Parameters<typeof experimental.createCertificateProviderServerCredentials>[0];
type CAListener = Parameters<Provider["addCaCertificateListener"]>[0];
type IdentityListener = Parameters<Provider["addIdentityCertificateListener"]>[0];

export interface WatcherOptions {
  readonly files: ServerTLSFiles;
  readonly intervalMs: number;
  readonly metrics: GrpcMetrics;
  readonly log: Logger;
}

/** Looks at the files by their stamps; inotify does not see the symlink swap of mounted secrets. */
export class CertificateWatcher implements Provider {
  readonly #options: WatcherOptions;
  readonly #caListeners = new Set<CAListener>();
  readonly #identityListeners = new Set<IdentityListener>();
  readonly #timer: NodeJS.Timeout;
  #current: Certificates;
  #stamp: string;
  #failedStamp = "";

  /** Throws CERTIFICATE_UNREADABLE when the files cannot be used now. */
  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#stamp = stampOf(options.files);
    this.#current = loadCertificates(options.files);
    this.#tellExpiry();
    this.#timer = setInterval(() => this.check(), options.intervalMs).unref();
  }

  credentials(): ServerCredentials {
    return experimental.createCertificateProviderServerCredentials(this, this, true);
  }

  /** Reads the files if they changed. True when a new certificate is in use. */
  check(): boolean {
    const { files, log, metrics } = this.#options;
    const stamp = stampOf(files);
    if (stamp === this.#stamp) return false;
    try {
      this.#current = loadCertificates(files);
    } catch (error) {
      // Half-written files pass by themselves: look again next time, but say it once.
      if (stamp !== this.#failedStamp) {
        this.#failedStamp = stamp;
        metrics.certificateReload("failed");
        const why = isAppError(error) ? error.message : "unknown";
        log.error({ event: "certificate.reload_failed", why }, "the old certificate stays in use");
      }
      return false;
    }
    this.#stamp = stamp;
    for (const listener of this.#caListeners) listener(this.#ca());
    for (const listener of this.#identityListeners) listener(this.#identity());
    metrics.certificateReload("ok");
    this.#tellExpiry();
    log.info({ event: "certificate.reloaded", file: files.certificateFile });
    return true;
  }

  #tellExpiry(): void {
    const { validTo } = new X509Certificate(this.#current.certificate);
    this.#options.metrics.certificateExpiry?.(Date.parse(validTo) / 1000);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  // grpc-js asks for the present state by adding a listener, and must not hear of it during the
  // call.
  addCaCertificateListener(listener: CAListener): void {
    this.#caListeners.add(listener);
    process.nextTick(() => listener(this.#ca()));
  }

  removeCaCertificateListener(listener: CAListener): void {
    this.#caListeners.delete(listener);
  }

  addIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.add(listener);
    process.nextTick(() => listener(this.#identity()));
  }

  removeIdentityCertificateListener(listener: IdentityListener): void {
    this.#identityListeners.delete(listener);
  }

  #ca() {
    return { caCertificate: this.#current.clientCA };
  }

  #identity() {
    return { certificate: this.#current.certificate, privateKey: this.#current.privateKey };
  }
}
