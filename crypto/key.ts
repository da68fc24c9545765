import { createCipheriv } from "node:crypto";
import { Cmac } from "./cmac.ts";
import { CryptoError } from "./crypto-error.ts";
import { retailKeyBytes } from "./retail-mac.ts";

/**
 * index: blind index of TPANs. seal: AES-SIV of sealed PANs. ptav: the PTAV MAC, version = KVN.
 * mac: DE128, one a peer. fingerprint: claims and retransmissions. route: the home shard.
 * log: AES-SIV of the log's records.
 */
export type KeyUsage = "index" | "seal" | "ptav" | "mac" | "fingerprint" | "route" | "log";

/**
 * PRE_ACTIVE: made and spread, not yet used to issue. ACTIVE: issues and verifies. VERIFY_ONLY:
 * verifies and opens what it made before. RETIRED: out of use. COMPROMISED: refused at once.
 */
export type KeyState = "PRE_ACTIVE" | "ACTIVE" | "VERIFY_ONLY" | "RETIRED" | "COMPROMISED";

export interface Key {
  readonly usage: KeyUsage;
  /** Peer name of a mac key, "" for all others. */
  readonly label: string;
  readonly version: number;
  readonly state: KeyState;
  /** Key check value in hex; the only thing of a key that may be shown. */
  readonly kcv: string;
  readonly bytes: Buffer;
}

export interface UsageRule {
  readonly bytes: number;
  /** Another length that has a meaning of its own. */
  readonly otherBytes?: number;
  /** Highest version the record or message that names it has room for. */
  readonly versionMax: number;
  readonly labelled: boolean;
  /** False where a new key alone would break what the old one made. */
  readonly rotatable: boolean;
  /** True: the bytes outlive retirement, since what they sealed may have to be opened again. */
  readonly kept?: true;
  readonly purpose: string;
}

/**
 * One row a usage; the order is that of listings and of the shared page (a row is a wire value).
 */
export const usageRules: Readonly<Record<KeyUsage, UsageRule>> = {
  index: {
    bytes: 32,
    versionMax: 255,
    labelled: false,
    rotatable: false,
    purpose: "blind index of TPANs",
  },
  seal: {
    bytes: 64,
    versionMax: 65_535,
    labelled: false,
    rotatable: true,
    kept: true,
    purpose: "sealing of PANs",
  },
  ptav: { bytes: 32, versionMax: 255, labelled: false, rotatable: true, purpose: "PTAV MAC" },
  mac: {
    bytes: 32,
    // An X9.19 key: double-length DES.
    otherBytes: retailKeyBytes,
    versionMax: 65_535,
    labelled: true,
    rotatable: true,
    purpose: "DE128 of a peer",
  },
  fingerprint: {
    bytes: 32,
    versionMax: 255,
    labelled: false,
    rotatable: false,
    purpose: "claims and retransmissions",
  },
  route: { bytes: 32, versionMax: 255, labelled: false, rotatable: false, purpose: "home shard" },
  log: {
    bytes: 64,
    versionMax: 65_535,
    labelled: false,
    rotatable: true,
    kept: true,
    purpose: "sealing of log records",
  },
};

export const keyUsages = Object.keys(usageRules) as readonly KeyUsage[];
export const keyStates: readonly KeyState[] = [
  "PRE_ACTIVE",
  "ACTIVE",
  "VERIFY_ONLY",
  "RETIRED",
  "COMPROMISED",
];

/** A peer name: it stands in file names, metrics and log lines, so it is short and plain. */
export const labelPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** KCV of a double-length DES key: the first three bytes of eight zero bytes under triple DES. */
function desCheckValue(key: Uint8Array): string {
  const three = Buffer.concat([key, key.subarray(0, 8)]);
  const cipher = createCipheriv("des-ede3", three, null).setAutoPadding(false);
  return cipher.update(Buffer.alloc(8)).toString("hex", 0, 3).toUpperCase();
}

/**
 * Key check value: the first three bytes of CMAC over 16 zero bytes, in hex. A key of two halves
 * (AES-SIV) has one for each, so that a wrong second half shows too. 16 bytes are a key for X9.19,
 * whose KCV is that of triple DES.
 */
export function keyCheckValue(key: Uint8Array): string {
  if (key.length === retailKeyBytes) return desCheckValue(key);
  const out = Buffer.alloc(3);
  const half = key.length > 32 ? key.length / 2 : key.length;
  let text = "";
  for (let at = 0; at < key.length; at += half) {
    new Cmac(key.subarray(at, at + half)).mac(Buffer.alloc(16), 0, 16, out, 0, 3);
    text += out.toString("hex").toUpperCase();
  }
  return text;
}

/** Key bytes that refuse to print themselves: every way of making text shows the KCV alone. */
export class SecretKey implements Key {
  readonly usage: KeyUsage;
  readonly label: string;
  readonly version: number;
  readonly state: KeyState;
  readonly kcv: string;
  readonly #bytes: Buffer;

  /** Copies the bytes. A CryptoError KEY_INVALID when they do not fit the usage. */
  constructor(key: Omit<Key, "kcv"> & { readonly kcv?: string }) {
    const rule = usageRules[key.usage];
    if (key.bytes.length !== rule.bytes && key.bytes.length !== rule.otherBytes) {
      const lengths = rule.otherBytes === undefined ? "" : ` or ${rule.otherBytes}`;
      throw new CryptoError(
        "KEY_INVALID",
        `a key for ${key.usage} has ${rule.bytes}${lengths} bytes`,
      );
    }
    if (!Number.isInteger(key.version) || key.version < 1 || key.version > rule.versionMax) {
      throw new CryptoError(
        "KEY_INVALID",
        `a key version for ${key.usage} is 1 to ${rule.versionMax}`,
      );
    }
    if (rule.labelled ? !labelPattern.test(key.label) : key.label !== "") {
      throw new CryptoError(
        "KEY_INVALID",
        rule.labelled
          ? `a key for ${key.usage} carries its peer's name (letters, digits, . _ -)`
          : `a key for ${key.usage} carries no label`,
      );
    }
    this.usage = key.usage;
    this.label = key.label;
    this.version = key.version;
    this.state = key.state;
    this.#bytes = Buffer.alloc(key.bytes.length, key.bytes);
    this.kcv = key.kcv ?? keyCheckValue(this.#bytes);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  toString(): string {
    const label = this.label === "" ? "" : ` ${this.label}`;
    return `${this.usage}${label} v${this.version} ${this.state} KCV ${this.kcv}`;
  }

  toJSON(): object {
    const { usage, label, version, state, kcv } = this;
    return { usage, label, version, state, kcv };
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Key(${this.toString()})`;
  }
}
