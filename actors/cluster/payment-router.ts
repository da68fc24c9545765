// Payments between nodes. What one node has for another in one turn leaves as one request, sealed,
// and is acknowledged at once: taken, or not this node's. Answers follow as messages of their own
// as soon as each is known, so that a shard whose log does not answer delays no other.
import { type PaymentItem, verdict } from "../../vault/mod.ts";
import { cutPayments, readPayments, writePayments } from "../handover/payment-block.ts";
import { answersSubject, nodeSubject } from "../log/jetstream/names.ts";
import { blockBytesMax, nodeRequest } from "../log/jetstream/node-messages.ts";
import type { Bus } from "../log/jetstream/ownership-port.ts";
import { nonceBytes } from "../log/record.ts";
import type { CommandSeal, SealContext } from "./command-seal.ts";

/** What comes of payments that this node has sent or got. */
export interface PaymentDoor {
  /** Payments of another node, for shards that this one owns. */
  arrived(from: string, nonce: Buffer, items: readonly PaymentItem[]): void;
  /** Answers of another node to payments that were sent to it. */
  answered(items: readonly PaymentItem[]): void;
  /** Not taken, or nobody knows: `code` says which, by ticket. */
  returned(items: readonly PaymentItem[]): void;
}

export interface PaymentRouterOptions {
  readonly node: string;
  /** Drawn at this process's start: answers to another life of it are none of its own. */
  readonly nonce: Buffer;
  readonly bus: Bus;
  readonly seal: CommandSeal;
  readonly owns: (shard: number, epoch: number) => boolean;
  readonly door: PaymentDoor;
}

/** A node that does not say so soon that it took them may not have got them. */
const takeMs = 1_000;
const nameBytesMax = 255;
const payments: SealContext = { direction: "payments", shard: 0, epoch: 0 };
const answers: SealContext = { direction: "answers", shard: 0, epoch: 0 };
const taken: SealContext = { direction: "taken", shard: 0, epoch: 0 };

export class PaymentRouter {
  readonly #options: PaymentRouterOptions;

  constructor(options: PaymentRouterOptions) {
    this.#options = options;
  }

  /** Sends payments to the node that owns their shards. */
  send(node: string, items: readonly PaymentItem[]): void {
    for (const block of cutPayments(items, blockBytesMax)) void this.#sendBlock(node, block);
  }

  async #sendBlock(node: string, items: readonly PaymentItem[]): Promise<void> {
    const { bus, seal, door } = this.#options;
    const plain = Buffer.concat([this.#head(), writePayments(items)]);
    const request = Buffer.concat([Buffer.of(nodeRequest.PAYMENTS), seal.seal(plain, payments)]);
    const reply = await bus.request(nodeSubject(node), request, takeMs);
    if (reply.kind === "no-responders") door.returned(items.map(movedOf));
    else if (reply.kind === "timeout") door.returned(items.map(unknownOf));
    else {
      const tickets = this.#movedTickets(reply.bytes);
      const moved = items.filter(({ ticket }) => tickets === undefined || tickets.has(ticket));
      if (moved.length > 0) {
        door.returned(moved.map(tickets === undefined ? unknownOf : movedOf));
      }
    }
  }

  #head(): Buffer {
    const name = Buffer.from(this.#options.node);
    if (name.length > nameBytesMax) throw new RangeError("a node's name is longer than 255 bytes");
    return Buffer.concat([this.#options.nonce, Buffer.of(name.length), name]);
  }

  /** Tickets that the other node did not take; undefined where its words cannot be read. */
  #movedTickets(bytes: Buffer): Set<number> | undefined {
    const plain = this.#options.seal.open(bytes, taken);
    if (plain === undefined || plain.length % 4 !== 0) return undefined;
    const tickets = new Set<number>();
    for (let at = 0; at < plain.length; at += 4) tickets.add(plain.readUInt32BE(at));
    return tickets;
  }

  /** Answers a request of another node; undefined where the bytes are none. */
  receive(bytes: Buffer): Buffer | undefined {
    const { seal, door, owns } = this.#options;
    const plain = seal.open(bytes, payments);
    if (plain === undefined) return undefined;
    const nonce = plain.subarray(0, nonceBytes);
    const nameAt = nonceBytes + 1;
    const itemsAt = nameAt + (plain[nonceBytes] ?? 0);
    const from = plain.toString("utf8", nameAt, itemsAt);
    const mine: PaymentItem[] = [];
    const moved: Buffer[] = [];
    for (const item of readPayments(plain.subarray(itemsAt))) {
      if (owns(item.shard, item.epoch)) mine.push(item);
      else moved.push(ticketBytes(item.ticket));
    }
    if (mine.length > 0) door.arrived(from, nonce, mine);
    return seal.seal(Buffer.concat(moved), taken);
  }

  /** Sends answers back to the node that the payments came from. */
  answer(node: string, nonce: Buffer, items: readonly PaymentItem[]): void {
    const { bus, seal } = this.#options;
    for (const block of cutPayments(items, blockBytesMax)) {
      const plain = Buffer.concat([nonce, writePayments(block)]);
      bus.publish(answersSubject(node), seal.seal(plain, answers));
      // Card numbers do not stay behind.
      plain.fill(0);
    }
  }

  /** Takes answers of another node. */
  hear(bytes: Buffer): void {
    const { seal, nonce, door } = this.#options;
    const plain = seal.open(bytes, answers);
    if (plain === undefined || !plain.subarray(0, nonceBytes).equals(nonce)) return;
    door.answered(readPayments(plain.subarray(nonceBytes)));
    plain.fill(0);
  }
}

const none = Buffer.alloc(0);

function movedOf(item: PaymentItem): PaymentItem {
  return { ...item, code: verdict.MOVED, body: none };
}

function unknownOf(item: PaymentItem): PaymentItem {
  return { ...item, code: verdict.REFUSED, body: none };
}

function ticketBytes(ticket: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(ticket);
  return bytes;
}
