// Ownership of all shards on one node: says how far this node's shards are, hears the other owners,
// asks those that have fallen silent, takes over from those that are gone, and evens out.
import { answersSubject, nodeSubject, tailSubject } from "./names.ts";
import {
  type BlockAnswer,
  nodeRequest,
  pingRequest,
  readBlock,
  readTail,
  type TailNotice,
  tailRequest,
  writeBlockAnswers,
  writeTail,
} from "./node-messages.ts";
import type { OwnershipPorts, ShardTail, ShardWatcher } from "./ownership-port.ts";
import { movesMax, ownershipTimes } from "./ownership-port.ts";
import { rankNodes } from "./placement.ts";
import { ShardOwnership } from "./shard-ownership.ts";
import { jittered, sleep } from "./timers.ts";

/** Answers a message for a shard that this node owns in that epoch. */
export type BlockHandler = (shard: number, message: Buffer, epoch: number) => Promise<Buffer>;

export interface OwnershipOptions extends OwnershipPorts {
  readonly onMessage: BlockHandler;
  /** Answers an operator, whose words are not this file's; undefined where it is none. */
  readonly onOperate?: (request: Buffer) => Promise<Buffer | undefined>;
  /** Payments of another node, and another node's answers to payments of this one. */
  readonly onPayments?: (request: Buffer) => Buffer | undefined;
  readonly onAnswers?: (answers: Buffer) => void;
  /** This node or another has come to own a shard. */
  readonly onOwner?: (shard: number) => void;
}

interface Heard extends TailNotice {
  readonly atMs: number;
}

/** A ping is answered by a server that knows of no listener within a round trip. */
const pingTimeoutMs = 1_000;
const secondPingMs = 250;

