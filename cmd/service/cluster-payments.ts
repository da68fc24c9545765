// Payments of a node of a cluster, on the side of the doors: the dispatcher before the one that
// judges, and the way to the thread of the actors.
import { readPayments, writePayments } from "../../actors/mod.ts";
import { ClusterDispatcher, MessageHomes, type PaymentLine, type Peer } from "../../hotpath/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import type { PaymentItem } from "../../vault/mod.ts";
import type { Engine } from "./engine.ts";
import type { PaymentsAsked, PaymentsSaid } from "./payment-window.ts";

/** Macs are wished for or not: a switch is two peers of one tag, one a door. */
type PeerKey = `${number} ${boolean} ${number}`;

export class ClusterPayments {
  readonly dispatcher: ClusterDispatcher;
  readonly #engine: Engine;
  readonly #ask: (message: PaymentsAsked) => void;
  #peers = new Map<PeerKey, Peer>();
  #known = 0;

  /** `ask`: hands what is to be done to the thread of the actors, if it runs here. */
  constructor(engine: Engine, ask: (message: PaymentsAsked) => void) {
    this.#engine = engine;
    this.#ask = ask;
    const { vault } = engine.opened;
    this.dispatcher = new ClusterDispatcher({
      inner: engine.dispatcher,
      homes: new MessageHomes(engine.keys.read(), vault.shards),
      shards: vault.shards,
      line: this.#line(),
      peerOf: (tag, macRequired, door) => this.#peerOf(keyOf({ tag, macRequired, door })),
      nowMs: () => systemClock.monotonicMs(),
      wallMs: () => systemClock.nowMs(),
      later: (ms, work) => void (ms === 0 ? setImmediate(work) : setTimeout(work, ms)),
    });
  }

  #line(): PaymentLine {
    const block = (items: readonly PaymentItem[]) => writePayments(items);
    return {
      decide: (items) => this.#ask({ say: "decide", block: block(items) }),
      forward: (node, items) => this.#ask({ say: "forward", node, block: block(items) }),
      answer: (node, nonce, items) => {
        this.#ask({ say: "answer", node, nonce: new Uint8Array(nonce), block: block(items) });
      },
    };
  }

  /** What the thread of the actors says. */
  hear(message: PaymentsSaid): void {
    const { dispatcher } = this;
    if (message.say === "owners") dispatcher.useOwners(message.owners);
    else {
      const { buffer, byteOffset, byteLength } = message.block;
      const items = readPayments(Buffer.from(buffer, byteOffset, byteLength));
      if (message.say === "decided") dispatcher.decided(items);
      else if (message.say === "returned") dispatcher.returned(items);
      else if (message.say === "arrived") {
        dispatcher.arrived(message.node, Buffer.from(message.nonce), items);
      } else {
        dispatcher.answered(items);
        // Card numbers do not stay behind.
        message.block.fill(0);
      }
    }
  }

  /** The thread of the actors has ended, or another process has it: nobody is known to own. */
  lost(): void {
    this.dispatcher.useOwners([]);
  }

  #peerOf(key: PeerKey): Peer | undefined {
    const { peers } = this.#engine;
    if (peers.count() !== this.#known) {
      const all = peers.read();
      this.#known = all.length;
      // A later one of a name is the one of now.
      this.#peers = new Map(all.map((peer) => [keyOf(peer), peer]));
    }
    return this.#peers.get(key);
  }
}

function keyOf({ tag, macRequired, door = 0 }: Pick<Peer, "tag" | "macRequired" | "door">) {
  return `${tag} ${macRequired} ${door}` as const;
}
