// The reference of the migrations' JSON API, out of its table of operations.
import { changeErrors, commonErrors, type Operation } from "../api/http/mod.ts";
import { uatOperations } from "../api/uat/mod.ts";
import { codeList, section } from "./requestor-api-page.ts";

/** `made`: the line that says what the page is made from. */
export function migrationApiPage(made: string): string {
  return `# The migrations' JSON API (UAT)

${made} The same as a file for tools:
[migration-api.openapi.json](migration-api.openapi.json). How it is set up and used:
[migration of stored cards](../guides/migration.md).

It is a door of its own, in the program of \`pantun migrate serve\`, with an address, keys and
clients of its own: an access token, a secret, a signing key or an encrypted card of the
[requestors' API](requestor-api.md) is not good here, nor the other way round. The way of a call is
the same: \`POST /oauth2/token\`, \`X-TRID\`, \`X-JWS-Signature\`, \`Idempotency-Key\`, signed
answers, problem documents. The scope is \`migrations\`.

## Keys and repetitions

- A single card belongs to its key for at least 24 h: asked again with the same card and words, it
  is answered with what came of it, an error too, and its issuer is not asked again. To try a card
  anew after an error, use another key.
- A batch is known by its cards, their words and their order, for \`migrate.keepDays\` after its
  end: sent again, under whatever key, it is the same batch with the same results. How its cards
  were encrypted does not matter. A key stays with its batch as long.
- DEADLINE_EXCEEDED (504) of a single card says that it goes on: ask again under the same key.
  ISSUER_TIMEOUT (504) says that it has ended: the issuer could not be asked or did not answer, and
  what it may have approved is taken back.

Bodies of a batch may have a MiB, others 64 KiB. The security code in an encrypted card is read by
nobody and kept nowhere.

Any call may get ${codeList(commonErrors)}; a change ${codeList(changeErrors)} too.

## Operations

${Object.values<Operation>(uatOperations).map(section).join("\n")}`;
}
