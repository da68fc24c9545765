// One unary call: a payment out of the pool, or now and then a replay of one that was approved.
import { check } from "k6";
import { Client, StatusOK } from "k6/net/grpc";
import { address, isEcho, protoDir } from "./k6-env.ts";
import { type Payment, Stock } from "./payments.ts";

/** Every fiftieth payment of a virtual user is a replay of its last good one. */
const replayEvery = 50;
const replayReason = 2_006;

const client = new Client();
client.load([protoDir], "pantun/switch/v1/switch_service.proto");
const stock = new Stock<Payment>("unary", 32);
let connected = false;
let taken = 0;
let approved: Payment | null = null;

function next(): Payment {
  taken++;
  if (taken % replayEvery !== 0 || approved === null) return stock.take();
  // Another transaction: the same cryptogram under another reference.
  const rrn = String(900_000_000_000 + taken);
  const request = { ...approved.request, rrn, stan: "999999" };
  approved = null;
  return { request, reason: replayReason };
}

export function unaryCall(): void {
  // Connecting while a test is set up is refused by k6; each virtual user keeps its connection.
  if (!connected) client.connect(address, { plaintext: true });
  connected = true;
  const payment = next();
  const response = client.invoke("pantun.switch.v1.SwitchService/Verify", payment.request);
  const message = response.message as { reasonCode?: number; pan?: string } | null;
  const code = message?.reasonCode ?? 0;
  check(response, {
    "status is OK": ({ status }) => status === StatusOK,
    "reason as it must be": () => isEcho || code === payment.reason,
    "a card where approved, and only there": () => isEcho || (code === 0) === Boolean(message?.pan),
  });
  if (code === 0 && payment.reason === 0) approved = payment;
}
