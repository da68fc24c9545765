// Messages between nodes over core NATS: not stored, delivered at most once.
import { errors, type NatsConnection, RequestError } from "@nats-io/transport-node";
import { unlessLost } from "./disconnects.ts";
import type { Bus, BusAnswer } from "./ownership-port.ts";

export class NatsBus implements Bus {
  readonly #connection: NatsConnection;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  publish(subject: string, bytes: Buffer): void {
    // While there is no connection the word of now is worth nothing later.
    if (this.#connection.isClosed()) return;
    this.#connection.publish(subject, bytes);
  }

  async request(subject: string, bytes: Buffer, timeoutMs: number): Promise<BusAnswer> {
    try {
      const timeout = Math.max(1, Math.round(timeoutMs));
      const asked = this.#connection.request(subject, bytes, { timeout });
      const message = await unlessLost(this.#connection, asked, undefined);
      // Whether it was heard is not known, as after a timeout.
      if (message === undefined) return { kind: "timeout" };
      return { kind: "answer", bytes: Buffer.from(message.data) };
    } catch (error) {
      if (error instanceof RequestError && error.isNoResponders()) return { kind: "no-responders" };
      if (error instanceof errors.NoRespondersError) return { kind: "no-responders" };
      return { kind: "timeout" };
    }
  }

  serve(subject: string, handle: (bytes: Buffer) => Promise<Buffer | undefined>): () => void {
    const subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) return;
        handle(Buffer.from(message.data)).then(
          (answer) => {
            if (answer !== undefined) message.respond(answer);
          },
          // Unanswered: whoever asked learns that nothing is known.
          () => {},
        );
      },
    });
    return () => subscription.unsubscribe();
  }

  listen(subject: string, hear: (subject: string, bytes: Buffer) => void): () => void {
    const subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        if (error === null) hear(message.subject, Buffer.from(message.data));
      },
    });
    return () => subscription.unsubscribe();
  }
}
