// Issuers, BIN ranges and requestors as one JSON document: what `pantun vault registry` shows and
// takes.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { lmdbStore, refuseAlone } from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import { putBinRange, putIssuer, putRequestors, type Vault } from "../../vault/mod.ts";

const status = Type.Optional(Type.Union([Type.Literal("ACTIVE"), Type.Literal("SUSPENDED")]));
const flag = Type.Optional(Type.Boolean());
const strict = { additionalProperties: false };

const registrySchema = Type.Object(
  {
    issuers: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), name: Type.String(), status }, strict)),
    ),
    ranges: Type.Optional(
      Type.Array(
        Type.Object(
          {
            prefix: Type.String(),
            issuerId: Type.String(),
            product: Type.Optional(Type.String()),
            tokenisable: flag,
            status,
          },
          strict,
        ),
      ),
    ),
    requestors: Type.Optional(
      Type.Array(
        Type.Object(
          {
            trid: Type.String(),
            name: Type.String(),
            type: Type.Union([
              Type.Literal("MERCHANT"),
              Type.Literal("ACQUIRER"),
              Type.Literal("TPA"),
            ]),
            status,
            acquirers: Type.Array(Type.String()),
            merchants: Type.Optional(Type.Array(Type.String())),
            allowUnboundAmount: flag,
            allowUnboundMerchant: flag,
            allowAttestedAgreements: flag,
          },
          strict,
        ),
      ),
    ),
  },
  strict,
);

/** Adds or replaces every row of the document. INVALID_REQUEST names what is wrong in it. */
export function applyRegistry(vault: Vault, text: string): void {
  refuseAlone(lmdbStore(vault.env), "registry");
  const document = parseDocument(text);
  for (const issuer of document.issuers ?? []) putIssuer(vault, issuer);
  for (const range of document.ranges ?? []) putBinRange(vault, range);
  putRequestors(vault, document.requestors ?? []);
}

function parseDocument(text: string): Static<typeof registrySchema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw appError("INVALID_REQUEST", "The registry file is no JSON.", { cause: error });
  }
  if (Value.Check(registrySchema, parsed)) return parsed;
  const [first] = Value.Errors(registrySchema, parsed);
  const where = first?.instancePath || "the document";
  throw appError("INVALID_REQUEST", `The registry file: ${where} ${first?.message ?? "is wrong"}.`);
}

/** The registry as a document of the same form. */
export function registryDocument(vault: Vault): object {
  const { issuers, ranges, requestors } = vault.registry();
  const present = <T>(rows: readonly (T | undefined)[]) => rows.filter((row) => row !== undefined);
  return {
    issuers: present(issuers).map(({ number: _, ...issuer }) => issuer),
    ranges: present(ranges).map(({ number: _, issuer, ...range }) => ({
      ...range,
      issuerId: issuer.id,
    })),
    requestors: present(requestors).map(({ number: _, acquirersListed, ...requestor }) => ({
      ...requestor,
      acquirers: acquirersListed,
      merchants: requestor.merchants.entries(),
    })),
  };
}
