// A token requestor's server: it has cardholders checked, gets tokens for their cards, keeps them
// under names of its own, and fetches a cryptogram for each payment.
import { randomBytes, randomUUID } from "node:crypto";
import type { ApiAnswer, ApiCall, ApiClient, HttpPeer, ServedId } from "../../../api/http/mod.ts";
import { appError, type Clock } from "../../../platform/mod.ts";
import { type ARes, authenticate, verificationOf } from "../three-ds.ts";
import type { StoredToken } from "../token-file.ts";

export interface RequestorOptions {
  readonly client: ApiClient;
  readonly trid: string;
  readonly clock: Clock;
  /** Where cardholders are checked; null: checks are made up. */
  readonly directory: HttpPeer | null;
  /** DE32 and DE42 of its payments. */
  readonly acquirerId: string;
  readonly merchantId: string;
}

export interface PlainCard {
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
  readonly securityCode?: string;
}

/** What a payment carries beside its amount. */
export interface TokenData {
  readonly ptav: string;
  readonly tpan: string;
  readonly tpanExpiry: string;
  readonly trid: string;
  readonly expiresAt: string;
}

const currency = "458";
const referenceForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class Requestor {
  readonly options: RequestorOptions;
  /** By the name that it has here. */
  readonly #tokens = new Map<string, StoredToken>();

  constructor(options: RequestorOptions) {
    this.options = options;
  }

  get tokens(): readonly StoredToken[] {
    return [...this.#tokens.values()];
  }

  /** A token without a name goes by its reference. */
  keep(token: StoredToken): void {
    this.#tokens.set(token.name === "" ? token.tokenRef : token.name, token);
  }

  /** USAGE where no token has this name. */
  token(name: string): StoredToken {
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    if (referenceForm.test(name)) {
      return { trid: this.options.trid, tokenRef: name, name: "", tpan: "", tpanExpiry: "" };
    }
    throw appError("USAGE", `No token is called ${name} here: provision it first.`);
  }

  nameOf(tokenRef: string): string {
    const found = this.tokens.find((one) => one.tokenRef === tokenRef);
    return found === undefined || found.name === "" ? tokenRef : found.name;
  }

  call(id: ServedId, call: ApiCall = {}): Promise<ApiAnswer> {
    return this.options.client.call(id, { trid: this.options.trid, ...call });
  }

  /** A call about one token. */
  about(id: ServedId, name: string, call: ApiCall = {}): Promise<ApiAnswer> {
    const { trid, tokenRef } = this.token(name);
    return this.call(id, { trid, params: { tokenRef }, ...call });
  }

  /**
   * Has the cardholder checked, and asks for a token. What is approved is kept under `name`. Who
   * asks again under one key says the same again: the check, and when the cardholder consented.
   */
  async provision(
    name: string,
    card: PlainCard,
    { idempotencyKey }: Pick<ApiCall, "idempotencyKey"> = {},
    checked?: { readonly check: ARes; readonly atMs: number },
  ): Promise<ApiAnswer> {
    const { trid, clock } = this.options;
    const check = checked?.check ?? (await this.checkCard(card));
    const now = new Date(checked?.atMs ?? clock.nowMs());
    const answer = await this.call("provisionToken", {
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      body: {
        trid,
        requestRef: name,
        tokenType: "ECOM_COF",
        panSource: "CARD_ADDED_MANUALLY",
        encryptedCard: await this.#seal(card),
        cardholderVerification: verificationOf(check, now, `purchase-of-${name}`),
        consent: { given: true, at: now.toISOString(), termsVersion: "1" },
      },
    });
    if (answer.code !== "OK") return answer;
    const { tokenRef, tpan, tpanExpiry } = answer.body;
    this.keep({ trid, tokenRef, name, tpan, tpanExpiry });
    return answer;
  }

  async search({ pan }: Pick<PlainCard, "pan">): Promise<ApiAnswer> {
    const encryptedCard = await this.#seal({ pan });
    return this.call("searchTokens", { body: { encryptedCard } });
  }

  /** 3-D Secure with the card number: what must come before a token is asked for. */
  checkCard({ pan, expiry }: PlainCard): Promise<ARes> {
    return this.#check(pan, expiry, 1_00);
  }

  /** 3-D Secure with the token number, as before any payment by the cardholder. */
  async checkToken(name: string, amount: number): Promise<ARes> {
    const { trid, tpan, tpanExpiry } = this.token(name);
    if (tpan === "") throw appError("USAGE", `The number of the token ${name} is not known here.`);
    return this.#check(tpan, tpanExpiry, amount, trid);
  }

  /** One cryptogram for one payment. */
  tokenData(name: string, amount: number, merchantId: string): Promise<ApiAnswer> {
    return this.about("getTokenData", name, {
      body: { transactionType: "CIT", amount: { value: amount, currency }, merchantId },
    });
  }

  async #check(account: string, expiry: string, amount: number, trid?: string): Promise<ARes> {
    const { directory, acquirerId, merchantId } = this.options;
    if (directory === null) return madeUpCheck();
    return authenticate(directory, {
      acctNumber: account,
      cardExpiryDate: expiry,
      purchaseAmount: amount,
      purchaseCurrency: currency,
      acquirerBIN: acquirerId,
      acquirerMerchantID: merchantId,
      ...(trid === undefined ? {} : { tokenRequestorID: trid }),
    });
  }

  async #seal({ pan, ...rest }: Partial<PlainCard> & { readonly pan: string }): Promise<string> {
    const { client, trid } = this.options;
    const digits = Buffer.from(pan, "latin1");
    try {
      return await client.seal("listKeys", { pan: digits, ...rest }, { trid });
    } finally {
      digits.fill(0);
    }
  }
}

function madeUpCheck(): ARes {
  return {
    messageType: "ARes",
    threeDSServerTransID: randomUUID(),
    dsTransID: randomUUID(),
    transStatus: "Y",
    authenticationValue: randomBytes(20).toString("base64"),
    eci: "05",
    flow: "CHALLENGE",
  };
}
