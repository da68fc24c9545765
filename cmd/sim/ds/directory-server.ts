// A 3-D Secure directory server. Of a card number it knows the issuer's access control server; of a
// token number it asks the token service, and passes on what it cannot read itself.
import { randomUUID } from "node:crypto";
import { Value } from "typebox/value";
import type { HttpPeer } from "../../../api/http/mod.ts";
import { switchOperations } from "../../../api/switch/mod.ts";
import { maskPan } from "../../../codec/pan/mod.ts";
import { appError, isAppError } from "../../../platform/mod.ts";
import { type Called, HttpListener, type Said } from "../http-listener.ts";
import { type AReq, type ARes, areq, ares } from "../three-ds.ts";
import type { PassedAReq } from "./access-control-server.ts";

export interface DirectoryOptions {
  /** The switch's JSON API of the token service. */
  readonly service: HttpPeer;
  /** Access control servers by the key that the service routes by. */
  readonly acs: ReadonlyMap<string, HttpPeer>;
  /** The one that card numbers belong to. */
  readonly cardsAcs: HttpPeer;
  /** Called with each outcome: what was asked about, masked, and what came of it. */
  readonly told: (outcome: DirectoryOutcome) => void;
}

export interface DirectoryOutcome {
  readonly account: string;
  readonly transStatus: ARes["transStatus"];
  readonly says: string;
  /** False where the token service or a server behind us did what it must not. */
  readonly right: boolean;
}

/** What all token numbers begin with. */
const tokenBin = "608727";
/** Five parts (RFC 7516). */
const compactJwe = /^[\w-]+(\.[\w-]*){3}\.[\w-]+$/;

interface Route {
  readonly to: HttpPeer;
  readonly what: Pick<PassedAReq, "acctNumber" | "encryptedAcctNumber">;
  readonly says: string;
}

interface Refused {
  readonly refused: string;
}

export class DirectoryServer {
  readonly #options: DirectoryOptions;
  #listener: HttpListener | null = null;

  private constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  static async open(
    listen: { readonly host: string; readonly port: number },
    options: DirectoryOptions,
  ): Promise<DirectoryServer> {
    const server = new DirectoryServer(options);
    server.#listener = await HttpListener.open(listen, (called) => server.#answer(called));
    return server;
  }

  get url(): string {
    return this.#listener?.url ?? "";
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }

  async #answer({ method, path, body }: Called): Promise<Said> {
    if (method !== "POST" || path !== "/areq") return { status: 404 };
    let question: unknown;
    try {
      question = JSON.parse(body.toString("utf8"));
    } catch {
      question = undefined;
    }
    if (!Value.Check(areq, question)) return { status: 400 };
    return { status: 200, body: await this.#check(question) };
  }

  async #check(question: AReq): Promise<ARes> {
    const account = maskPan(question.acctNumber);
    const dsTransID = randomUUID();
    const { threeDSServerTransID } = question;
    const tell = (transStatus: ARes["transStatus"], says: string, right = true) => {
      this.#options.told({ account, transStatus, says, right });
    };
    const cannot = (transStatus: "N" | "U", cardholderInfo: string): ARes => {
      const about = { messageType: "ARes", threeDSServerTransID, dsTransID } as const;
      return { ...about, transStatus, cardholderInfo: cardholderInfo.slice(0, 128) };
    };
    try {
      const route = await this.#route(question);
      if ("refused" in route) {
        tell("N", route.refused);
        return cannot("N", route.refused);
      }
      const { acctNumber: _, ...rest } = question;
      const answer = await pass(route.to, { ...rest, ...route.what, dsTransID });
      tell(
        answer.transStatus,
        `${route.says}${answer.eci === undefined ? "" : `, ECI ${answer.eci}`}`,
      );
      return answer;
    } catch (error) {
      if (!isAppError(error)) throw error;
      tell("U", error.message, false);
      return cannot("U", "Nobody could tell.");
    }
  }

  #route(question: AReq): Promise<Route | Refused> | Route {
    const { acctNumber } = question;
    if (acctNumber.startsWith(tokenBin)) return this.#resolve(question);
    return { to: this.#options.cardsAcs, what: { acctNumber }, says: "by its card number" };
  }

  async #resolve(question: AReq): Promise<Route | Refused> {
    const { status, bytes } = await this.#options.service.send({
      method: "POST",
      path: switchOperations.resolve.path,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        tpan: question.acctNumber,
        tokenExpiry: question.cardExpiryDate,
        trid: question.tokenRequestorID ?? "",
        acquirerId: question.acquirerBIN,
        merchantId: question.acquirerMerchantID,
      }),
    });
    const answer = parse(bytes);
    if (status !== 200) return wrong(`it said ${status} ${codeOf(answer)}`);
    if (!Value.Check(switchOperations.resolve.answer, answer)) return wrong("not as described");
    const { decision, reasonCode, reason, pan, issuerId, acsRoutingKey } = answer;
    if (decision === "DECLINED") {
      const said = [pan, issuerId, acsRoutingKey].some((one) => one !== undefined);
      return said
        ? wrong("a decline that tells of a card")
        : { refused: `${reasonCode} ${reason}` };
    }
    const to = this.#options.acs.get(acsRoutingKey ?? "");
    if (to === undefined) return wrong(`nobody is known behind ${acsRoutingKey || "no key"}`);
    if (pan === undefined || !compactJwe.test(pan)) return wrong("a card that is not encrypted");
    const says = `resolved to ${issuerId} at ${acsRoutingKey}`;
    return { to, what: { encryptedAcctNumber: pan }, says };
  }
}

async function pass(to: HttpPeer, question: PassedAReq): Promise<ARes> {
  const { status, bytes } = await to.send({
    method: "POST",
    path: "/areq",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
  });
  const answer = parse(bytes);
  const right = status === 200 && Value.Check(ares, answer);
  if (right && answer.dsTransID === question.dsTransID) return answer;
  throw appError("FAILED", "The access control server gave no answer to its question.");
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function codeOf(answer: unknown): string {
  const { code } = (answer ?? {}) as { readonly code?: unknown };
  return typeof code === "string" ? code : "";
}

function wrong(what: string): never {
  throw appError("FAILED", `The token service answered wrongly: ${what}.`);
}
