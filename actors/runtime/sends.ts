// Commands that a decision sends to other actors of its kind. They leave once the decision is stored
// and applied, from memory: what gets lost with the process is sent again by a timer.
import type { Envelope, Reply, Send } from "./actor-kind.ts";
import type { AnswerTo } from "./group.ts";
import type { AnyKind } from "./kinds.ts";

/** Nobody waits for it: as long as a timer's command. */
const timeoutMs = 60_000;

export interface Sender {
  readonly kind: AnyKind;
  readonly shard: number;
  /** The sending actor's key. */
  readonly actor: Buffer;
}

/** Hands the commands over; what a reply leads to goes to the sending actor. */
export function dispatchSends(
  from: Sender,
  sends: readonly Send<unknown>[],
  send: (envelope: Envelope, answer: AnswerTo) => void,
): void {
  const { kind } = from;
  const envelope = (one: Pick<Send<unknown>, "id" | "command" | "shard" | "actor">): Envelope => {
    const { id, shard, actor } = one;
    return {
      id,
      shard,
      actor,
      kind: kind.number,
      body: kind.commands.encode(one.command),
      timeoutMs,
    };
  };
  for (const one of sends) {
    send(envelope(one), (reply: Reply) => {
      const next = one.onReply(reply);
      if (next !== undefined) send(envelope({ ...next, ...from }), () => {});
    });
  }
}
