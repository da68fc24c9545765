// A cluster that takes payments, for tests: each node's door judges at the owner, here or over the
// bus, and sends again what came back undone, as the doors of a service do.

import { type PaymentItem, paymentAt, paymentKind, verdict } from "../../vault/mod.ts";
import { keyOf, type TestPayment, testPayment } from "../pay/test-payments.ts";
import { isPayment } from "../runtime/fold.ts";
import type { PaymentDoor } from "./payment-router.ts";
import { TestCluster } from "./test-cluster.ts";

/** What a switch was told of one message. */
export interface Paid {
  readonly code: number;
  readonly id: string;
  readonly payment: Buffer;
}

interface Open {
  readonly shard: number;
  readonly payment: Buffer;
  readonly untilMs: number;
  readonly told: (paid: Paid) => void;
  /** Another node has it. */
  away: boolean;
}

const againMs = 50;
const zeroId = Buffer.alloc(16);

export class Till extends TestCluster {
  readonly told: Paid[] = [];
  readonly #open = new Map<string, Map<number, Open>>();
  #tickets = 0;

  /** Hands a message to a node; what the switch is told, REFUSED at the deadline. */
  pay(name: string, shard: number, of: TestPayment, withinMs = 4_000): Promise<Paid> {
    const payment = testPayment(of);
    const { time } = this.network;
    return new Promise((resolve) => {
      const ticket = ++this.#tickets;
      const told = (paid: Paid): void => {
        if (!this.#at(name).delete(ticket)) return;
        this.told.push(paid);
        resolve(paid);
      };
      const untilMs = time.monotonicMs() + withinMs;
      this.#at(name).set(ticket, { shard, payment, untilMs, told, away: false });
      time.after(withinMs, () => told(paidOf(payment, verdict.REFUSED)));
      this.#route(name, ticket);
    });
  }

  #at(name: string): Map<number, Open> {
    const found = this.#open.get(name) ?? new Map<number, Open>();
    this.#open.set(name, found);
    return found;
  }

  #later(name: string, ticket: number): void {
    this.nodes.get(name)?.process.after(againMs, () => this.#route(name, ticket));
  }

  #route(name: string, ticket: number): void {
    const node = this.nodes.get(name)?.node;
    const open = this.#at(name).get(ticket);
    if (node?.payments === undefined || open === undefined) return;
    const { shard, payment } = open;
    const owner = node.ownership.ownerOf(shard);
    if (owner === undefined) this.#later(name, ticket);
    else if (owner.node !== name) {
      open.away = true;
      node.payments.router.send(owner.node, [itemOf(ticket, shard, owner.epoch, payment)]);
    } else {
      node.payments.submit(itemOf(ticket, shard, owner.epoch, payment), (code, id) => {
        if (code === verdict.MOVED) this.#later(name, ticket);
        else open.told(paidOf(payment, code, id));
      });
    }
  }

  override door(name: string): PaymentDoor {
    return {
      arrived: (from, nonce, items) => {
        const payments = this.nodes.get(name)?.node.payments;
        const origin = Buffer.from(nonce);
        for (const item of items) {
          const body = Buffer.from(item.body);
          payments?.submit({ ...item, body }, (code, id) => {
            payments.router.answer(from, origin, [{ ...item, code, id, body: zeroId }]);
          });
        }
      },
      answered: (items) => this.#answered(name, items),
      returned: (items) => {
        for (const { ticket } of items) this.#later(name, ticket);
      },
    };
  }

  #answered(name: string, items: readonly PaymentItem[]): void {
    for (const { ticket, code, id } of items) {
      const open = this.#at(name).get(ticket);
      if (open === undefined) continue;
      if (code === verdict.MOVED) this.#later(name, ticket);
      else open.told(paidOf(open.payment, code, Buffer.from(id)));
    }
  }

  /** What must hold of payments once all is quiet; else what does not. */
  paymentProblems(): string[] {
    const problems: string[] = [];
    const stored = new Map<string, string>();
    const rows = new Set<string>();
    const { seal } = [...this.nodes.values()][0]!.node;
    for (let shard = 0; shard < this.shards; shard++) {
      const { records } = this.place.stream("pay", shard);
      for (const bytes of records) {
        for (const { payload } of seal.open(bytes).events.filter(isPayment)) {
          rows.add(idText(payload.subarray(paymentAt.verificationId)));
          if (!isClaim(payload)) continue;
          const key = keyOf(payload);
          if (stored.has(key)) problems.push(`claim ${key} was accepted twice`);
          stored.set(key, idText(payload.subarray(paymentAt.verificationId)));
        }
      }
      for (const [name, { node }] of this.nodes) {
        const { seq } = node.runtime.fold.cursor(shard, "pay");
        if (seq !== records.length) problems.push(`${name} pay ${shard}: ${seq}`);
      }
    }
    for (const { code, payment, id } of this.told) {
      if (code !== verdict.NEW && code !== verdict.REPETITION) continue;
      const first = stored.get(keyOf(payment));
      if (!rows.has(id)) problems.push(`approved under ${id}, of which the log has no row`);
      if (isClaim(payment) && first !== id)
        problems.push(`approved under ${id}, the log has ${first}`);
    }
    for (const [name, { ledger }] of this.nodes) {
      for (const [key, id] of stored) {
        const claim = ledger.claims.get(key);
        const known = claim === undefined ? "" : idText(claim.subarray(paymentAt.verificationId));
        if (known !== id) problems.push(`${name} does not know claim ${key}`);
      }
    }
    return problems;
  }
}

function isClaim(payment: Buffer): boolean {
  const kind = payment[paymentAt.kind];
  return kind === paymentKind.PTAV || kind === paymentKind.DE7;
}

function itemOf(ticket: number, shard: number, epoch: number, body: Buffer): PaymentItem {
  const rest = { code: 0, status: 0, leftMs: 0, peer: 0, id: zeroId };
  return { ticket, shard, epoch, body, ...rest };
}

function paidOf(payment: Buffer, code: number, id: Buffer = zeroId): Paid {
  return { code, id: idText(id), payment };
}

function idText(id: Buffer): string {
  return id.toString("hex", 0, 16);
}
