import { keyCheckValue } from "./check-value.ts";
import { CryptoError } from "./crypto-error.ts";
import { retailKeyBytes } from "./retail-mac.ts";

/**
 * index: blind index of TPANs. seal: AES-SIV of sealed PANs. ptav: the PTAV MAC, version = KVN.
 * mac: DE128, one a peer. fingerprint: claims and retransmissions. route: the home shard.
 * log: AES-SIV of the log's records. zone: what a peer's working keys travel under (ZMK).
 * audit: MAC of the audit chain.
 */
export type KeyUsage =
  | "index"
  | "seal"
  | "ptav"
  | "mac"
  | "fingerprint"
  | "route"
  | "log"
  | "zone"
  | "audit";

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
  /** Other lengths that have a meaning of their own. */
  readonly otherBytes?: readonly number[];
  /** Highest version the record or message that names it has room for. */
  readonly versionMax: number;
  readonly labelled: boolean;
  /** False where a new key alone would break what the old one made. */
  readonly rotatable: boolean;
  /** True: the bytes outlive retirement, since what they sealed may have to be opened again. */
  readonly kept?: true;
  /** True: the peer has it too, so it is never made here; it comes from components. */
  readonly shared?: true;
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
    otherBytes: [retailKeyBytes],
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
  zone: {
    bytes: 32,
    // Triple DES with two or three keys.
    otherBytes: [16, 24],
    versionMax: 65_535,
    labelled: true,
    rotatable: true,
    shared: true,
    purpose: "transport of a peer's working keys",
  },
  audit: {
    bytes: 32,
    versionMax: 65_535,
    labelled: false,
    rotatable: true,
    kept: true,
    purpose: "MAC of the audit chain",
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

/** Every length that a key for the usage may have, the usual one first. */
export function keyLengths(usage: KeyUsage): readonly [number, ...number[]] {
  const { bytes, otherBytes = [] } = usageRules[usage];
  return [bytes, ...otherBytes];
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
    const lengths = keyLengths(key.usage);
    if (!lengths.includes(key.bytes.length)) {
      throw new CryptoError(
        "KEY_INVALID",
        `a key for ${key.usage} has ${lengths.join(" or ")} bytes`,
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
