// Takes every command to the node that owns its shard. The owner is this node, or is reached over
// the bus: what is for one node in one turn leaves as one request. Where nobody answers, or the
// shard has just moved, another try follows until the command's deadline. A try whose fate is not
// known is repeated too: the same id is answered once, by whichever owner.
import { type AppError, appError } from "../../platform/mod.ts";
import { readCommands, readReplies, writeCommand, writeReply } from "../handover/command-frame.ts";
import { type Delivery, sendBlocks } from "../log/jetstream/block-sender.ts";
import { type BlockItem, blockBytesMax } from "../log/jetstream/node-messages.ts";
import type { Bus } from "../log/jetstream/ownership-port.ts";
import type { Envelope, Reply } from "../runtime/actor-kind.ts";
import type { AnswerTo } from "../runtime/group.ts";
import { type RuntimePorts, sleep } from "../runtime/ports.ts";
import { limitsDefault } from "../runtime/runtime.ts";
import type { CommandSeal } from "./command-seal.ts";

export interface ShardOwner {
  readonly node: string;
  readonly epoch: number;
}

export interface RouterOptions extends Pick<RuntimePorts, "clock" | "turns"> {
  readonly node: string;
  readonly bus: Bus;
  readonly seal: CommandSeal;
  readonly ownerOf: (shard: number) => ShardOwner | undefined;
  /** How old this node's view of the shard is, milliseconds. */
  readonly staleMs: (shard: number) => number;
  /** Resolves when this node's vault has applied the record; false where the shard stands. */
  readonly applied: (shard: number, seq: number) => Promise<boolean>;
  /** This node's runtime. */
  readonly here: (envelope: Envelope, answer: AnswerTo) => void;
}

/** Waits between tries; the last one repeats until the deadline. */
const retryMs = [20, 50, 100, 200] as const;

/** A node that does not answer for so long is asked again, or whoever owns the shard by then. */
const tryMs = 1_000;

/** How long an answer waits for this node's own vault; it is true all the same. */
const readableMs = 250;

/** Above it this node does not know who the shard's cards belong to. */
export const staleMsMax = 5_000;

/** What a sealed command is longer than its body. */
const overheadBytes = 256;

interface Parcel extends BlockItem {
  readonly delivered: (delivery: Delivery) => void;
}

export class CommandRouter {
  readonly #options: RouterOptions;
  /** Leave at the end of this turn, by owner. */
  readonly #parcels = new Map<string, Parcel[]>();
  /** Called when a shard has another owner, by shard. */
  readonly #waiters = new Map<number, Set<() => void>>();
  #waiting = 0;
  #bytes = 0;

  constructor(options: RouterOptions) {
    this.#options = options;
  }

  /** Commands on their way to another node. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Hands a command over; `answer` is called once. Never throws. */
  send(envelope: Envelope, answer: AnswerTo): void {
    const { ownerOf, node, here } = this.#options;
    if (ownerOf(envelope.shard)?.node !== node) {
      this.#sendAway(envelope, answer);
      return;
    }
    const { clock } = this.#options;
    const untilMs = clock.monotonicMs() + envelope.timeoutMs;
    here(envelope, (reply) => {
      if (!hasMoved(reply)) answer(reply);
      else this.#sendAway({ ...envelope, timeoutMs: untilMs - clock.monotonicMs() }, answer);
    });
  }

