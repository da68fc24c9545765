// Field paths as printed, from the numbers that a scanner noted.
import type { CompositeSpec, Dialect } from "./dialect.ts";
import { unpackStatus } from "./errors.ts";
import { mtiText } from "./mti.ts";
import type { View } from "./view.ts";

/** Tags up to four characters travel in one integer. */
export function packTag(tag: string): number {
  let key = 0;
  for (let i = 0; i < tag.length; i++) {
    key = (key << 8) | tag.charCodeAt(i);
  }
  return key;
}

function characters(key: number): string {
  let text = "";
  for (let rest = key >>> 0; rest > 0; rest >>>= 8) {
    text = String.fromCharCode(rest & 255) + text;
  }
  return text;
}

function hexTag(key: number): string {
  const text = (key >>> 0).toString(16).toUpperCase();
  return text.length % 2 === 0 ? text : `0${text}`;
}

function keyText(composite: CompositeSpec | undefined, key: number): string {
  switch (composite?.kind) {
    case "tag-list":
    case "token-list":
      return characters(key);
    case "ber-tlv":
    case "dataset":
      return hexTag(key);
    default:
      return String(key);
  }
}

function inner(composite: CompositeSpec | undefined, key: string): CompositeSpec | undefined {
  switch (composite?.kind) {
    case "tag-list":
    case "ber-tlv":
      return composite.tags[key]?.composite;
    case "token-list":
      return composite.tokens[key]?.composite;
    case "dataset":
      return composite.datasets[key]?.composite;
    case "bitmapped":
      return composite.parts[key]?.composite;
    case "sequence":
      return composite.parts[Number(key) - 1]?.composite;
    default:
      return undefined;
  }
}

/** `48.33.01`: the element, then the parts that the view noted, from the outside in. */
export function errorPath(dialect: Dialect, status: number, view: View): string {
  const { de, path, isInside } = unpackStatus(status);
  if (!isInside) {
    return path;
  }
  const mti = mtiText(view.mti);
  const overrides = dialect.messages.find(({ mtis }) => mtis.includes(mti))?.overrides;
  let composite = (overrides?.[de] ?? dialect.elements[de])?.composite;
  let text = String(de);
  for (let i = view.errorDepth - 1; i >= 0; i--) {
    const key = keyText(composite, view.errorKeys[i]!);
    text += `.${key}`;
    composite = inner(composite, key);
  }
  return text;
}
