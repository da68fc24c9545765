// `--mix good=80,replay=5,…`: which kinds of traffic are sent, in which shares.
import { appError } from "../../../platform/mod.ts";
import { type Scenario, scenarios } from "./scenarios.ts";

export interface Share {
  readonly scenario: Scenario;
  readonly weight: number;
}

export type Mix = readonly Share[];

/** What a switch sees on an ordinary day, with more bad traffic than it deserves. */
export const defaultMix =
  "good=70,replay=3,retransmit=3,amount=3,trid=2,no-ptav=2,bad-ptav=1,expiry=1,channel=1,stale=1," +
  "unknown=1,mit-unknown=2,agreement=2,mit=3,reversal=2,refund=1,advice=2";

/** Total of all weights: beyond it the rarest kind would hardly ever be sent. */
const weightMax = 1_000_000;

/** Throws USAGE with the name that is wrong. */
export function parseMix(text: string): Mix {
  const shares = text.split(",").map((part) => {
    const [name = "", weight = ""] = part.split("=");
    const scenario = scenarios.get(name.trim());
    if (scenario === undefined) {
      const known = [...scenarios.keys()].join(", ");
      throw appError("USAGE", `There is no traffic called "${name.trim()}"; known are ${known}.`);
    }
    if (!/^\d{1,6}$/.test(weight.trim())) {
      throw appError(
        "USAGE",
        `The share of ${scenario.name} must be a whole number, as in good=80.`,
      );
    }
    return { scenario, weight: Number(weight) };
  });
  const total = shares.reduce((sum, share) => sum + share.weight, 0);
  if (total === 0 || total > weightMax) {
    throw appError("USAGE", "The shares of a mix must add up to 1 to 1,000,000.");
  }
  return shares;
}

/**
 * Draws kinds so that every stretch of the traffic has the shares of the whole: the kind that is
 * furthest behind its share comes next. No randomness: the same mix gives the same order.
 */
export function createMixer(mix: Mix): () => Scenario {
  const shares = mix.filter((share) => share.weight > 0);
  const total = shares.reduce((sum, share) => sum + share.weight, 0);
  const credit = shares.map(() => 0);
  return () => {
    let best = 0;
    for (let i = 0; i < shares.length; i++) {
      credit[i]! += shares[i]!.weight;
      if (credit[i]! > credit[best]!) best = i;
    }
    credit[best]! -= total;
    return shares[best]!.scenario;
  };
}
