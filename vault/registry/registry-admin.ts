// Changes to the registry: requestors, issuers, BIN ranges. Each is one flushed transaction; other
// processes see it at their next batch.
import { appError } from "../../platform/mod.ts";
import type { Vault } from "../vault.ts";
import { byteSetEntriesMax } from "./byte-set.ts";
import {
  type BinRange,
  type BinRangeInput,
  type Issuer,
  type IssuerInput,
  issuersMax,
  type Requestor,
  type RequestorInput,
  requestorsMax,
} from "./records.ts";
import type { RegistryKind, StoredRow } from "./registry-store.ts";

/** First digits of every TPAN; the national network's token BIN. */
export const tokenBin = "608727";

/** BIN ranges of one vault: the sub-range row has two bytes for the number. */
const rangesMax = 65_535;

function invalid(message: string): Error {
  return appError("INVALID_FIELD", message);
}

/**
 * Stores rows in one transaction: a row whose key is there is replaced under its number, another
 * one gets the lowest free number from 1 on. Returns the numbers.
 */
function upsert(
  vault: Vault,
  kind: RegistryKind,
  max: number,
  keyName: string,
  rows: readonly StoredRow[],
): number[] {
  const store = vault.registryStore;
  return store.write(() => {
    const numbers = new Map<unknown, number>();
    const taken = new Set<number>();
    for (const [number, stored] of store.all(kind)) {
      numbers.set(stored[keyName], number);
      taken.add(number);
    }
    let free = 1;
    return rows.map((row) => {
      let number = numbers.get(row[keyName]);
      if (number === undefined) {
        while (taken.has(free)) free++;
        if (free > max) throw appError("INVALID_REQUEST", `No number is left for ${kind}.`);
        number = free;
        taken.add(number);
        numbers.set(row[keyName], number);
      }
      store.put(kind, number, row);
      return number;
    });
  });
}

/** Adds a token requestor, or replaces the one with this TRID. */
export function putRequestor(vault: Vault, input: RequestorInput): Requestor {
  putRequestors(vault, [input]);
  return vault.registry().findRequestor(input.trid)!;
}

/** The same for many in one transaction. */
export function putRequestors(vault: Vault, inputs: readonly RequestorInput[]): void {
  upsert(vault, "requestors", requestorsMax, "trid", inputs.map(requestorRow));
}

function requestorRow(input: RequestorInput): StoredRow {
  if (!/^[0-9]{11}$/.test(input.trid)) throw invalid("A TRID has 11 digits.");
  if (input.acquirers.length === 0) throw invalid("A requestor needs at least one acquirer.");
  if (!input.acquirers.every((id) => /^[0-9]{1,11}$/.test(id))) {
    throw invalid("An acquirer id has 1 to 11 digits.");
  }
  const merchants = (input.merchants ?? []).map((id) => id.trimEnd());
  if (!merchants.every((id) => /^[\x21-\x7e][\x20-\x7e]{0,14}$/.test(id))) {
    throw invalid("A merchant id has 1 to 15 printable characters.");
  }
  if (merchants.length > byteSetEntriesMax || input.acquirers.length > byteSetEntriesMax) {
    throw invalid(`A requestor lists at most ${byteSetEntriesMax} acquirers or merchants.`);
  }
  return {
    trid: input.trid,
    name: input.name,
    type: input.type,
    status: input.status ?? "ACTIVE",
    acquirers: input.acquirers,
    merchants,
    allowUnboundAmount: input.allowUnboundAmount ?? false,
    allowUnboundMerchant: input.allowUnboundMerchant ?? false,
    allowAttestedAgreements: input.allowAttestedAgreements ?? false,
  };
}

/** Suspends or re-admits a requestor; REQUESTOR_NOT_FOUND where there is none. */
export function setRequestorStatus(
  vault: Vault,
  trid: string,
  status: Requestor["status"],
): Requestor {
  const store = vault.registryStore;
  store.write(() => {
    for (const [number, stored] of store.all("requestors")) {
      if (stored.trid === trid) return store.put("requestors", number, { ...stored, status });
    }
    throw appError("REQUESTOR_NOT_FOUND", `There is no requestor ${trid}.`);
  });
  return vault.registry().findRequestor(trid)!;
}

/** Adds an issuer, or replaces the one with this id. */
export function putIssuer(vault: Vault, input: IssuerInput): Issuer {
  if (!/^[A-Za-z0-9]{1,8}$/.test(input.id))
    throw invalid("An issuer id has 1 to 8 letters or digits.");
  const row = { id: input.id, name: input.name, status: input.status ?? "ACTIVE" };
  upsert(vault, "issuers", issuersMax, "id", [row]);
  return vault.registry().findIssuer(input.id)!;
}

/** Adds a BIN range, or replaces the one with this prefix. Its issuer must be registered. */
export function putBinRange(vault: Vault, input: BinRangeInput): BinRange {
  if (!/^[0-9]{6,12}$/.test(input.prefix)) throw invalid("A BIN range prefix has 6 to 12 digits.");
  if (input.prefix.startsWith(tokenBin)) {
    throw invalid("A BIN range may not lie inside the token BIN.");
  }
  const [number = 0] = upsert(vault, "ranges", rangesMax, "prefix", [rangeRow(vault, input)]);
  return vault.registry().ranges[number]!;
}

function rangeRow(vault: Vault, input: BinRangeInput): StoredRow {
  const issuer = vault.registry().findIssuer(input.issuerId);
  if (issuer === undefined) throw invalid(`There is no issuer ${input.issuerId}.`);
  return {
    prefix: input.prefix,
    issuer: issuer.number,
    product: input.product ?? "DEBIT",
    tokenisable: input.tokenisable ?? true,
    status: input.status ?? "ACTIVE",
  };
}
