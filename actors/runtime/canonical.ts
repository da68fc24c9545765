/**
 * A state as JSON, equal where states are: keys in one order, what is undefined left out. For the
 * fingerprints of kinds whose states are few and small.
 */
export function canonicalJson(state: unknown): Buffer {
  return Buffer.from(JSON.stringify(ordered(state)));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, ordered(one)]));
}
