// The baseline of a door: the same server code with a hot path that does nothing. Answers what
// came in one turn of the event loop with bytes that were made before, as the real dispatcher
// gathers a turn.
import type { AnswerSink, PaymentDispatcher, Peer } from "../../hotpath/mod.ts";

export class EchoDispatcher implements PaymentDispatcher {
  readonly #answer: Buffer;
  #tickets: number[] = [];
  #sinks: AnswerSink[] = [];
  #scheduled = false;
  readonly #onTurn = () => this.#turn();

  /** `answer`: one answer from its MTI on, as long as those of the service. */
  constructor(answer: Buffer) {
    this.#answer = answer;
  }

  submit(
    _peer: Peer,
    _bytes: Buffer,
    _offset: number,
    _length: number,
    ticket: number,
    sink: AnswerSink,
  ): boolean {
    this.#tickets.push(ticket);
    this.#sinks.push(sink);
    if (!this.#scheduled) {
      this.#scheduled = true;
      setImmediate(this.#onTurn);
    }
    return true;
  }

  /** Everything is answered within a turn. */
  drain(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  #turn(): void {
    this.#scheduled = false;
    const tickets = this.#tickets;
    const sinks = this.#sinks;
    this.#tickets = [];
    this.#sinks = [];
    const touched = new Set<AnswerSink>();
    for (let i = 0; i < tickets.length; i++) {
      const sink = sinks[i] as AnswerSink;
      sink.answer(tickets[i] as number, this.#answer, 0, this.#answer.length, 0, 0);
      touched.add(sink);
    }
    for (const sink of touched) sink.flush();
  }
}
