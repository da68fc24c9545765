// Many small writes that each must be on the disk, with one wait for all that came in a turn.

export class GroupCommit<T> {
  readonly #commit: (items: readonly T[]) => void;
  #items: T[] = [];
  #turn: Promise<void> | undefined;

  /** `commit` writes all of them and waits for the disk; it throws where it cannot. */
  constructor(commit: (items: readonly T[]) => void) {
    this.#commit = commit;
  }

  /** Resolves when the item is on the disk. */
  add(item: T): Promise<void> {
    this.#items.push(item);
    this.#turn ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const items = this.#items;
        this.#items = [];
        this.#turn = undefined;
        try {
          this.#commit(items);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return this.#turn;
  }
}
