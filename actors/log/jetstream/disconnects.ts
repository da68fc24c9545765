// When a connection is lost. The client lets what is under way run into its timeout, seconds later;
// whoever asked can know at once that no answer will come.
import type { NatsConnection } from "@nats-io/transport-node";

type Lost = () => void;

const watched = new WeakMap<NatsConnection, Set<Lost>>();

function listenersOf(connection: NatsConnection): Set<Lost> {
  const known = watched.get(connection);
  if (known !== undefined) return known;
  const listeners = new Set<Lost>();
  watched.set(connection, listeners);
  void follow(connection, listeners);
  return listeners;
}

/** Ends with the connection. */
async function follow(connection: NatsConnection, listeners: Set<Lost>): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type !== "disconnect") continue;
    for (const lost of [...listeners]) lost();
  }
}

/** The answer, or `lost` where the connection goes before it comes. Rejects as `answer` does. */
export function unlessLost<T, L>(
  connection: NatsConnection,
  answer: Promise<T>,
  lost: L,
): Promise<T | L> {
  const listeners = listenersOf(connection);
  return new Promise((resolve, reject) => {
    const onLost = (): void => {
      listeners.delete(onLost);
      resolve(lost);
    };
    listeners.add(onLost);
    answer.then(resolve, reject).finally(() => listeners.delete(onLost));
  });
}
