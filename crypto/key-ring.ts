import { CryptoError } from "./crypto-error.ts";
import { type Key, type KeyUsage, keyUsages, SecretKey } from "./key.ts";

/** Most keys of one ring: bounds the shared page; 255 KVNs and 100 peers fit. */
export const ringKeysMax = 400;

/**
 * Every key that a process may use now, immutable; a change makes a new ring with a higher epoch.
 * Retired keys are not in it. Looking one up is a few array reads and allocates nothing.
 */
export class KeyRing {
  readonly epoch: number;
  readonly #active = new Map<string, SecretKey>();
  readonly #byUsage = new Map<KeyUsage, SecretKey[]>();
  /** Unlabelled keys by version: the hot path looks a KVN up for every message. */
  readonly #byVersion = new Map<KeyUsage, (SecretKey | undefined)[]>();

  constructor(keys: readonly Key[], epoch = 1) {
    if (keys.length > ringKeysMax) {
      throw new CryptoError("KEY_EXHAUSTED", `a ring holds at most ${ringKeysMax} keys`);
    }
    this.epoch = epoch;
    for (const usage of keyUsages) {
      this.#byUsage.set(usage, []);
      this.#byVersion.set(usage, []);
    }
    for (const given of keys) {
      if (given.state === "RETIRED") continue;
      const key = given instanceof SecretKey ? given : new SecretKey(given);
      const list = this.#byUsage.get(key.usage)!;
      if (list.some((k) => k.version === key.version && k.label === key.label)) {
        throw new CryptoError("KEY_INVALID", `two keys for ${key.usage} v${key.version}`);
      }
      list.push(key);
      if (key.label === "" && isUsable(key)) this.#byVersion.get(key.usage)![key.version] = key;
      if (key.state !== "ACTIVE") continue;
      const name = nameOf(key.usage, key.label);
      if (this.#active.has(name)) {
        throw new CryptoError("KEY_INVALID", `two active keys for ${name}`);
      }
      this.#active.set(name, key);
    }
  }

  /** The key that makes new things. A CryptoError KEY_NOT_FOUND where there is none. */
  active(usage: KeyUsage, label = ""): Key {
    const key = this.#active.get(nameOf(usage, label));
    if (key === undefined) {
      throw new CryptoError("KEY_NOT_FOUND", `there is no active key for ${nameOf(usage, label)}`);
    }
    return key;
  }

  findActive(usage: KeyUsage, label = ""): Key | undefined {
    return this.#active.get(nameOf(usage, label));
  }

  /**
   * The key of that version if it may still verify or open: never a retired one, and a compromised
   * one only for usages that read our own records (a PAN sealed under it must be opened once more
   * to be sealed anew), never for `ptav`, `mac` and `zone`, where it would let an outsider's
   * forgery in.
   */
  find(usage: KeyUsage, version: number, label = ""): Key | undefined {
    if (label === "") return this.#byVersion.get(usage)![version];
    return this.#byUsage
      .get(usage)!
      .find((key) => key.version === version && key.label === label && isUsable(key));
  }

  /**
   * Every key that `find` would hand out, the active one first: what a verifier or an opener
   * prepares for. PRE_ACTIVE ones are among them, since another process may use them already.
   */
  usable(usage: KeyUsage, label = ""): Key[] {
    return this.all(usage)
      .filter((key) => key.label === label && isUsable(key))
      .sort((a, b) => Number(b.state === "ACTIVE") - Number(a.state === "ACTIVE"));
  }

  /** All keys of the usage in the ring, compromised ones too, newest version last. */
  all(usage: KeyUsage): Key[] {
    return [...this.#byUsage.get(usage)!].sort(
      (a, b) => a.label.localeCompare(b.label) || a.version - b.version,
    );
  }
}

function nameOf(usage: KeyUsage, label: string): string {
  return label === "" ? usage : `${usage} ${label}`;
}

/** Keys that prove what comes from outside. */
const outside: ReadonlySet<KeyUsage> = new Set(["ptav", "mac", "zone"]);

function isUsable(key: Key): boolean {
  return key.state !== "COMPROMISED" || !outside.has(key.usage);
}
