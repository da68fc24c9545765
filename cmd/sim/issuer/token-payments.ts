// An issuer's host that knows token payments: what field 120 must tell it, what must never reach
// it, and whether a 3-D Secure value is one that its own server made.
import { maskPan } from "../../../codec/pan/mod.ts";
import type { PiavKey } from "../ds/piav.ts";
import { HostRules, type HostVerdict } from "../host/rules.ts";
import { tokenTags } from "../token-tags.ts";

export interface SeenPayment {
  /** Masked. */
  readonly card: string;
  readonly expiry: string;
  readonly tpan: string;
  /** Tag 12. */
  readonly ptavResult: string;
  /** True: checked by this issuer's own server, for this card and amount. */
  readonly authenticated: boolean;
  readonly code: string;
}

/** Tags that every token payment has: the token, whose it is, and what was verified. */
const expectedTags = ["01", "02", "03", "05", "07", "10", "11", "12", "14"];
/** What stays between the network and the token service: PTAV, its reason, mark of a repetition. */
const foreignTags = ["04", "13", "20"];

export class TokenPaymentRules extends HostRules {
  readonly seen: SeenPayment[] = [];
  readonly #piavs: PiavKey;

  constructor(piavs: PiavKey) {
    super([]);
    this.#piavs = piavs;
  }

  override judge(mti: string, values: Readonly<Record<string, string>>): HostVerdict {
    const verdict = super.judge(mti, values);
    if (mti !== "0100" && mti !== "0200") return verdict;
    const { "2": pan = "", "4": amount = "", "14": expiry = "", "49": currency = "" } = values;
    const tags = tokenTags(values["120"] ?? "");
    const { "15": piav = "", "17": dsTransId = "" } = tags;
    const purchase = { pan, dsTransId, amount: Number(amount), currency };
    const authenticated = piav !== "" && this.#piavs.fits(piav, purchase);
    const code = this.#codeOf(pan, tags, piav !== "" && !authenticated);
    const { "01": tpan = "", "12": ptavResult = "" } = tags;
    this.seen.push({ card: maskPan(pan), expiry, tpan, ptavResult, authenticated, code });
    // DE38, with which it knows the approval again.
    const set = code === "00" ? { "38": String(this.seen.length).padStart(6, "0") } : {};
    return { ...verdict, code, set };
  }

  #codeOf(pan: string, tags: Readonly<Record<string, string>>, forged: boolean): string {
    const lacks = expectedTags.some((tag) => tags[tag] === undefined);
    if (lacks || foreignTags.some((tag) => tags[tag] !== undefined)) return "30";
    const { "01": tpan, "05": initiation, "12": result } = tags;
    if (pan === tpan) return "14";
    if (result !== (initiation === "M" ? "N" : "V") || forged) return "59";
    return "00";
  }
}
