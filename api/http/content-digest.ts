// What a request says, whatever its order of members and its white space: by this a repetition
// under an idempotency key is told from another request.
import { createHash } from "node:crypto";

/** SHA-256 of a JSON value with the members of all objects in order; undefined ones are none. */
export function contentDigest(value: unknown): Buffer {
  return createHash("sha256")
    .update(JSON.stringify(inOrder(value)) ?? "")
    .digest();
}

function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, inOrder(one)]));
}
