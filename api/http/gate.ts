// What stands between a request and its handler: who calls, whether he may, whether the bytes are
// his, and whether they have the right form. In this order, so that nobody unknown costs much.
import type { IncomingHttpHeaders } from "node:http";
import { appError, type Clock } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import type { Quota } from "../grpc/quota.ts";
import type { Access, AccessTokens } from "./access-token.ts";
import { checkerOf, parseBody } from "./body-check.ts";
import type { AnswerTo, CallTo, HandlersOf, OperationTable } from "./call.ts";
import type { Clients } from "./clients.ts";
import { contentDigest } from "./content-digest.ts";
import { InFlight } from "./in-flight.ts";
import { type SignatureCheck, signatureHeader } from "./message-signature.ts";
import type { Operation } from "./operations.ts";
import type { PeerCertificate } from "./peer-certificate.ts";
import type { HttpClient } from "./ports.ts";
import { FieldErrors } from "./problem.ts";
import { isIssuers } from "./served.ts";
import { isNamed } from "./token-endpoint.ts";

export interface GateOptions<Table extends OperationTable> {
  /** What is served, and by whom. */
  readonly table: Table;
  readonly handlers: HandlersOf<Table>;
  readonly vault: Vault;
  readonly clients: Clients;
  readonly tokens: AccessTokens;
  readonly signatures: SignatureCheck;
  /** Calls of one client. */
  readonly calls: Quota;
  readonly clock: Clock;
  /** What a command may take. */
  readonly timeoutMs: number;
}

/** A caller whose access token is good. */
export interface Caller {
  readonly client: HttpClient;
  readonly access: Access;
}

export interface Arrived {
  readonly caller: Caller;
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

type Check = (value: unknown) => void;

export class Gate<Table extends OperationTable> {
  readonly #options: GateOptions<Table>;
  readonly #inFlight = new InFlight();
  readonly #bodies = new Map<string, Check>();
  readonly #queries = new Map<string, Check>();

  constructor(options: GateOptions<Table>) {
    this.#options = options;
    for (const [id, { body, query }] of Object.entries(options.table)) {
      if (body !== undefined) this.#bodies.set(id, checkerOf(body));
      if (query !== undefined) this.#queries.set(id, checkerOf(query));
    }
  }

  /** Before the body is read. INVALID_CREDENTIALS, RATE_LIMITED. */
  async admit(authorization: string | undefined, certificate: PeerCertificate): Promise<Caller> {
    const [, token] = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/.exec(authorization ?? "") ?? [];
    if (token === undefined) {
      throw appError("INVALID_CREDENTIALS", "An access token must be given as Bearer.");
    }
    const { clients, tokens, calls } = this.#options;
    const access = await tokens.check(token, certificate.thumbprint);
    const client = clients.find(access.clientId);
    if (client === undefined || !isNamed(client, certificate)) {
      throw appError("INVALID_CREDENTIALS", "The client is not known any more.");
    }
    calls.take(client.clientId);
    return { client, access };
  }

  async run<Id extends keyof Table & string>(
    id: Id,
    arrived: Arrived,
  ): Promise<AnswerTo<Table[Id]>> {
    const { caller, method, target, headers, body } = arrived;
    const { client } = caller;
    const operation: Operation = this.#options.table[id]!;
    const request = { method, target, body };
    this.#options.signatures.check(client, headers[signatureHeader], request);
    checkScope(operation, caller);
    const party = this.#partyOf(operation, client, headers["x-trid"]);
    const content = this.#contentOf(id, arrived);
    const idempotencyKey = keyOf(operation, headers["idempotency-key"], content.body);
    const said = contentDigest(withoutCards(content.body));
    const call = {
      client,
      trid: party.trid,
      issuerId: party.issuerId,
      params: arrived.params,
      ifNoneMatch: headers["if-none-match"],
      ...content,
      desk: {
        client: party.keysOf,
        idempotencyKey,
        request: said,
        deadlineMs: this.#options.clock.monotonicMs() + this.#options.timeoutMs,
      },
      // Body and query passed the very schemas that the type is made of.
    } as unknown as CallTo<Table[Id]>;
    const work = () => this.#options.handlers[id](call);
    if (idempotencyKey === "") return work();
    return this.#inFlight.run(party.keysOf, idempotencyKey, [id, target, party.trid, said], work);
  }

  /** For whom the client acts, and whose idempotency keys its are, over all doors. */
  #partyOf({ path }: Operation, client: HttpClient, header: unknown) {
    if (!isIssuers(path)) {
      const trid = this.#tridOf(client, header);
      return { trid, issuerId: "", keysOf: `requestor ${client.name}` };
    }
    const { issuerId } = client;
    if (issuerId === null) throw appError("SCOPE_MISSING", "This path is for card issuers.");
    return { trid: "", issuerId, keysOf: `issuer ${issuerId}` };
  }

  /** The client may act for the TRID, and the TRID may act. */
  #tridOf(client: HttpClient, header: unknown): string {
    if (header === undefined) throw missing("X-TRID");
    if (typeof header !== "string" || !client.trids.includes(header)) {
      throw appError("TRID_NOT_ALLOWED", "The client may not act for this TRID.");
    }
    const { vault } = this.#options;
    vault.freshRead();
    if (vault.registry().findRequestor(header)?.status === "SUSPENDED") {
      throw appError("REQUESTOR_SUSPENDED", "The token requestor is suspended.");
    }
    return header;
  }

  #contentOf(id: string, { body, query, headers }: Arrived) {
    const checkBody = this.#bodies.get(id);
    const checkQuery = this.#queries.get(id);
    if (checkQuery !== undefined) checkQuery(query);
    else if (Object.keys(query).length > 0) {
      throw appError("INVALID_REQUEST", "This path takes no query.");
    }
    if (checkBody === undefined) {
      if (body.length > 0) throw appError("INVALID_REQUEST", "This call takes no body.");
      return { body: null, query };
    }
    if (headers["content-type"] === undefined) {
      throw appError("UNSUPPORTED_MEDIA_TYPE", "The body must be application/json.");
    }
    const value = parseBody(body);
    checkBody(value);
    return { body: value, query };
  }
}

/**
 * Encrypting a card again gives other bytes each time. What is inside counts too: its number and
 * expiry are the command's.
 */
function withoutCards(body: unknown): unknown {
  return { ...(body as object | null), encryptedCard: undefined, encryptedNewCard: undefined };
}

function checkScope({ scope }: Operation, { client, access }: Caller): void {
  // Of the token and of the table: what was taken away counts before the token ends.
  if (scope === null || (access.scopes.includes(scope) && client.scopes.includes(scope))) return;
  throw appError("SCOPE_MISSING", `The call needs the scope ${scope}.`);
}

function keyOf({ mutates, path }: Operation, header: unknown, body: unknown): string {
  if (!mutates) return "";
  // An issuer's event has a reference of its own.
  if (isIssuers(path)) return (body as { readonly issuerEventRef: string }).issuerEventRef;
  if (header === undefined) throw missing("Idempotency-Key");
  if (typeof header === "string" && /^[!-~]{1,64}$/.test(header)) return header;
  const detail = "1 to 64 printable ASCII characters";
  throw new FieldErrors([{ field: "Idempotency-Key", code: "INVALID_FIELD", detail }]);
}

function missing(field: string): FieldErrors {
  return new FieldErrors([{ field, code: "MISSING_FIELD", detail: "must be given" }]);
}
