// What a masked document hides, for the tests that look for it elsewhere.
import type { DecodedField, DecodedMessage } from "../codec.ts";

/** Texts and raw bytes of every value that the masked document hides, from the revealed one. */
function hidden(clear: DecodedField, masked: DecodedField): string[] {
  const parts = [
    ...(clear.tags ?? []).map((tag, i) => [tag, masked.tags![i]!] as const),
    ...Object.entries(clear.fields ?? {}).map(
      ([key, part]) => [part, masked.fields![key]!] as const,
    ),
  ];
  if (parts.length > 0) {
    return parts.flatMap(([part, shown]) => hidden(part, shown));
  }
  return masked.masked === true ? [clear.value, clear.raw ?? ""] : [];
}

/** Shorter pieces stand in any message by chance. */
const tellingLength = 11;

/** What a masked document must not show, from the same one in clear. */
export function secretsOf(clear: DecodedMessage, masked: DecodedMessage): string[] {
  return Object.entries(clear.fields)
    .flatMap(([de, field]) => hidden(field, masked.fields[de]!))
    .filter((secret) => secret.length >= tellingLength && !/^(.)\1*$/.test(secret));
}
