import { CryptoError } from "./crypto-error.ts";
import { type KeyState, type KeyUsage, usageRules } from "./key.ts";
import type { KeyEntry } from "./key-entry.ts";

/**
 * How long a PTAV key must go on verifying after it was replaced, and rest after it was retired:
 * the longest life a PTAV may be given (86,400 s) and 60 s of clock skew. Shorter only where the
 * operator says what the installation's PTAV life is.
 */
export const ptavLifeMsMax = 86_460_000;

const next: Readonly<Record<KeyState, readonly KeyState[]>> = {
  PRE_ACTIVE: ["ACTIVE", "RETIRED", "COMPROMISED"],
  ACTIVE: ["VERIFY_ONLY", "COMPROMISED"],
  VERIFY_ONLY: ["RETIRED", "COMPROMISED"],
  // A key that seals is kept when it is retired: an old backup or record may need it.
  RETIRED: ["VERIFY_ONLY"],
  COMPROMISED: ["RETIRED"],
};

/** The entry in its new state, or a CryptoError KEY_STATE that says why it may not go there. */
export function moveTo(entry: KeyEntry, state: KeyState, nowMs: number): KeyEntry {
  const restorable = state !== "VERIFY_ONLY" || entry.state !== "RETIRED" || entry.wrapped !== null;
  if (!next[entry.state].includes(state) || !restorable) {
    const hint = entry.state === "ACTIVE" && state === "RETIRED" ? "; rotate it first" : "";
    throw new CryptoError("KEY_STATE", `${entry.id} is ${entry.state}, not to be ${state}${hint}`);
  }
  const now = new Date(nowMs).toISOString();
  return {
    ...entry,
    state,
    rotatedAt: entry.state === "ACTIVE" ? now : entry.rotatedAt,
    endedAt: state === "RETIRED" || state === "COMPROMISED" ? now : null,
    wrapped: state === "RETIRED" && !usageRules[entry.usage].kept ? null : entry.wrapped,
  };
}

/** Refuses to retire a PTAV key while a PTAV made under it may still be alive. */
export function assertRetirable(entry: KeyEntry, nowMs: number, ptavLifeMs: number): void {
  if (entry.usage !== "ptav" || entry.state !== "VERIFY_ONLY") return;
  const readyMs = Date.parse(entry.rotatedAt ?? entry.createdAt) + ptavLifeMs;
  if (nowMs >= readyMs) return;
  throw new CryptoError(
    "KEY_STATE",
    `${entry.id} still verifies PTAVs made before it was rotated; ` +
      `it may be retired from ${new Date(readyMs).toISOString()}`,
  );
}

/**
 * The version of the next key. Versions go up and come round to those whose key was destroyed long
 * enough ago (a KVN is one byte); a compromised key's version stays taken until it is retired.
 */
export function nextVersion(
  entries: readonly KeyEntry[],
  usage: KeyUsage,
  label: string,
  nowMs: number,
  ptavLifeMs: number,
): number {
  const own = entries.filter((e) => e.usage === usage && e.label === label);
  const newest = own.reduce<KeyEntry | undefined>(
    (a, b) => (a === undefined || Date.parse(b.createdAt) >= Date.parse(a.createdAt) ? b : a),
    undefined,
  );
  const max = usageRules[usage].versionMax;
  const taken = new Set(own.filter((e) => !isReusable(e, nowMs, ptavLifeMs)).map((e) => e.version));
  for (let i = 0, version = newest?.version ?? 0; i < max; i++) {
    version = (version % max) + 1;
    if (!taken.has(version)) return version;
  }
  throw new CryptoError("KEY_EXHAUSTED", `every version of ${usage} is taken: retire old keys`);
}

function isReusable(entry: KeyEntry, nowMs: number, ptavLifeMs: number): boolean {
  if (entry.state !== "RETIRED" || entry.wrapped !== null || entry.endedAt === null) return false;
  return nowMs - Date.parse(entry.endedAt) > ptavLifeMs;
}
