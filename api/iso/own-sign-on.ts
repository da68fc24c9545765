// Our own sign-on, on sessions that we begin: one question at a time, matched by its STAN.

export class OwnSignOn {
  #stan = 0;
  #settle: ((agreed: boolean) => void) | null = null;

  /** The STAN of the next question; `done` says whether the peer agreed. */
  begin(): { stan: number; done: Promise<boolean> } {
    this.#stan += 1;
    const done = new Promise<boolean>((resolve) => {
      this.#settle = resolve;
    });
    return { stan: this.#stan, done };
  }

  /** True where an answer with this STAN is to the question that is open. */
  fits(stan: number): boolean {
    return this.#settle !== null && stan === this.#stan;
  }

  settle(agreed: boolean): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(agreed);
  }
}
