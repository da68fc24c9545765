// The reference of the issuers' JSON API, out of its table of operations.
import { changeErrors, commonErrors, issuerOperations } from "../api/http/mod.ts";
import { codeList, section } from "./requestor-api-page.ts";

const requestorsOnly: readonly string[] = ["TRID_NOT_ALLOWED", "REQUESTOR_SUSPENDED"];

export function issuerApiPage(made: string): string {
  const common = commonErrors.filter((code) => !requestorsOnly.includes(code));
  return `# The issuers' JSON API

${made} The same as a file for tools: [issuer-api.openapi.json](issuer-api.openapi.json).

It is served by the door of the [requestors' API](requestor-api.md), and access token,
signature, limits and form of errors are the same. What differs:

- The client stands under \`issuers\` in the parties file, with \`http\` as a requestor's has it;
  \`pantun issuer secret\` makes its secret. It speaks for one issuer of the registry.
- There is no \`X-TRID\` and no \`Idempotency-Key\`. The key of a change is \`issuerEventRef\`
  in its body, which is under the signature. It is the issuer's own over JSON and gRPC: the same
  event by the other door is the same event.
- A card number outside the issuer's own ranges is PAN_NOT_OWNED, whether we know the card or
  not, and nothing is stored. Another issuer's token is TOKEN_NOT_FOUND.
- Suspending or deleting a card that has no token yet is remembered; other changes of one are
  CARD_NOT_FOUND. A resume or expiry with a \`causedAt\` before the last one's is answered
  \`stale: true\` and not applied; suspend and delete always are.

Any call may get ${codeList(common)}; a change ${codeList(changeErrors)} too.

## What is not served yet

Metadata of BIN ranges and card art. A resume takes the issuer's own suspension only.

## Operations

${Object.values(issuerOperations).map(section).join("\n")}`;
}
