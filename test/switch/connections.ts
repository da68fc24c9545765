// Connections to the switch's JSON API that are kept, or begun from a session of before.
import { type Agent, request } from "node:https";
import { connect } from "node:tls";

interface At {
  /** host:port */
  readonly address: string;
}

const path = "/switch/v1/verify";

/** The status of a payment over a connection that stays open. */
export function over(agent: Agent, { address }: At, text: string): Promise<number> {
  const [host, port] = address.split(":");
  const headers = { "content-type": "application/json", "content-length": text.length };
  const options = { host, port, path, headers, agent, method: "POST", servername: "localhost" };
  return new Promise((resolve, reject) => {
    const call = request(options, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    call.on("error", reject).end(text);
  });
}

export interface Knock {
  /** What a later connection may begin from. */
  readonly session: Buffer | undefined;
  /** Everything that came back; "" where the connection was refused. */
  readonly said: string;
}

/** One payment over a connection of its own, resumed from a TLS session where there is one. */
export function knockAt(
  { address }: At,
  tls: { readonly ca: string; readonly cert: string; readonly key: string },
  text: string,
  session: Buffer | undefined,
): Promise<Knock> {
  const [host = "", port] = address.split(":");
  const resumed = session === undefined ? {} : { session };
  return new Promise((resolve) => {
    let known: Buffer | undefined;
    let said = "";
    const target = { host, port: Number(port), servername: "localhost" };
    const socket = connect({ ...target, ...tls, ...resumed });
    socket.on("session", (given) => {
      known = given;
    });
    socket.on("data", (chunk) => {
      said += chunk.toString();
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve({ session: known, said }));
    const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close`;
    const type = `content-type: application/json\r\ncontent-length: ${text.length}`;
    socket.write(`${head}\r\n${type}\r\n\r\n${text}`);
  });
}
