// One message of every kind that a switch sends, as bytes from the MTI on.

import {
  advice,
  byOriginal,
  encodeMessage,
  type Payment,
  refund,
  verification,
} from "../../cmd/sim/messages.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";

export function payment(stan: number): Payment {
  return {
    tpan: knownTpan,
    tpanExpiry: knownTpanExpiry,
    trid: knownTrid,
    amount: 12_345,
    merchantId: "MERCHANT0000001",
    acquirerId: "458001",
    stan,
    rrn: `60010${String(stan).padStart(7, "0")}`,
    seconds: Math.floor(Date.now() / 1_000),
    initiation: "C",
    ptav: "EwEAAKGyw9RpVbkAuHbVDFLsKAk=",
  };
}

export function purchase(stan: number, withMac = false): Buffer {
  return encodeMessage(verification(payment(stan), { mti: "0100", withMac }));
}

/** Every kind of payment message, by name. */
export function everyKind(withMac: boolean): ReadonlyMap<string, Buffer> {
  const original = {
    payment: payment(9),
    mti: "0100",
    verificationId: "01900000-0000-7000-8000-000000000001",
  };
  const later = { stan: 10, rrn: "600100000010", seconds: payment(1).seconds };
  const at = (mti: string) => ({ mti, withMac });
  const mit: Payment = {
    ...payment(3),
    initiation: "M",
    mitType: "R",
    agreementId: "SUB-1",
  };
  const messages = [
    ["0100", verification(payment(1), at("0100"))],
    ["0101", verification(payment(1), at("0101"))],
    ["0200", verification(payment(2), at("0200"))],
    ["0201 of a merchant", verification(mit, at("0201"))],
    ["0200 refund", refund(original, later, 500, at("0200"))],
    ["0120", advice(original, later, "00", at("0120"))],
    ["0121", advice(original, later, "05", at("0121"))],
    ["0220", byOriginal(original, later, at("0220"))],
    ["0400", byOriginal(original, later, at("0400"))],
    ["0421", byOriginal(original, later, at("0421"))],
  ] as const;
  return new Map(messages.map(([name, input]) => [name, encodeMessage(input)]));
}
