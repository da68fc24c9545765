// Which host is called next, and when: the primary first, then its backups, then a pause that
// grows.

export interface Host {
  readonly host: string;
  readonly port: number;
}

export interface BackOffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** A number from 0 up to 1; spreads callers that were cut off at the same moment. */
  readonly random: () => number;
}

/** Doubles from `firstMs` to `maxMs`; each wait is 50 to 100 % of that. */
export class BackOff {
  readonly #options: BackOffOptions;
  #step = 0;

  constructor(options: BackOffOptions) {
    this.#options = options;
  }

  nextMs(): number {
    const { firstMs, maxMs, random } = this.#options;
    const full = Math.min(maxMs, firstMs * 2 ** this.#step);
    if (full < maxMs) this.#step += 1;
    return full * (0.5 + random() / 2);
  }

  reset(): void {
    this.#step = 0;
  }
}

/**
 * Hosts in order of preference. A host that fails gives way to the next at once; after the last
 * one comes a pause. A lost session begins again with the primary. Where a backup is in use, its
 * user tries the primary now and then, and says `returned`.
 */
export class HostList {
  readonly #hosts: readonly Host[];
  readonly #backOff: BackOff;
  #at = 0;

  constructor(hosts: readonly Host[], backOff: BackOff) {
    if (hosts.length === 0) throw new RangeError("a list of hosts needs one");
    this.#hosts = hosts;
    this.#backOff = backOff;
  }

  get current(): Host {
    return this.#hosts[this.#at]!;
  }

  get primary(): Host {
    return this.#hosts[0]!;
  }

  get onBackup(): boolean {
    return this.#at > 0;
  }

  /** The current host could not be used: how long to wait before the next one is called. */
  failed(): number {
    this.#at = (this.#at + 1) % this.#hosts.length;
    return this.#at === 0 ? this.#backOff.nextMs() : 0;
  }

  /** The primary is in use again. */
  returned(): void {
    this.#at = 0;
  }

  /** A session was lost. `stable`: it had lasted, so the pause is short again. */
  lost(stable: boolean): number {
    if (stable) this.#backOff.reset();
    this.#at = 0;
    return this.#backOff.nextMs();
  }
}
