// MyDebit NET between an acquirer, the token service and an issuer's host: what an acquirer sends
// is verified and de-tokenised by the service, and only what it approved goes on to the issuer,
// with the card and what the issuer shall know of the token. The answer does not pass the service.
import { mydebit, raw2 } from "../../../codec/iso8583/mod.ts";
import type { Clock } from "../../../platform/mod.ts";
import { HostRules, type HostVerdict } from "../host/rules.ts";
import { SimHost } from "../host/sim-host.ts";
import { encodeMessage } from "../messages.ts";
import type { SwitchClient } from "../switch-client.ts";
import { tokenTags } from "../token-tags.ts";

export interface NetworkOptions {
  /** Where acquirers call. */
  readonly listen: { readonly host: string; readonly port: number };
  /** The token service; every message to it has a MAC. */
  readonly service: SwitchClient;
  readonly issuer: SwitchClient;
  readonly clock: Clock;
}

export interface Passed {
  /** The service's reason (tag 13), "" where it did not answer. */
  readonly reason: string;
  /** Null where the payment never went to the issuer. */
  readonly issuerCode: string | null;
}

type Values = Readonly<Record<string, string>>;

/** Tags that are not for the issuer: PTAV, reason, mark of a repetition. */
const ownTags = ["04", "13", "20"];
const macPlace = "00".repeat(8);

const verdictOf = (code: string, set: Values = {}): HostVerdict => {
  return { code, set, delayMs: 0, action: "answer" };
};

export class Network {
  /** Of each payment, in the order in which they were decided. */
  readonly passed: Passed[] = [];
  readonly #options: NetworkOptions;
  readonly #host: SimHost;
  #port = 0;

  private constructor(options: NetworkOptions) {
    this.#options = options;
    this.#host = new SimHost({
      listen: options.listen,
      tls: null,
      codec: mydebit,
      framing: raw2,
      rules: new HostRules([]),
      decide: (mti, values) => this.#decide(mti, values),
      clock: options.clock,
      needsSignOn: true,
    });
  }

  static async open(options: NetworkOptions): Promise<Network> {
    const network = new Network(options);
    network.#port = await network.#host.listen();
    return network;
  }

  get port(): number {
    return this.#port;
  }

  close(): Promise<void> {
    return this.#host.close();
  }

  async #decide(mti: string, values: Values): Promise<HostVerdict> {
    const { service, issuer } = this.#options;
    const verified = await ask(service, mti, { ...values, "128": macPlace });
    const tags = tokenTags(verified?.["120"] ?? "");
    const reason = tags["13"] ?? "";
    const decline = (code: string): HostVerdict => {
      this.passed.push({ reason, issuerCode: null });
      return verdictOf(code);
    };
    // Nothing goes to the issuer with a token in the place of a card.
    if (verified === null) return decline("91");
    if (verified["39"] !== "00" || tags["20"] === "R") return decline(verified["39"] ?? "96");
    const { "2": pan = "", "14": expiry = "" } = verified;
    const issuerData = Object.entries(tags).filter(([tag]) => !ownTags.includes(tag));
    const answer = await ask(issuer, mti, {
      ...values,
      "2": pan,
      "14": expiry,
      "120": Object.fromEntries(issuerData),
    });
    const issuerCode = answer?.["39"] ?? "91";
    this.passed.push({ reason, issuerCode });
    const approval = answer?.["38"];
    return verdictOf(issuerCode, approval === undefined ? {} : { "38": approval });
  }
}

/** The answer's elements; null where nothing could be sent, none came, or one with a wrong MAC. */
function ask(
  client: SwitchClient,
  mti: string,
  fields: Readonly<Record<string, string | Record<string, string>>>,
): Promise<Values | null> {
  return new Promise((resolve) => {
    try {
      client.send(encodeMessage({ mti, fields }), (answer) => {
        resolve(answer?.macOk === true ? mydebit.values(answer.view) : null);
      });
    } catch {
      resolve(null);
    }
  });
}
