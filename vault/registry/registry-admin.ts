// Changes to the registry: requestors, issuers, BIN ranges. Each is one flushed transaction; other
// processes see it at their next batch.
import { appError } from "../../platform/mod.ts";
import type { Vault } from "../vault.ts";
import { byteSetEntriesMax } from "./byte-set.ts";
import {
  type AcquirerInput,
  acquirersMax,
  type BinRange,
  type BinRangeInput,
  type Issuer,
  type IssuerInput,
  issuersMax,
  type Requestor,
  type RequestorInput,
  requestorsMax,
  type SubRange,
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
    const { kind, number, row } = planRequestorStatus(vault, trid, status);
    store.put(kind, number, row);
  });
  return vault.registry().findRequestor(trid)!;
}

/** Adds an issuer, or replaces the one with this id. */
export function putIssuer(vault: Vault, input: IssuerInput): Issuer {
  upsert(vault, "issuers", issuersMax, "id", [issuerRow(input)]);
  return vault.registry().findIssuer(input.id)!;
}

function issuerRow({ id, name, status = "ACTIVE" }: IssuerInput): StoredRow {
  if (!/^[A-Za-z0-9]{1,8}$/.test(id)) throw invalid("An issuer id has 1 to 8 letters or digits.");
  return { id, name, status };
}

function acquirerRow({ id, name, status = "ACTIVE" }: AcquirerInput): StoredRow {
  if (!/^[0-9]{1,11}$/.test(id)) throw invalid("An acquirer id has 1 to 11 digits.");
  return { id, name, status };
}

/** Adds a BIN range, or replaces the one with this prefix. Its issuer must be registered. */
export function putBinRange(vault: Vault, input: BinRangeInput): BinRange {
  const [number = 0] = upsert(vault, "ranges", rangesMax, "prefix", [rangeRow(vault, input)]);
  return vault.registry().ranges[number]!;
}

function rangeRow(vault: Vault, input: BinRangeInput): StoredRow {
  if (!/^[0-9]{6,12}$/.test(input.prefix)) throw invalid("A BIN range prefix has 6 to 12 digits.");
  if (input.prefix.startsWith(tokenBin)) {
    throw invalid("A BIN range may not lie inside the token BIN.");
  }
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

/** One row of the registry as a decision names it: where it goes, and what it will be. */
export interface RegistryRow {
  readonly kind: RegistryKind;
  readonly number: number;
  readonly row: StoredRow;
}

/** What can be put into the registry, by the table that it goes to. */
export type RegistryInput =
  | { readonly kind: "issuers"; readonly input: IssuerInput }
  | { readonly kind: "ranges"; readonly input: BinRangeInput }
  | { readonly kind: "requestors"; readonly input: RequestorInput }
  | { readonly kind: "acquirers"; readonly input: AcquirerInput };

const keyNames = { issuers: "id", ranges: "prefix", requestors: "trid", acquirers: "id" } as const;
const rowsMax = {
  issuers: issuersMax,
  ranges: rangesMax,
  requestors: requestorsMax,
  acquirers: acquirersMax,
} as const;

/**
 * The row that the input makes, without storing it. A new one gets a number above all that are
 * there and above `above`, the highest that was decided on and may not be stored yet; what else an
 * existing row holds stays. Throws what is wrong with the input.
 */
export function planRow(vault: Vault, { kind, input }: RegistryInput, above: number): RegistryRow {
  const made = rowOf(vault, { kind, input } as RegistryInput);
  const keyName = keyNames[kind];
  let last = above;
  for (const [number, stored] of vault.registryStore.all(kind)) {
    if (stored[keyName] === made[keyName]) return { kind, number, row: { ...stored, ...made } };
    last = Math.max(last, number);
  }
  if (last >= rowsMax[kind]) throw appError("INVALID_REQUEST", `No number is left for ${kind}.`);
  return { kind, number: last + 1, row: made };
}

function rowOf(vault: Vault, { kind, input }: RegistryInput): StoredRow {
  if (kind === "issuers") return issuerRow(input);
  if (kind === "ranges") return rangeRow(vault, input);
  return kind === "requestors" ? requestorRow(input) : acquirerRow(input);
}

/** The row of a requestor in another state; REQUESTOR_NOT_FOUND. */
export function planRequestorStatus(
  vault: Vault,
  trid: string,
  status: Requestor["status"],
): RegistryRow {
  for (const [number, stored] of vault.registryStore.all("requestors")) {
    if (stored.trid === trid) return { kind: "requestors", number, row: { ...stored, status } };
  }
  throw appError("REQUESTOR_NOT_FOUND", `There is no requestor ${trid}.`);
}

/** The row of a sub-range in another state, or a new one; see `planRow`. */
export function planSubRange(
  vault: Vault,
  { number, status, prefix }: { number: number; status: SubRange["status"]; prefix?: string },
): RegistryRow {
  const stored = vault.registryStore.find("subranges", number);
  const range = vault.registry().ranges.find((one) => one !== undefined && one.prefix === prefix);
  if (prefix !== undefined && range === undefined) throw invalid(`There is no range ${prefix}.`);
  if (stored !== undefined) {
    // Tokens of its numbers belong to the range's cards.
    if (range !== undefined && range.number !== stored.range) {
      throw invalid(`Sub-range ${number} belongs to another range.`);
    }
    return { kind: "subranges", number, row: { ...stored, status } };
  }
  if (range === undefined) throw invalid(`There is no sub-range ${number}: name its range.`);
  const digits = vault.tpanDigits;
  return { kind: "subranges", number, row: { range: range.number, digits, status } };
}