export class Ownership implements ShardWatcher {
  readonly #options: OwnershipOptions;
  readonly #shards: readonly ShardOwnership[];
  /** Newest word of each shard's owner, other nodes' only. */
  readonly #heard = new Map<number, Heard>();
  /** When the newest word was said that this node has applied, by shard. */
  readonly #freshAtMs: number[];
  /** The oldest word of an owner that this node has not applied yet. */
  readonly #ahead = new Map<number, Heard>();
  readonly #asking = new Set<string>();
  readonly #stops: (() => void)[] = [];
  #cancelTick: () => void = () => {};
  #cancelBeat: () => void = () => {};
  #moves = 0;
  #balanceAtMs = 0;
  #stopped = false;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    this.#freshAtMs = Array.from({ length: options.log.shards }, () => Number.NEGATIVE_INFINITY);
    this.#shards = this.#freshAtMs.map(
      (_, shard) =>
        new ShardOwnership({
          shard,
          ports: options,
          rank: (without) => this.#rank(shard, without),
          ownerHeard: () => this.#silence(shard) < ownershipTimes.silentMs,
          collect: () => this.#collect(shard),
          // Whoever looks for the owner need not wait for the next tick.
          owns: () => {
            this.#sayTail(shard);
            options.onOwner?.(shard);
          },
        }),
    );
  }

  async start(): Promise<void> {
    const { bus, node, clock } = this.#options;
    this.#stops.push(
      bus.serve(nodeSubject(node), (bytes) => this.#answer(bytes)),
      bus.listen(answersSubject(node), (_subject, bytes) => this.#options.onAnswers?.(bytes)),
      ...this.#shards.map((_, shard) =>
        bus.listen(tailSubject(shard), (_subject, bytes) => this.#hear(shard, bytes)),
      ),
    );
    await this.#beat();
    this.#balanceAtMs = clock.monotonicMs() + ownershipTimes.balanceMs;
    for (const shard of this.#shards) shard.start();
    this.#planTick();
  }

  /** Hands every shard over that another node can take, then ends. */
  async stop(): Promise<void> {
    const { registry, node } = this.#options;
    this.#stopped = true;
    this.#cancelTick();
    this.#cancelBeat();
    await registry.leave().catch(() => {});
    const owned = this.#shards.flatMap((one, shard) => (one.state === "OWN" ? [shard] : []));
    const others = registry.live().filter((name) => name !== node);
    const ranked = rankNodes(others, this.#shards.length);
    const mover = async (): Promise<void> => {
      for (let shard = owned.shift(); shard !== undefined; shard = owned.shift()) {
        const to = ranked[shard]?.[0];
        if (to !== undefined)
          await this.#at(shard)
            .move(to)
            .catch(() => false);
      }
    };
    await Promise.all(Array.from({ length: movesMax }, mover));
    for (const shard of this.#shards) shard.stop();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Ends as a crash would: nobody is told. */
  abandon(): void {
    this.#stopped = true;
    this.#cancelTick();
    this.#cancelBeat();
    for (const stop of this.#stops.splice(0)) stop();
    for (const shard of this.#shards) shard.stop();
  }

  shard(shard: number): ShardOwnership {
    return this.#at(shard);
  }

  /** Whether this node may decide and append for the shard now; asked before each. */
  admits(shard: number): boolean {
    return this.#at(shard).admits;
  }

  /** Where to send what is for a shard, as far as is known. */
  ownerOf(shard: number): { readonly node: string; readonly epoch: number } | undefined {
    const own = this.#at(shard);
    if (own.state === "OWN") return { node: this.#options.node, epoch: own.epoch };
    const heard = this.#heard.get(shard);
    return heard === undefined ? undefined : { node: heard.node, epoch: heard.epoch };
  }

  /** How old the newest word of the owner is that this projection has applied; 0 for the owner. */
  staleMs(shard: number): number {
    if (this.#at(shard).admits) return 0;
    this.#catchUp(shard);
    return this.#options.clock.monotonicMs() - (this.#freshAtMs[shard] as number);
  }

  /** Records that this projection is behind the owner's last word. */
  recordsBehind(shard: number): number {
    const heard = this.#heard.get(shard);
    if (heard === undefined || this.#at(shard).admits) return 0;
    return Math.max(0, heard.evt.seq - this.#options.host.tail(shard).evt.seq);
  }

  /** A planned hand-over. False where this node does not own the shard, or too many move. */
  async move(shard: number, to: string): Promise<boolean> {
    if (this.#moves >= movesMax) return false;
    this.#moves++;
    try {
      return await this.#at(shard).move(to);
    } finally {
      this.#moves--;
    }
  }

  opened(shard: number, epoch: number, nonce: Buffer): void {
    this.#at(shard).opened(epoch, nonce);
  }

  closed(shard: number, epoch: number, to: string): void {
    this.#at(shard).closed(epoch, to);
  }

  parked(shard: number): void {
    this.#at(shard).hostParked();
  }

  #at(shard: number): ShardOwnership {
    const found = this.#shards[shard];
    if (found === undefined) throw new RangeError(`${shard} is no shard`);
    return found;
  }

  #rank(shard: number, without?: string): number {
    const { registry, node } = this.#options;
    const nodes = [...registry.live(), node].filter((name) => name !== without);
    return rankNodes(nodes, this.#shards.length)[shard]?.indexOf(node) ?? 0;
  }

  #silence(shard: number): number {
    const heard = this.#heard.get(shard);
    if (heard === undefined) return Number.POSITIVE_INFINITY;
    return this.#options.clock.monotonicMs() - heard.atMs;
  }

  async #beat(): Promise<void> {
    const { registry, timers } = this.#options;
    // One that fails is made good by the next.
    await registry.beat().catch(() => {});
    if (this.#stopped) return;
    this.#cancelBeat = timers.after(ownershipTimes.renewMs, () => void this.#beat());
  }

  #planTick(): void {
    if (this.#stopped) return;
    this.#cancelTick = this.#options.timers.after(ownershipTimes.tailMs, () => {
      for (const shard of this.#shards.keys()) this.#sayTail(shard);
      this.#askSilent();
      this.#balance();
      this.#planTick();
    });
  }

  #sayTail(shard: number): void {
    const { bus, host, node, nonce } = this.#options;
    const own = this.#at(shard);
    if (own.state !== "OWN" || !own.admits) return;
    const { evt, pay } = host.tail(shard);
    const notice = { node, nonce: nonce.toString("hex"), epoch: own.epoch, evt, pay };
    bus.publish(tailSubject(shard), writeTail(notice));
  }

  #hear(shard: number, bytes: Buffer): void {
    const tail = readTail(bytes);
    if (tail === undefined || tail.nonce === this.#options.nonce.toString("hex")) return;
    const own = this.#at(shard);
    if (own.state === "OWN") {
      // Taken over from, and alive after all.
      if (tail.epoch < own.epoch && own.guessedFrom === tail.node) own.guessedWrong();
      return;
    }
    const heard = this.#heard.get(shard);
    if (heard !== undefined && heard.epoch > tail.epoch) return;
    const word = { ...tail, atMs: this.#options.clock.monotonicMs() };
    this.#heard.set(shard, word);
    if (heard?.epoch !== tail.epoch) this.#options.onOwner?.(shard);
    this.#compare(shard, word);
  }

  /** Another history under the same number is what a chain of hashes is for. */
  #compare(shard: number, heard: Heard): void {
    const own = this.#options.host.tail(shard);
    for (const kind of ["evt", "pay"] as const) {
      if (own[kind].seq !== heard[kind].seq || own[kind].hash.equals(heard[kind].hash)) continue;
      const detail = `${kind}: the owner ${heard.node} has another record ${heard[kind].seq}`;
      this.#at(shard).park("chain-mismatch", detail);
      return;
    }
    this.#catchUp(shard);
    if (isLevel(own, heard)) this.#freshAtMs[shard] = heard.atMs;
    else if (!this.#ahead.has(shard)) this.#ahead.set(shard, heard);
  }

  #catchUp(shard: number): void {
    const ahead = this.#ahead.get(shard);
    if (ahead === undefined || !isLevel(this.#options.host.tail(shard), ahead)) return;
    this.#freshAtMs[shard] = Math.max(this.#freshAtMs[shard] as number, ahead.atMs);
    this.#ahead.delete(shard);
  }

  async #collect(shard: number): Promise<readonly ShardTail[]> {
    const { registry, bus, node, host } = this.#options;
    const others = registry.live().filter((name) => name !== node);
    const answers = await Promise.all(
      others.map((name) =>
        bus.request(nodeSubject(name), tailRequest(shard), ownershipTimes.collectMs),
      ),
    );
    const tails = answers.flatMap((answer) => {
      const tail = answer.kind === "answer" ? readTail(answer.bytes) : undefined;
      return tail === undefined ? [] : [tail];
    });
    const heard = this.#heard.get(shard);
    return [host.tail(shard), ...tails, ...(heard === undefined ? [] : [heard])];
  }

  async #answer(bytes: Buffer): Promise<Buffer | undefined> {
    const { host, node, nonce } = this.#options;
    if (bytes[0] === nodeRequest.PING) return Buffer.from([nodeRequest.PING]);
    if (bytes[0] === nodeRequest.BLOCK) return this.#answerBlock(bytes);
    if (bytes[0] === nodeRequest.OPERATE) return this.#options.onOperate?.(bytes.subarray(1));
    if (bytes[0] === nodeRequest.PAYMENTS) return this.#options.onPayments?.(bytes.subarray(1));
    const shard = bytes[1];
    if (bytes[0] !== nodeRequest.TAIL || shard === undefined) return undefined;
    // Where the log goes on without what this node holds, nobody is to wait for that.
    if (shard >= this.#shards.length || host.hasLeft(shard)) return undefined;
    const { evt, pay, epoch } = host.tail(shard);
    return writeTail({ node, nonce: nonce.toString("hex"), epoch, evt, pay });
  }

  async #answerBlock(bytes: Buffer): Promise<Buffer | undefined> {
    const items = readBlock(bytes);
    if (items === undefined) return undefined;
    const answers = items.map(async ({ shard, epoch, message }): Promise<BlockAnswer> => {
      const own = this.#shards[shard];
      if (own === undefined || !own.admits || own.epoch !== epoch) return { kind: "moved" };
      try {
        const answer = await this.#options.onMessage(shard, message, epoch);
        return { kind: "answer", message: answer };
      } catch {
        return { kind: "failed" };
      }
    });
    return writeBlockAnswers(await Promise.all(answers));
  }

  #askSilent(): void {
    for (const [shard, { node }] of this.#heard) {
      const own = this.#at(shard);
      if (own.state !== "FOLLOW" || this.#silence(shard) < ownershipTimes.silentMs) continue;
      if (!this.#asking.has(node)) void this.#ask(node);
    }
  }

  /** Two certain "nobody listens there" within 300 ms: gone. A timeout says nothing. */
  async #ask(node: string): Promise<void> {
    const { bus, timers } = this.#options;
    const absent = async (): Promise<boolean> =>
      (await bus.request(nodeSubject(node), pingRequest, pingTimeoutMs)).kind === "no-responders";
    this.#asking.add(node);
    try {
      if (!(await absent())) return;
      await sleep(timers, secondPingMs);
      if (!(await absent()) || this.#stopped) return;
      const theirs = [...this.#heard].filter(([, heard]) => heard.node === node);
      await Promise.all(theirs.map(([shard]) => this.#at(shard).takeFrom(node)));
    } catch {
      // Nothing is known; the lease's age decides.
    } finally {
      this.#asking.delete(node);
    }
  }

  /** Now and then hands one shard to the node that should own it. */
  #balance(): void {
    const { clock, registry, node, random } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs < this.#balanceAtMs) return;
    this.#balanceAtMs = nowMs + jittered(random, ownershipTimes.balanceMs);
    const ranked = rankNodes([...registry.live(), node], this.#shards.length);
    const shard = this.#shards.findIndex(
      (own, i) => own.state === "OWN" && ranked[i]?.[0] !== node,
    );
    const to = ranked[shard]?.[0];
    if (to !== undefined) this.move(shard, to).catch(() => {});
  }
}

/** Whether a projection has everything that an owner spoke of. */
function isLevel(own: ShardTail, said: ShardTail): boolean {
  return own.evt.seq >= said.evt.seq && own.pay.seq >= said.pay.seq;
}
