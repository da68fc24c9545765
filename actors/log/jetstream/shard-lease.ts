// The lease of one shard, while this node holds or wants it: renewed every two seconds, and good
// for admitting commands until 15 s after the last good renewal was *sent*. It says who tries; the
// log decides who is right. So a barrier in the log is as good as a renewal: the bucket has its own
// leader, and where a machine is lost that one may be missing, too.
import type { LeaseValue, OwnershipPorts, ReleaseReason } from "./ownership-port.ts";
import { ownershipTimes } from "./ownership-port.ts";

export interface ShardLeaseOptions {
  readonly shard: number;
  readonly ports: OwnershipPorts;
  /** Where this node's log ends now; whoever takes over looks at it. */
  readonly position: () => { readonly seq: number; readonly hash: Buffer };
  readonly lost: (reason: ReleaseReason) => void;
}

export class ShardLease {
  readonly #options: ShardLeaseOptions;
  #revision: number | undefined;
  #held = false;
  /** Monotonic time at which the last good renewal was sent. */
  #goodAtMs = Number.NEGATIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(options: ShardLeaseOptions) {
    this.#options = options;
  }

  /** Whether commands and appends may go on. */
  get good(): boolean {
    return this.#held && this.#now() < this.#goodAtMs + ownershipTimes.admitMs;
  }

  /** Takes it if nobody holds it. */
  async take(): Promise<boolean> {
    const { lease } = this.#options.ports;
    const sentAtMs = this.#now();
    const revision = await lease.create(this.#options.shard, this.#value());
    if (revision === undefined) return false;
    this.#hold(revision, sentAtMs);
    return true;
  }

  /** Whether it is held in this node's name by another process; a hint. */
  async leftByLastLife(): Promise<boolean> {
    const { lease, node } = this.#options.ports;
    const found = await lease.read(this.#options.shard);
    return found?.value.node === node && found.value.nonce !== this.#value().nonce;
  }

  /** Takes it from whoever holds it: the barrier in the log, sent at `sentAtMs`, is this node's. */
  overwrite(sentAtMs: number): void {
    this.#hold(undefined, sentAtMs);
    this.#planRenewal(0);
  }

  /** Gives it back, unless somebody else has taken it meanwhile. */
  letGo(): void {
    const revision = this.#revision;
    this.#drop();
    if (revision === undefined) return;
    // If this fails, the lease ends by its age.
    this.#options.ports.lease.remove(this.#options.shard, revision).catch(() => {});
  }

  #drop(): void {
    this.#held = false;
    this.#revision = undefined;
    this.#goodAtMs = Number.NEGATIVE_INFINITY;
    this.#cancel();
  }

  #hold(revision: number | undefined, sentAtMs: number): void {
    this.#held = true;
    this.#revision = revision;
    this.#goodAtMs = sentAtMs;
    this.#planRenewal();
  }

  #planRenewal(ms: number = ownershipTimes.renewMs): void {
    this.#cancel();
    this.#cancel = this.#options.ports.timers.after(ms, () => {
      this.#renew().then(
        () => this.#afterRenewal(ownershipTimes.renewMs),
        // Nobody answered: an election of the lease's leader leaves little time behind it.
        () => this.#afterRenewal(ownershipTimes.renewAgainMs),
      );
    });
  }

  #afterRenewal(nextMs: number): void {
    if (!this.#held) return;
    if (this.good) this.#planRenewal(nextMs);
    else this.#lose("lease-lapsed");
  }

  async #renew(): Promise<void> {
    const { shard, ports } = this.#options;
    const before = this.#revision;
    const sentAtMs = this.#now();
    if (before === undefined) {
      // Nobody has answered yet that it was overwritten; whoever stands there is not the owner.
      const revision = await ports.lease.overwrite(shard, this.#value());
      return this.#renewed(before, revision, sentAtMs);
    }
    const revision = await ports.lease.update(shard, this.#value(), before);
    if (revision !== undefined) return this.#renewed(before, revision, sentAtMs);
    // Somebody else's, gone with its bucket, or our own renewal whose answer was lost.
    const found = await ports.lease.read(shard);
    if (this.#revision !== before || !this.#held) return;
    if (found === undefined) {
      const revision = await ports.lease.create(shard, this.#value());
      if (revision !== undefined) this.#renewed(before, revision, sentAtMs);
    } else if (found.value.nonce === this.#value().nonce) {
      const revision = await ports.lease.update(shard, this.#value(), found.revision);
      if (revision !== undefined) this.#renewed(before, revision, sentAtMs);
    } else this.#lose("lease-lost");
  }

  #renewed(before: number | undefined, revision: number, sentAtMs: number): void {
    if (!this.#held || this.#revision !== before) return;
    this.#revision = revision;
    this.#goodAtMs = sentAtMs;
  }

  #lose(reason: ReleaseReason): void {
    this.#drop();
    this.#options.lost(reason);
  }

  #value(): LeaseValue {
    const { node, nonce } = this.#options.ports;
    // A cursor has a nonce of its own, of whoever wrote its record: only its place belongs here.
    const { seq, hash } = this.#options.position();
    return { node, nonce: nonce.toString("hex"), seq, hash };
  }

  #now(): number {
    return this.#options.ports.clock.monotonicMs();
  }
}
