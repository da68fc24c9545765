// Hands messages to the node that owns their shards: one request, however many messages. A node that
// is not there is known at once; one that is there and does not answer may have done its work.
// Whether to try again, and with whom, is the caller's business.
import { nodeSubject } from "./names.ts";
import {
  type BlockAnswer,
  type BlockItem,
  cutBlocks,
  readBlockAnswers,
  writeBlock,
} from "./node-messages.ts";
import type { Bus } from "./ownership-port.ts";

/**
 * `answer`: the owner's. `moved`: certainly not done. `unknown`: it may have been done; the log
 * tells, and a repetition under the same id is safe.
 */
export type Delivery =
  | { readonly kind: "answer"; readonly message: Buffer }
  | { readonly kind: "moved" }
  | { readonly kind: "unknown" };

/** One delivery an item, in order; in several requests only where one has no room. Never rejects. */
export async function sendBlocks(
  bus: Bus,
  node: string,
  items: readonly BlockItem[],
  timeoutMs: number,
): Promise<Delivery[]> {
  const blocks = cutBlocks(items).map(async (block): Promise<Delivery[]> => {
    const all = (kind: "moved" | "unknown"): Delivery[] => block.map(() => ({ kind }));
    const answer = await bus.request(nodeSubject(node), writeBlock(block), timeoutMs);
    if (answer.kind === "no-responders") return all("moved");
    if (answer.kind === "timeout") return all("unknown");
    const answers = readBlockAnswers(answer.bytes, block.length);
    return answers === undefined ? all("unknown") : answers.map(deliveryOf);
  });
  return (await Promise.all(blocks)).flat();
}

function deliveryOf(answer: BlockAnswer): Delivery {
  return answer.kind === "failed" ? { kind: "unknown" } : answer;
}
