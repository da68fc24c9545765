// Payments for k6, over HTTP on loopback: made when they are asked for, with the development keys
// of the bench's vault, and given to one caller only.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { reason } from "../../platform/mod.ts";
import type { VerifyRequest } from "../../proto/mod.ts";
import type { BenchVault } from "../lib/bench-vault.ts";
import { MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { requestOf } from "../load/wire.ts";

const host = "127.0.0.1";
const countMax = 256;

/** Every twentieth payment names another requestor, every fortieth has another amount. */
const otherRequestorEvery = 20;
const otherAmountEvery = 40;

const itemHeadBytes = 12;

interface Made {
  readonly message: Buffer;
  readonly reason: number;
}

export class PaymentPool {
  readonly #maker: MessageMaker;
  #given = 0;

  constructor(vault: BenchVault) {
    const ptavKey = vault.ring.active("ptav");
    const choose = new Chooser(process.pid);
    this.#maker = new MessageMaker({ deck: vault.deck, ptavKey, macKey: null, choose });
  }

  /** Fresh payments of this second, some bad in a known way. */
  payments(count: number): Made[] {
    const now = Math.floor(Date.now() / 1_000);
    const reasons: number[] = [];
    const { places } = this.#maker;
    const { bytes, length } = this.#maker.make(count, now, now, (block, at, i) => {
      reasons[i] = 0;
      const number = this.#given++;
      if (number % otherRequestorEvery === 1) {
        turnDigit(block, at + places.trid + 10);
        reasons[i] = reason.TRID_MISMATCH;
      } else if (number % otherAmountEvery === 2) {
        turnDigit(block, at + places.amount + 11);
        reasons[i] = reason.PTAV_INVALID;
      }
    });
    return reasons.map((code, i) => ({
      message: bytes.subarray(i * length, (i + 1) * length),
      reason: code,
    }));
  }

  /** As the scripts' `Payment`s. */
  unary(count: number): object[] {
    const view = mydebit.createView();
    return this.payments(count).map(({ message, reason: code }) => {
      const status = mydebit.scanMessage(view, message, 0, message.length);
      if (status !== 0) throw mydebit.error(status, view);
      return { request: jsonOf(requestOf(view)), reason: code };
    });
  }

  /** As the scripts' `Frame`s. */
  frames(count: number, items: number): object[] {
    return Array.from({ length: count }, () => {
      const made = this.payments(items);
      const block = Buffer.concat(
        made.flatMap(({ message }, i) => {
          const head = Buffer.alloc(itemHeadBytes);
          head.writeUInt32BE(i, 4);
          head.writeUInt32BE(message.length, 8);
          return [head, message];
        }),
      );
      return { block: block.toString("base64"), reasons: made.map((one) => one.reason) };
    });
  }
}

/** The request in protobuf's JSON form: text fields that are set, numbers of 64 bits as text. */
function jsonOf(request: VerifyRequest): Record<string, string> {
  const json: Record<string, string> = { amount: String(request.amount) };
  for (const [name, value] of Object.entries(request)) {
    if (typeof value === "string" && value !== "") json[name] = value;
  }
  return json;
}

function turnDigit(bytes: Buffer, at: number): void {
  bytes[at] = 0x30 + (((bytes[at] as number) - 0x30 + 1) % 10);
}

export interface PoolServer {
  readonly url: string;
  close(): void;
}

/** `GET /unary?count=N` and `GET /frames?count=N`. */
export async function servePool(pool: PaymentPool, frameItems: number): Promise<PoolServer> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${host}`);
    const count = Number(url.searchParams.get("count"));
    const known = url.pathname === "/unary" || url.pathname === "/frames";
    if (!known || !Number.isInteger(count) || count < 1 || count > countMax) {
      response.statusCode = 400;
      response.end();
      return;
    }
    const items = url.pathname === "/unary" ? pool.unary(count) : pool.frames(count, frameItems);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(items));
  });
  server.listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://${host}:${port}`, close: () => server.close() };
}
