// The reference of the requestors' JSON API, out of its table of operations.
import {
  changeErrors,
  commonErrors,
  type Operation,
  operationIds,
  operations,
} from "../api/http/mod.ts";
import { errorRow } from "../platform/mod.ts";

interface Node {
  readonly type?: string;
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
}

interface Line {
  readonly field: string;
  readonly required: boolean;
  readonly node: Node;
}

function linesOf(node: Node, prefix = ""): Line[] {
  const { properties = {}, required = [], anyOf = [] } = node;
  const own = Object.entries(properties).flatMap(([name, child]): Line[] => {
    const field = prefix + name;
    const line = { field, required: required.includes(name), node: child };
    const inner = child.items === undefined ? linesOf(child, `${field}.`) : [];
    return [line, ...inner, ...linesOf(child.items ?? {}, `${field}[].`)];
  });
  return [...own, ...anyOf.flatMap((one) => linesOf(one, prefix))];
}

function kindOf(node: Node): string {
  const literals = (node.anyOf ?? []).flatMap((one) => ("const" in one ? [String(one.const)] : []));
  if (literals.length > 0) return literals.map((one) => `\`${one}\``).join(", ");
  if ("const" in node) return `\`${node.const}\``;
  if (node.items !== undefined) return `list of ${kindOf(node.items)}`;
  return node.type ?? "object";
}

function table(node: Node | undefined, what: string): string {
  const lines = node === undefined ? [] : linesOf(node);
  if (lines.length === 0) return "";
  const rows = lines.map(({ field, required, node: one }) => {
    const name = `\`${field}\`${required ? "" : " (optional)"}`;
    return `| ${name} | ${kindOf(one)} | ${(one.description ?? "").replaceAll("|", "\\|")} |`;
  });
  return `\n${what}\n\n| field | type | meaning |\n| --- | --- | --- |\n${rows.join("\n")}\n`;
}

export function section(operation: Operation): string {
  const { method, path, summary, scope, mutates, query, body, answers, errors } = operation;
  const statuses = Object.keys(answers);
  const [answer] = Object.values(answers);
  const codes = errors.map((code) => `${code} (${errorRow(code).http})`).join(", ");
  const needs = [
    scope === null ? "any scope" : `scope \`${scope}\``,
    ...(mutates && !path.startsWith("/issuer/") ? ["`Idempotency-Key`"] : []),
  ];
  return `### ${method} ${path}

${summary} Needs ${needs.join(" and ")}; answers ${statuses.join(" or ")}.
${table(query as Node, "Query:")}${table(body as Node, "Body:")}${table(answer as Node, "Answer:")}
Its own errors: ${codes === "" ? "none" : codes}.
`;
}

export function codeList(
  codes: readonly (typeof commonErrors | typeof changeErrors)[number][],
): string {
  return codes.map((code) => `\`${code}\` (${errorRow(code).http})`).join(", ");
}

/** `made`: the line that says what the page is made from. */
export function requestorApiPage(made: string): string {
  return `# The requestors' JSON API

${made} The same as OpenAPI:
[requestor-api.openapi.json](requestor-api.openapi.json).

## Opening it

\`\`\`
pantun requestor keys http-keys.json
pantun requestor secret shop.secret
pantun serve --set http.keysFile=http-keys.json --set http.certificateFile=… …
\`\`\`

and in the parties file, at the requestor:
\`"http": {"clientId": "shop", "secretFile": "shop.secret", "keysFile": "shop.jwks"}\`,
with \`scopes\` where it shall not have all.
\`keysFile\` is a JWK set of the client's public keys: \`use\` "sig" with \`alg\` ES256, PS256 or
RS256, and if it likes one with \`use\` "enc" and \`alg\` RSA-OAEP-256 or ECDH-ES, to which
cryptograms are then encrypted. Of a secret only a hash is kept; \`--add\` puts a second one
beside it for a change-over. With \`http.clientCaFile\` clients need a certificate (mutual TLS),
and one that has \`identities\` needs one of those names. The parties file may change while the
service runs: a client that is gone has no access from that moment. What the files of a client
hold is read together with it, so write it anew after changing one of those. The keys of the door
are read at the start.

## A call

1. \`POST /oauth2/token\`, form \`grant_type=client_credentials\` and if wanted \`scope\`, the
   client authenticated by Basic or in the form (RFC 6749), gives an access token for some
   minutes. With mutual TLS it is good only on connections with the same certificate (RFC 8705).
2. Every call carries \`Authorization: Bearer …\`, \`X-TRID\`, and \`X-JWS-Signature\`: a compact
   JWS with the protected header \`alg\`, \`kid\`, \`iat\`, \`jti\` (16 to 64 characters),
   \`crit\` ["iat","jti"] and nothing more, over \`{"bodySha256", "method", "path", "sub"}\`.
   \`bodySha256\` is the SHA-256, in hex, of the body's bytes as they are sent (of nothing where
   there is none), \`path\` the target as sent with its query, \`sub\` the client id. It is good
   once and for 300 s either way; after a restart of the service only what was signed since.
3. A change carries an \`Idempotency-Key\`. The same key with the same content gives the same
   answer again, with \`Idempotent-Replayed: true\`; with other content 422; while the first is
   under way 409 with \`Retry-After\`. Content is what the request says: all members of the
   body whatever their order, and number and expiry of the card, never how the bytes were
   encrypted or spaced. A key is known for 24 h; a repetition counts against no limit of a card.
4. Every answer repeats \`X-Request-Id\` and is signed in \`X-JWS-Signature\` over
   \`{"bodySha256", "status", "requestId"}\` by a key of \`GET /.well-known/jwks.json\`.

Bodies are \`application/json\` of at most 64 KiB. Errors are problem documents (RFC 9457) with
\`code\`, \`requestId\`, \`retryable\` and, for bad fields, \`errors\`. Clients ignore fields that
they do not know.

Any call may get ${codeList(commonErrors)}; a change ${codeList(changeErrors)} too. A path that is
not served is PATH_NOT_FOUND (404).

## Limits

Calls of a client, tries for a token from an address and provisionings of a card have the limits
of the [settings](config.md), counted on each node. The headers X-TRID and Idempotency-Key are
not under the signature; TLS guards them. Replayed signatures are known to the node that
saw them: where several processes serve one client, its load balancer should keep it on one.

## What is not served yet

Search by PAR or consumer reference. \`consumerRef\`, \`requestRef\`, \`risk\`, \`eci\` and
\`piav\` are checked in form and not kept; no issuer is asked, so the security code is never read.
Stored cards are migrated over [a door of its own](migration-api.md).

## Operations

${operationIds.map((id) => section(operations[id])).join("\n")}`;
}
