// Where the switch side connects to, and with which keys.
import { readFileSync } from "node:fs";
import { defaultStartBytes } from "../../api/iso/mod.ts";
import { appError } from "../../platform/mod.ts";

export interface SwitchTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  readonly servername?: string;
}

export interface SwitchTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: SwitchTls | null;
  readonly connectMs: number;
  readonly startBytes: Buffer;
}

/** A service on the same network answers a connection within milliseconds. */
const connectMs = 5_000;

export function switchTarget(host: string, port: number, tls: SwitchTls | null): SwitchTarget {
  return { host, port, tls, connectMs, startBytes: Buffer.from(defaultStartBytes, "latin1") };
}

const macKeyBytes = 32;

/** A MAC key file: 64 hex digits, or 32 raw bytes. */
export function readMacKey(path: string): Buffer {
  const bytes = readSecret(path);
  if (bytes.length === macKeyBytes) return bytes;
  const text = bytes.toString("latin1").trim();
  if (!/^[0-9a-fA-F]{64}$/.test(text)) {
    const message = `${path} holds no MAC key: 64 hex digits or 32 bytes are expected.`;
    throw appError("USAGE", message, { details: { file: path } });
  }
  return Buffer.from(text, "hex");
}

export function readTls(files: { cert: string; key: string; ca: string }): SwitchTls {
  return {
    cert: readSecret(files.cert),
    key: readSecret(files.key),
    ca: readSecret(files.ca),
  };
}

function readSecret(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw appError("USAGE", `The file ${path} cannot be read.`, { cause, details: { file: path } });
  }
}
