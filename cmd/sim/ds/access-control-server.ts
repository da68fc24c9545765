// An issuer's access control server: it learns the card of a token payment from what was encrypted
// to it, checks the cardholder, and says so with a value that only its issuer can make.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { type ClientOpener, openPan } from "../../../api/http/mod.ts";
import { type Called, HttpListener, type Said } from "../http-listener.ts";
import { type ARes, areq } from "../three-ds.ts";
import type { PiavKey } from "./piav.ts";

const { acctNumber, ...rest } = areq.properties;
const dsTransID = rest.threeDSServerTransID;

/** As the directory server passes it on: with the card number, or with its JWE to us. */
export const passedAreq = Type.Object(
  {
    ...rest,
    dsTransID,
    acctNumber: Type.Optional(acctNumber),
    encryptedAcctNumber: Type.Optional(Type.String({ maxLength: 8_192 })),
  },
  { additionalProperties: false },
);
export type PassedAReq = Static<typeof passedAreq>;

export interface AcsOptions {
  readonly opener: ClientOpener;
  readonly piavs: PiavKey;
  /** From this amount on the cardholder is not who he says; null: he always is. */
  readonly declineFrom: number | null;
}

/** Above this the cardholder is asked something. */
const challengeAbove = 250_00;

export class AccessControlServer {
  /** Sentences about what should not have come. */
  readonly faults: string[] = [];
  readonly #options: AcsOptions;
  #listener: HttpListener | null = null;

  private constructor(options: AcsOptions) {
    this.#options = options;
  }

  static async open(
    listen: { readonly host: string; readonly port: number },
    options: AcsOptions,
  ): Promise<AccessControlServer> {
    const server = new AccessControlServer(options);
    server.#listener = await HttpListener.open(listen, (called) => server.#answer(called));
    return server;
  }

  get url(): string {
    return this.#listener?.url ?? "";
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  async #answer({ body }: Called): Promise<Said> {
    let question: unknown;
    try {
      question = JSON.parse(body.toString("utf8"));
    } catch {
      question = undefined;
    }
    if (!Value.Check(passedAreq, question)) {
      this.faults.push("A question to the access control server is none.");
      return { status: 400 };
    }
    return { status: 200, body: await this.#judge(question) };
  }

  async #judge(question: PassedAReq): Promise<ARes> {
    const { threeDSServerTransID, dsTransID: dsTransId, purchaseAmount: amount } = question;
    const answer = { messageType: "ARes", threeDSServerTransID, dsTransID: dsTransId } as const;
    const pan = await this.#cardOf(question);
    if (pan === null) {
      return { ...answer, transStatus: "U", cardholderInfo: "The card cannot be read." };
    }
    const { declineFrom, piavs } = this.#options;
    if (declineFrom !== null && amount >= declineFrom) {
      return { ...answer, transStatus: "N", cardholderInfo: "The cardholder said no." };
    }
    const currency = question.purchaseCurrency;
    return {
      ...answer,
      transStatus: "Y",
      authenticationValue: piavs.make({ pan, dsTransId, amount, currency }),
      eci: "05",
      flow: amount > challengeAbove ? "CHALLENGE" : "FRICTIONLESS",
    };
  }

  async #cardOf({ acctNumber: clear, encryptedAcctNumber }: PassedAReq): Promise<string | null> {
    if (clear !== undefined) return clear;
    try {
      const digits = await openPan(encryptedAcctNumber ?? "", this.#options.opener);
      return digits.toString("latin1");
    } catch {
      this.faults.push("A card number was not encrypted to this access control server.");
      return null;
    }
  }
}
