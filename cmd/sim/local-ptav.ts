// PTAVs minted by the simulator itself, with the token service's own key: for machines where the
// simulator sits beside the vault, and for PTAVs that no service would issue (expired ones).
import {
  encodePtavText,
  MAC_INPUT_BYTES,
  PTAV_BYTES,
  PTAV_HEADER_BYTES,
  PTAV_TEXT,
  ptavMacOffset,
  ptavProfileBit,
  writeMacInput,
  writePtavHeader,
} from "../../codec/ptav/mod.ts";
import { Cmac, type KeyRing } from "../../crypto/mod.ts";
import type { Clock } from "../../platform/mod.ts";
import type { PtavRequest, PtavSource } from "./tokens.ts";

const nonceBytes = 6;
const currency = Buffer.from("458", "latin1");

export interface LocalPtavOptions {
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly random: (bytes: number) => Buffer;
  /** Nothing is stamped at or below this time: the fence of a service that was just started. */
  readonly notBefore?: number;
}

/** A source of PTAVs bound to amount and merchant, under the active PTAV key of `ring`. */
export function localPtavSource(options: LocalPtavOptions): PtavSource {
  const key = options.ring.active("ptav");
  const cmac = new Cmac(key.bytes);
  const ptav = Buffer.alloc(PTAV_BYTES);
  const input = Buffer.alloc(MAC_INPUT_BYTES);
  const text = Buffer.alloc(PTAV_TEXT);
  const profile = ptavProfileBit.AMOUNT | ptavProfileBit.MERCHANT;
  const get = (request: PtavRequest): string => {
    const now = Math.floor(options.clock.nowMs() / 1_000);
    const fresh = Math.max(now, (options.notBefore ?? 0) + 1);
    const age = request.ageSeconds ?? 0;
    const issuedAt = age > 0 ? now - age : fresh;
    writePtavHeader(ptav, 0, profile, key.version, options.random(nonceBytes), 0, issuedAt);
    writeInput(input, ptav, request);
    cmac.mac(input, 0, MAC_INPUT_BYTES, ptav, ptavMacOffset, PTAV_BYTES - PTAV_HEADER_BYTES);
    encodePtavText(ptav, 0, text, 0);
    return text.toString("latin1");
  };
  return { local: true, get };
}

function writeInput(input: Buffer, ptav: Buffer, request: PtavRequest): void {
  const { token } = request;
  const tpan = Buffer.from(token.tpan, "latin1");
  const expiry = Buffer.from(token.tpanExpiry, "latin1");
  const trid = Buffer.from(token.trid, "latin1");
  const amount = Buffer.from(String(request.amount).padStart(12, "0"), "latin1");
  const merchant = Buffer.from(request.merchantId, "latin1");
  const written = writeMacInput(
    input,
    0,
    ptav,
    0,
    tpan,
    0,
    tpan.length,
    expiry,
    0,
    trid,
    0,
    trid.length,
    amount,
    0,
    currency,
    0,
    merchant,
    0,
    merchant.length,
  );
  if (!written) throw new Error("the payment does not fit the PTAV's MAC input");
}
