// Payments between the doors' thread and the thread of the actors: blocks that change hands, and
// who owns which shard. This is the actors' side.
import { type PaymentDoor, readPayments, writePayments } from "../../actors/mod.ts";
import type { PaymentOwner } from "../../hotpath/mod.ts";
import type { PaymentItem } from "../../vault/mod.ts";
import type { ActorPayments } from "./open-actors.ts";

type Block = Uint8Array<ArrayBuffer>;

/** What the thread of the actors tells the doors. */
export type PaymentsSaid =
  | { readonly say: "owners"; readonly owners: readonly (PaymentOwner | undefined)[] }
  | { readonly say: "decided" | "answered" | "returned"; readonly block: Block }
  | {
      readonly say: "arrived";
      readonly node: string;
      readonly nonce: Block;
      readonly block: Block;
    };

/** What the doors ask of it. */
export type PaymentsAsked =
  | { readonly say: "decide"; readonly block: Block }
  | { readonly say: "forward"; readonly node: string; readonly block: Block }
  | {
      readonly say: "answer";
      readonly node: string;
      readonly nonce: Block;
      readonly block: Block;
    };

/** Owners change rarely, and payments wait for nothing else then. */
const ownersEveryMs = 25;
const nothing = Buffer.alloc(0);

export class PaymentWindow {
  /** What comes from other nodes. */
  readonly door: PaymentDoor;
  readonly #post: (message: PaymentsSaid, transfer: ArrayBuffer[]) => void;
  #payments: ActorPayments | undefined;
  #decided: PaymentItem[] = [];
  #owners = "";

  constructor(post: (message: PaymentsSaid, transfer: ArrayBuffer[]) => void) {
    this.#post = post;
    this.door = {
      arrived: (node, nonce, items) => {
        const block = writePayments(items);
        const message = { say: "arrived", node, nonce: new Uint8Array(nonce), block } as const;
        post(message, [block.buffer]);
      },
      answered: (items) => this.#say("answered", items),
      returned: (items) => this.#say("returned", items),
    };
  }

  /** Takes what the doors ask from now on, and tells them who owns what; returns how to end it. */
  serve(payments: ActorPayments | undefined): () => void {
    this.#payments = payments;
    if (payments === undefined) return () => {};
    const timer = setInterval(() => {
      const owners = payments.owners();
      const text = JSON.stringify(owners);
      if (text === this.#owners) return;
      this.#owners = text;
      this.#post({ say: "owners", owners }, []);
    }, ownersEveryMs);
    return () => clearInterval(timer);
  }

  take(message: PaymentsAsked): void {
    const payments = this.#payments;
    if (payments === undefined) return;
    const items = readPayments(bufferOf(message.block));
    if (message.say === "forward") payments.forward(message.node, items);
    else if (message.say === "answer") {
      payments.answer(message.node, bufferOf(message.nonce), items);
      // Card numbers do not stay behind.
      message.block.fill(0);
    } else for (const item of items) this.#decide(payments, item);
  }

  #decide(payments: ActorPayments, item: PaymentItem): void {
    payments.decide(item, (code, id) => {
      this.#decided.push({ ...item, code, id, body: nothing });
      if (this.#decided.length === 1) setImmediate(() => this.#tell());
    });
  }

  #tell(): void {
    const items = this.#decided;
    this.#decided = [];
    this.#say("decided", items);
  }

  #say(say: "decided" | "answered" | "returned", items: readonly PaymentItem[]): void {
    const block = writePayments(items);
    this.#post({ say, block }, [block.buffer]);
  }
}

function bufferOf({ buffer, byteOffset, byteLength }: Block): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
