// Closed sets of values: elements and parts of which the dialect names every value. Judged by
// `validate`, after the structure; tags of the tag view have tables of their own (validate.ts).
import type { CompositeSpec, Dialect, ElementSpec, ValueSpec } from "./dialect.ts";
import { codeTable } from "./errors.ts";
import { tagViewElement } from "./generator/resolve.ts";
import { decodeSlowly } from "./oracle/message.ts";
import type { Node } from "./oracle/node.ts";
import type { View } from "./view.ts";

type AnyPart = ValueSpec & { readonly composite?: CompositeSpec };

function partsOf(composite: CompositeSpec | undefined): readonly AnyPart[] {
  if (composite === undefined) {
    return [];
  }
  switch (composite.kind) {
    case "positional":
    case "sequence":
      return composite.parts;
    case "bitmapped":
      return Object.values(composite.parts);
    case "dataset":
      return Object.values(composite.datasets).flatMap((part) => partsOf(part.composite));
    case "token-list":
      return Object.values(composite.tokens);
    default:
      return Object.values(composite.tags);
  }
}

function isClosed(part: AnyPart): boolean {
  return part.values !== undefined || partsOf(part.composite).some(isClosed);
}

/** Elements with closed sets that no table holds. */
function closedElements(dialect: Dialect): ReadonlySet<number> {
  const view = tagViewElement(dialect)?.de;
  const variants = dialect.messages.flatMap(({ overrides = {} }) => Object.entries(overrides));
  const all: readonly (readonly [string, ElementSpec])[] = [
    ...Object.entries(dialect.elements).filter(([de]) => Number(de) !== view),
    ...variants,
  ];
  return new Set(all.filter(([, element]) => isClosed(element)).map(([de]) => Number(de)));
}

/** The first node whose value is not one of those that are allowed. */
function strange(node: Node): Node | null {
  if (node.spec.values !== undefined && !node.spec.values.includes(node.text)) {
    return node;
  }
  for (const child of node.children) {
    const found = strange(child);
    if (found !== null) return found;
  }
  return null;
}

/** 0, or BAD_FORMAT of the element that holds a value outside its set; null where there is none. */
export function closedValuesCheck(dialect: Dialect): ((view: View) => number) | null {
  const closed = closedElements(dialect);
  if (closed.size === 0) {
    return null;
  }
  return (view) => {
    const bare = view.begin === view.origin;
    const { fields } = decodeSlowly(dialect, view.buf, view.origin, view.end, bare);
    for (const [de, node] of fields) {
      const found = closed.has(de) ? strange(node) : null;
      if (found !== null) {
        const { length } = found;
        return view.failPart(codeTable.BAD_FORMAT.number, de, 0, found.offset, length, length);
      }
    }
    return 0;
  };
}
