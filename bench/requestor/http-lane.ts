// One keep-alive connection of HTTP/1.1 as a lane: one request under way, its bytes made before,
// the answer read with next to no work.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { reason } from "../../platform/mod.ts";
import type { Lane, LaneListener } from "../load/open-loop.ts";
import type { WireBlock } from "../load/wire.ts";

/** What is wrong with an answer, or null. `message`: the number of its request in the run. */
export type Judge = (message: number, status: number, body: Buffer) => string | null;

const none = -1;
const headEnd = Buffer.from("\r\n\r\n");
const statusAt = "HTTP/1.1 ".length;
const overloaded = new Set([429, 503]);

export class HttpLane implements Lane {
  readonly #socket: Socket;
  readonly #judge: Judge;
  readonly #listener: LaneListener;
  #message = none;
  #read: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket, judge: Judge, listener: LaneListener) {
    this.#socket = socket;
    this.#judge = judge;
    this.#listener = listener;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#arrived(chunk));
    socket.on("error", (error) => listener.broken(error));
    socket.on("close", () => listener.broken(new Error("the connection ended")));
  }

  /** `address`: host:port. */
  static async open(address: string, judge: Judge, listener: LaneListener): Promise<HttpLane> {
    const at = address.lastIndexOf(":");
    const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
    await once(socket, "connect");
    return new HttpLane(socket, judge, listener);
  }

  send(block: WireBlock, first: number, end: number, numberOfFirst: number): boolean {
    if (this.#message !== none) return false;
    if (end - first !== 1) throw new RangeError("one request at a time");
    this.#message = numberOfFirst;
    const from = block.offsets[first] as number;
    this.#socket.write(block.bytes.subarray(from, block.offsets[end]));
    return true;
  }

  close(): void {
    this.#socket.removeAllListeners("close");
    this.#socket.destroy();
  }

  #arrived(chunk: Buffer): void {
    this.#read = this.#read.length === 0 ? chunk : Buffer.concat([this.#read, chunk]);
    const bytes = this.#read;
    const end = bytes.indexOf(headEnd);
    if (end < 0) return;
    const head = bytes.toString("latin1", 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const body = end + headEnd.length;
    if (bytes.length < body + Number(length ?? 0)) return;
    this.#read = Buffer.alloc(0);
    const message = this.#message;
    this.#message = none;
    const status = Number(head.slice(statusAt, statusAt + 3));
    if (overloaded.has(status)) this.#listener.answered(message, reason.OVERLOADED);
    else {
      const why = this.#judge(message, status, bytes.subarray(body));
      if (why === null) this.#listener.answered(message, 0);
      else this.#listener.failed(message, why);
    }
  }
}
