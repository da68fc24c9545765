// What a value says in words: codes, currencies, bits of EMV values, headers of key blocks. Only
// of values that may be shown; of a key block only its header, which is in clear by design.
import type { Node } from "../oracle/node.ts";
import { bitsText } from "./bits.ts";
import { codeText, currencyText } from "./codes.ts";
import { keyBlockText } from "./key-block.ts";

/** Path of a node: the element, then keys of parts. */
export function meaningOf(path: readonly string[], node: Node, isBer: boolean): string | undefined {
  const [element = ""] = path;
  if (path.length === 1) {
    return node.spec.sensitivity === "open" ? codeText(Number(element), node.text) : undefined;
  }
  if (isBer) {
    return node.key === "5F2A" ? currencyText(node.text) : bitsText(node.key, node.text);
  }
  return node.spec.name === "key block" ? keyBlockText(node.text) : undefined;
}
