import { CryptoError } from "./crypto-error.ts";
import {
  type KeyState,
  type KeyUsage,
  keyStates,
  keyUsages,
  labelPattern,
  usageRules,
} from "./key.ts";

/** One key as the key file holds it. Times are ISO 8601, UTC. */
export interface KeyEntry {
  /** `ptav-1`, `mac-SWITCH-2`. */
  readonly id: string;
  readonly usage: KeyUsage;
  readonly label: string;
  readonly version: number;
  readonly state: KeyState;
  readonly kcv: string;
  readonly createdAt: string;
  /** When a newer key took its place. */
  readonly rotatedAt: string | null;
  /** When it was retired or found compromised. */
  readonly endedAt: string | null;
  /** Base64; null once the key is destroyed. */
  readonly wrapped: string | null;
}

export function keyId(usage: KeyUsage, label: string, version: number): string {
  return label === "" ? `${usage}-${version}` : `${usage}-${label}-${version}`;
}

/**
 * What the wrapped bytes are bound to: swapped between entries, or put back from an older key of
 * the same version, they do not unwrap.
 */
export function wrapContext(entry: KeyEntry): Buffer {
  const { usage, label, version, kcv, createdAt } = entry;
  return Buffer.from(`pantun-key/1 ${usage} ${label} ${version} ${kcv} ${createdAt}`);
}

/** The entry if everything in it has the right form, else undefined. */
export function parseKeyEntry(input: unknown): KeyEntry | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  // Every member is checked below before it is used as what this says.
  const e = input as KeyEntry;
  if (!keyUsages.includes(e.usage) || !keyStates.includes(e.state)) return undefined;
  const rule = usageRules[e.usage];
  if (typeof e.label !== "string") return undefined;
  if (rule.labelled ? !labelPattern.test(e.label) : e.label !== "") return undefined;
  if (!Number.isInteger(e.version) || e.version < 1 || e.version > rule.versionMax) {
    return undefined;
  }
  if (e.id !== keyId(e.usage, e.label, e.version)) return undefined;
  if (typeof e.kcv !== "string" || !/^([0-9A-F]{6}){1,2}$/.test(e.kcv)) return undefined;
  if (!isTime(e.createdAt)) return undefined;
  if (e.rotatedAt !== null && !isTime(e.rotatedAt)) return undefined;
  if (e.endedAt !== null && !isTime(e.endedAt)) return undefined;
  if (e.wrapped === null ? e.state !== "RETIRED" : typeof e.wrapped !== "string") return undefined;
  const { id, usage, label, version, state, kcv, createdAt, rotatedAt, endedAt, wrapped } = e;
  return { id, usage, label, version, state, kcv, createdAt, rotatedAt, endedAt, wrapped };
}

function isTime(text: unknown): text is string {
  return typeof text === "string" && !Number.isNaN(Date.parse(text));
}

export function findEntry(
  entries: readonly KeyEntry[],
  usage: KeyUsage,
  version: number,
  label: string,
): KeyEntry {
  const found = entries.find((e) => e.id === keyId(usage, label, version));
  if (found === undefined) {
    throw new CryptoError("KEY_NOT_FOUND", `there is no key ${keyId(usage, label, version)}`);
  }
  return found;
}
