// One session with one frame of ISO 8583 messages: opened, answered, ended.
import { check } from "k6";
import { b64decode } from "k6/encoding";
import { Trend } from "k6/metrics";
import { Client, Stream } from "k6/net/grpc";
import { address, isEcho, protoDir } from "./k6-env.ts";
import { type Frame, Stock } from "./payments.ts";

/** From the frame's departure to its last answer, ms. */
export const frameDuration = new Trend("pantun_frame_duration", true);

/** Correlation id and length before every message of a block. */
const itemHeadBytes = 12;

/** DE120: tag 13 of four digits, then tag 14 of 36 characters. */
const reasonPattern = /13004(\d{4})14036/;

const client = new Client();
client.load([protoDir], "pantun/switch/v1/switch_service.proto");
const stock = new Stock<Frame>("frames", 2);
let connected = false;

/** Reasons by correlation id out of one block of answers. */
function readBlock(block: string, into: Map<number, number>): void {
  const bytes = b64decode(block, "std") as ArrayBuffer;
  const view = new DataView(bytes);
  const octets = new Uint8Array(bytes);
  for (let at = 0; at < octets.length; ) {
    const correlation = view.getUint32(at + 4);
    const length = view.getUint32(at + 8);
    at += itemHeadBytes;
    const message = String.fromCharCode(...octets.subarray(at, at + length));
    const reason = reasonPattern.exec(message)?.[1];
    into.set(correlation, reason === undefined ? -1 : Number(reason));
    at += length;
  }
}

export function sessionCall(): void {
  if (!connected) client.connect(address, { plaintext: true });
  connected = true;
  const frame = stock.take();
  const reasons = new Map<number, number>();
  const stream = new Stream(client, "pantun.switch.v1.SwitchService/Session");
  let began = 0;
  stream.on("data", (message: unknown) => {
    const { block } = message as { block?: string };
    if (block !== undefined) readBlock(block, reasons);
    if (reasons.size === frame.reasons.length) {
      frameDuration.add(Date.now() - began);
      stream.end();
    }
  });
  stream.on("error", (error: unknown) => {
    check(error, { "session without an error": () => false });
  });
  stream.on("end", () => {
    check(reasons, {
      "every payment answered": () => reasons.size === frame.reasons.length,
      "reasons as they must be": () =>
        isEcho || frame.reasons.every((reason, i) => reasons.get(i) === reason),
    });
  });
  began = Date.now();
  stream.write({ block: frame.block });
}