  /** Somebody has come to own the shard: whoever waits for that tries again at once. */
  ownerChanged(shard: number): void {
    for (const wake of [...(this.#waiters.get(shard) ?? [])]) wake();
  }

  #whenOwnerChanges(shard: number, wake: () => void): () => void {
    const waiters = this.#waiters.get(shard) ?? new Set();
    this.#waiters.set(shard, waiters.add(wake));
    return () => waiters.delete(wake);
  }

  /** Answers a message of another node's router. Throws where it is none of this vault's. */
  async receive(shard: number, message: Buffer, epoch: number): Promise<Buffer> {
    const { seal, here } = this.#options;
    const plain = seal.open(message, { direction: "command", shard, epoch });
    const [frame] = plain === undefined ? [] : readCommands(plain);
    if (frame === undefined || frame.envelope.shard !== shard) {
      throw new RangeError("a message from another node that is no command of this shard");
    }
    // Two machines have two clocks: between nodes the field holds what is left.
    const envelope = { ...frame.envelope, timeoutMs: frame.deadlineMs };
    const reply = await new Promise<Reply>((resolve) => here(envelope, resolve));
    return seal.seal(writeReply({ correlation: 0, reply }), { direction: "reply", shard, epoch });
  }

  #sendAway(envelope: Envelope, answer: AnswerTo): void {
    const refused = this.#refusal(envelope);
    if (refused !== undefined) {
      answer({ ok: false, error: refused });
      return;
    }
    const bytes = envelope.body.length;
    this.#waiting++;
    this.#bytes += bytes;
    void this.#route(envelope).then((reply) => {
      this.#waiting--;
      this.#bytes -= bytes;
      answer(reply);
    });
  }

  #refusal({ shard, body, timeoutMs }: Envelope): AppError | undefined {
    if (timeoutMs <= 0) return appError("DEADLINE_EXCEEDED", "It came too late.");
    if (body.length + overheadBytes > blockBytesMax) {
      return appError("PAYLOAD_TOO_LARGE", "The command exceeds one record of the log.");
    }
    if (this.#waiting >= limitsDefault.commands || this.#bytes > limitsDefault.bytes) {
      return appError("OVERLOADED", "Too many commands wait already.", { retryAfterMs: tryMs });
    }
    if (this.#options.staleMs(shard) <= staleMsMax) return undefined;
    const text = `This node has not heard of shard ${shard}'s owner lately; nothing was done.`;
    return appError("SERVICE_UNAVAILABLE", text, { retryAfterMs: tryMs });
  }

  async #route(envelope: Envelope): Promise<Reply> {
    const { clock } = this.#options;
    const untilMs = clock.monotonicMs() + envelope.timeoutMs;
    let doubt = false;
    for (let tries = 0; ; tries++) {
      const leftMs = untilMs - clock.monotonicMs();
      if (leftMs <= 0) return unanswered(doubt);
      const tried = await this.#try({ ...envelope, timeoutMs: leftMs });
      if (tried === "unknown") doubt = true;
      else if (tried !== "moved" && !hasMoved(tried)) return this.#readable(tried, leftMs);
      const waitMs = retryMs[Math.min(tries, retryMs.length - 1)] as number;
      await this.#pause(envelope.shard, Math.min(leftMs, waitMs));
    }
  }

  #pause(shard: number, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        forget();
        resolve();
      };
      const cancel = this.#options.turns.after(ms, wake);
      const forget = this.#whenOwnerChanges(shard, wake);
    });
  }

  /** Whoever gets the answer here reads what it says here: the vault follows in milliseconds. */
  async #readable(reply: Reply, leftMs: number): Promise<Reply> {
    if (!reply.ok) return reply;
    const { turns, applied } = this.#options;
    const { shard, seq } = reply.position;
    const late = sleep(turns, Math.min(readableMs, leftMs));
    await Promise.race([applied(shard, seq), late]);
    return reply;
  }

  async #try(envelope: Envelope): Promise<Reply | "moved" | "unknown"> {
    const { node, here, ownerOf, seal } = this.#options;
    const { shard } = envelope;
    const owner = ownerOf(shard);
    if (owner === undefined) return "moved";
    if (owner.node === node) return new Promise((resolve) => here(envelope, resolve));
    const { timeoutMs, ...rest } = envelope;
    const plain = writeCommand({ correlation: 0, deadlineMs: timeoutMs, envelope: rest });
    const { epoch } = owner;
    const message = seal.seal(plain, { direction: "command", shard, epoch });
    const delivering = this.#deliver(owner.node, { shard, epoch, message });
    const delivery = await this.#unlessFollowed(delivering, shard, epoch);
    if (delivery.kind !== "answer") return delivery.kind;
    const answer = seal.open(delivery.message, { direction: "reply", shard, epoch });
    try {
      const [frame] = answer === undefined ? [] : readReplies(answer);
      return frame?.reply ?? "unknown";
    } catch {
      return "unknown";
    }
  }

  /** An owner that died keeps silent: whoever follows it is asked as soon as it is heard of. */
  #unlessFollowed(delivering: Promise<Delivery>, shard: number, epoch: number): Promise<Delivery> {
    const { ownerOf } = this.#options;
    return new Promise((resolve) => {
      const settle = (delivery: Delivery): void => {
        forget();
        resolve(delivery);
      };
      const forget = this.#whenOwnerChanges(shard, () => {
        if ((ownerOf(shard)?.epoch ?? 0) > epoch) settle({ kind: "unknown" });
      });
      void delivering.then(settle);
    });
  }

  #deliver(node: string, item: BlockItem): Promise<Delivery> {
    return new Promise((delivered) => {
      const parcel = { ...item, delivered };
      const parcels = this.#parcels.get(node);
      if (parcels !== undefined) {
        parcels.push(parcel);
        return;
      }
      this.#parcels.set(node, [parcel]);
      this.#options.turns.defer(() => void this.#ship(node));
    });
  }

  async #ship(node: string): Promise<void> {
    const parcels = this.#parcels.get(node) ?? [];
    this.#parcels.delete(node);
    const deliveries = await sendBlocks(this.#options.bus, node, parcels, tryMs);
    for (const [i, { delivered }] of parcels.entries()) delivered(deliveries[i] as Delivery);
  }
}

function hasMoved(reply: Reply): boolean {
  return !reply.ok && reply.error.code === "SHARD_MOVED";
}

function unanswered(doubt: boolean): Reply {
  const error = doubt
    ? appError("OUTCOME_UNKNOWN", "The shard's owner has not answered in time; send it again.")
    : appError("SERVICE_UNAVAILABLE", "Nobody owns the card's shard now; nothing was done.", {
        retryAfterMs: retryMs.at(-1) as number,
      });
  return { ok: false, error };
}
