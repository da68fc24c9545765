// A TCP connection with ISO 8583 as a lane. Answers are matched by DE37, which counts up; an echo
// gives the same answer to everything, but in order.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { START_BYTES } from "../../api/iso/mod.ts";
import { FrameReader, frame } from "../../codec/iso8583/mod.ts";
import { Cmac } from "../../crypto/mod.ts";
import { signOnFrame } from "../service/iso-load.ts";
import { host, macAddress } from "../service/serve-options.ts";
import { AnswerReason, unreadable } from "./answer-reason.ts";
import type { Lane, LaneListener } from "./open-loop.ts";
import type { WireBlock } from "./wire.ts";

/** The door takes as many unanswered messages of a connection before it stops reading. */
const windowMessages = 1_024;

export interface IsoTarget {
  readonly port: number;
  /** Key of the peer that signs; null: the peer that does not. */
  readonly macKey: Buffer | null;
  /** An echo answers in order. */
  readonly inOrder: boolean;
}

export class IsoLane implements Lane {
  readonly #socket: Socket;
  readonly #listener: LaneListener;
  readonly #reader = new FrameReader();
  readonly #answers = new AnswerReason();
  readonly #waiting: number[] | null;
  #signedOn: (() => void) | null = null;
  #underWay = 0;
  #closing = false;

  private constructor(socket: Socket, target: IsoTarget, listener: LaneListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#waiting = target.inOrder ? [] : null;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => listener.broken(error));
    socket.on("close", () => {
      if (!this.#closing) listener.broken(new Error("the service ended the connection"));
    });
  }

  static async open(target: IsoTarget, listener: LaneListener): Promise<IsoLane> {
    const { port, macKey } = target;
    const socket = connect({ host, port, localAddress: macKey === null ? host : macAddress });
    await once(socket, "connect");
    const lane = new IsoLane(socket, target, listener);
    await new Promise<void>((resolve) => {
      lane.#signedOn = resolve;
      socket.write(signOnFrame(macKey === null ? null : new Cmac(macKey)));
    });
    return lane;
  }

  send(block: WireBlock, first: number, end: number, numberOfFirst: number): boolean {
    const many = end - first;
    if (this.#underWay + many > windowMessages || this.#socket.writableNeedDrain) return false;
    const from = block.offsets[first] as number;
    this.#socket.write(block.bytes.subarray(from, block.offsets[end]));
    this.#underWay += many;
    for (let i = 0; this.#waiting !== null && i < many; i++) this.#waiting.push(numberOfFirst + i);
    return true;
  }

  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    const reader = this.#reader;
    for (let at = 0; at < chunk.length; ) {
      at += reader.push(chunk, at);
      while (reader.next() === frame.READY) this.#take(reader);
      if (reader.broken) {
        this.#listener.broken(new Error("the service sent a broken frame"));
        return;
      }
    }
  }

  #take({ buf, offset, length }: FrameReader): void {
    if (this.#signedOn !== null) {
      this.#signedOn();
      this.#signedOn = null;
      return;
    }
    this.#underWay--;
    const code = this.#answers.read(buf, offset + START_BYTES, length - START_BYTES);
    // The first payment of a run has sequence 1.
    const message = this.#waiting?.shift() ?? this.#answers.sequence() - 1;
    if (code === unreadable) this.#listener.failed(message, "an answer that cannot be right");
    else this.#listener.answered(message, code);
  }
}
