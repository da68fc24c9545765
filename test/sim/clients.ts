// Callers: each sends one command after the other, repeats it under its id until it is answered for
// certain, and remembers when it asked and what it was told.
import { createHash } from "node:crypto";
import type { Envelope, Reply } from "../../actors/runtime/actor-kind.ts";
import { type AccountCommand, accountNumber } from "../../actors/runtime/test-account.ts";
import type { Plan } from "./plan.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

export interface Told {
  readonly client: number;
  readonly id: Buffer;
  readonly shard: number;
  readonly account: Buffer;
  readonly command: AccountCommand;
  /** When the attempt began that was answered; what was told before counts before it. */
  readonly askedMs: number;
  readonly toldMs: number;
  readonly reply: Reply;
}

/** Answers after which the same command is sent again. */
const again = new Set([
  "SHARD_MOVED",
  "SHARD_PARKED",
  "OUTCOME_UNKNOWN",
  "SERVICE_UNAVAILABLE",
  "LOG_FULL",
  "OVERLOADED",
  "DEADLINE_EXCEEDED",
]);

/** Answers that say that nothing was done. A caller may take one at its word and give up. */
const nothingDone = new Set(["SHARD_MOVED", "SHARD_PARKED", "LOG_FULL", "OVERLOADED"]);
const giveUpShare = 0.3;

const timeoutMs = 2_000;
/** A node that ended answers nothing: the caller waits for so long. */
const patienceMs = 2_600;

export class Client {
  readonly told: Told[] = [];
  /** Ids of commands that were sent at all. */
  readonly sent: Buffer[] = [];
  readonly #number: number;
  readonly #world: World;
  readonly #nodes: readonly SimNode[];
  readonly #plan: Plan;
  #left: number;
  #count = 0;

  constructor(number: number, world: World, nodes: readonly SimNode[], plan: Plan) {
    this.#number = number;
    this.#world = world;
    this.#nodes = nodes;
    this.#plan = plan;
    this.#left = plan.commands;
    this.#next();
  }

  get done(): boolean {
    return this.#left === 0 && this.sent.length === this.told.length;
  }

  /** So many commands more. */
  goOn(commands: number): void {
    const idle = this.done;
    this.#left += commands;
    if (idle) this.#next();
  }

  #next(): void {
    if (this.#left === 0) return;
    this.#left--;
    const { dice } = this.#world;
    const shard = dice.below(this.#plan.shards);
    const account = Buffer.alloc(16);
    account.writeUInt16BE(shard, 0);
    account.writeUInt32BE(dice.below(this.#plan.accounts), 12);
    const command = this.#draw();
    const name = `client ${this.#number} ${this.#count++}`;
    const id = createHash("sha256").update(name).digest().subarray(0, 16);
    const body = Buffer.from(JSON.stringify(command));
    this.sent.push(id);
    const envelope = { id, kind: accountNumber, shard, actor: account, body, timeoutMs };
    this.#world.after(dice.between(0, 120), () => this.#attempt(envelope, command, true));
  }

  #draw(): AccountCommand {
    const { dice } = this.#world;
    const roll = dice.below(20);
    if (roll < 10) return { do: "deposit", amount: dice.between(1, 9) };
    if (roll < 17) return { do: "withdraw", amount: dice.between(1, 12) };
    return roll < 18 ? { do: "lock", ms: dice.between(50, 800) } : { do: "look" };
  }

  /** `sure`: no earlier attempt is in doubt. */
  #attempt(envelope: Envelope, command: AccountCommand, sure: boolean): void {
    const { dice } = this.#world;
    const askedMs = this.#world.nowMs;
    // Now and then a caller sends the same command twice at once, perhaps to two nodes.
    const times = dice.chance(0.1) ? 2 : 1;
    let open = true;
    const settle = (reply: Reply | undefined) => {
      if (!open) return;
      open = false;
      const code = reply === undefined ? "" : reply.ok ? "ok" : reply.error.code;
      const stillSure = sure && times === 1 && nothingDone.has(code);
      const givesUp = stillSure && dice.chance(giveUpShare);
      if (reply === undefined || (again.has(code) && !givesUp)) {
        this.#world.after(dice.between(5, 250), () => this.#attempt(envelope, command, stillSure));
        return;
      }
      const { id, shard, actor: account } = envelope;
      const client = this.#number;
      const toldMs = this.#world.nowMs;
      this.told.push({ client, id, shard, account, command, askedMs, toldMs, reply });
      this.#next();
    };
    for (let i = 0; i < times; i++) {
      const node = dice.pick(this.#nodes);
      this.#world.after(dice.between(1, 8), () =>
        node.send(envelope, (reply) => this.#world.after(dice.between(1, 8), () => settle(reply))),
      );
    }
    this.#world.after(patienceMs, () => settle(undefined));
  }
}
