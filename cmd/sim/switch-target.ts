// Where the switch side connects to, and with which keys.
import { readFileSync } from "node:fs";
import { defaultStartBytes, type Host } from "../../api/iso/mod.ts";
import { type Framing, ownHead, raw2 } from "../../codec/iso8583/mod.ts";
import { appError } from "../../platform/mod.ts";

export interface SwitchTls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca: Buffer;
  readonly servername?: string;
}

export interface SwitchTarget {
  /** The primary first, then its backups. */
  readonly hosts: readonly Host[];
  readonly tls: SwitchTls | null;
  readonly connectMs: number;
  readonly framing: Framing;
  /** Transport header and start bytes of what we send. */
  readonly head: Buffer;
}

/** A service on the same network answers a connection within milliseconds. */
const connectMs = 5_000;

export function switchTarget(
  hosts: readonly Host[],
  tls: SwitchTls | null,
  framing: Framing = raw2,
): SwitchTarget {
  const head = Buffer.concat([ownHead(framing), Buffer.from(defaultStartBytes, "latin1")]);
  return { hosts, tls, connectMs, framing, head };
}

const macKeyBytes = 32;

/** A MAC key file: 64 hex digits or 32 raw bytes for AES-CMAC, 32 hex digits for X9.19. */
export function readMacKey(path: string): Buffer {
  const bytes = readSecret(path);
  if (bytes.length === macKeyBytes) return bytes;
  const text = bytes.toString("latin1").trim();
  if (!/^([0-9a-fA-F]{32}){1,2}$/.test(text)) {
    const message = `${path} holds no MAC key: 64 (X9.19: 32) hex digits are expected.`;
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
