// Unary calls as a lane: one connection, one call a payment, requests encoded beforehand.
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { reason } from "../../platform/mod.ts";
import { SwitchServiceService, VerifyResponse } from "../../proto/mod.ts";
import { testRange } from "../../vault/mod.ts";
import type { Lane, LaneListener } from "./open-loop.ts";
import type { WireBlock } from "./wire.ts";

/** The door takes 128 streams a connection. */
const windowCalls = 96;
const connectLimitMs = 10_000;
const deadlineMs = 5_000;

const { path } = SwitchServiceService.verify;
const asItIs = (bytes: Buffer) => bytes;
const decode = (bytes: Buffer) => VerifyResponse.decode(bytes);
const cardHead = Buffer.from(testRange, "latin1");

export class UnaryLane implements Lane {
  readonly #client: Client;
  readonly #listener: LaneListener;
  readonly #metadata = new Metadata();
  #underWay = 0;

  private constructor(client: Client, listener: LaneListener) {
    this.#client = client;
    this.#listener = listener;
  }

  static async open(address: string, listener: LaneListener): Promise<UnaryLane> {
    const client = new Client(address, credentials.createInsecure(), {
      "grpc.use_local_subchannel_pool": 1,
      "grpc.enable_retries": 0,
      "grpc.enable_channelz": 0,
    });
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + connectLimitMs, (error) =>
        error ? reject(error) : resolve(),
      );
    });
    return new UnaryLane(client, listener);
  }

  send(block: WireBlock, first: number, end: number, numberOfFirst: number): boolean {
    if (this.#underWay + end - first > windowCalls) return false;
    for (let i = first; i < end; i++) {
      const from = block.offsets[i] as number;
      const length = (block.offsets[i + 1] as number) - from;
      const bytes = Buffer.from(block.bytes.buffer, block.bytes.byteOffset + from, length);
      this.#call(numberOfFirst + i - first, bytes);
    }
    return true;
  }

  close(): void {
    this.#client.close();
  }

  #call(message: number, bytes: Buffer): void {
    this.#underWay++;
    const done = (error: ServiceError | null, response?: VerifyResponse) => {
      this.#underWay--;
      if (response !== undefined) this.#answered(message, response);
      else if (error?.code === status.RESOURCE_EXHAUSTED) {
        this.#listener.answered(message, reason.OVERLOADED);
      } else this.#listener.failed(message, `gRPC status ${error?.code}`);
    };
    const options = { deadline: Date.now() + deadlineMs };
    this.#client.makeUnaryRequest(path, asItIs, decode, bytes, this.#metadata, options, done);
  }

  #answered(message: number, { reasonCode, pan }: VerifyResponse): void {
    const card = pan.subarray(0, cardHead.length);
    if (reasonCode === 0 && cardHead.compare(card) !== 0) {
      this.#listener.failed(message, "an approval without a card");
    } else this.#listener.answered(message, reasonCode);
  }
}
