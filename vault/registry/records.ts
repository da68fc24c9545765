// What the registry knows: requestors, issuers, BIN ranges and TPAN sub-ranges. Few rows, changed
// by administrators, read by every payment from memory; stored as JSON text.
import type { ByteSet } from "./byte-set.ts";

/** Requestors of one vault: the token record has two bytes for the number. */
export const requestorsMax = 65_535;
export const issuersMax = 65_535;
export const acquirersMax = 65_535;

export interface RequestorInput {
  /** 11 digits: the TSP code (3) and 8 assigned digits. */
  readonly trid: string;
  readonly name: string;
  readonly type: "MERCHANT" | "ACQUIRER" | "TPA";
  readonly status?: "ACTIVE" | "SUSPENDED";
  /** DE32 as text; must not be empty. */
  readonly acquirers: readonly string[];
  /** DE42 without trailing spaces; empty for any merchant of those acquirers. */
  readonly merchants?: readonly string[];
  readonly allowUnboundAmount?: boolean;
  readonly allowUnboundMerchant?: boolean;
  readonly allowAttestedAgreements?: boolean;
}

export interface Requestor {
  /** Position in the registry; token records carry it. */
  readonly number: number;
  readonly trid: string;
  readonly name: string;
  readonly type: "MERCHANT" | "ACQUIRER" | "TPA";
  readonly status: "ACTIVE" | "SUSPENDED";
  readonly acquirers: ByteSet;
  /** As registered: those that are suspended too, which `acquirers` leaves out. */
  readonly acquirersListed: readonly string[];
  /** Empty for any merchant. Ask with `hasTrimmed`. */
  readonly merchants: ByteSet;
  readonly allowUnboundAmount: boolean;
  readonly allowUnboundMerchant: boolean;
  readonly allowAttestedAgreements: boolean;
}

export interface IssuerInput {
  /** 1 to 8 characters. */
  readonly id: string;
  readonly name: string;
  readonly status?: "ACTIVE" | "SUSPENDED";
}

export interface Issuer {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly status: "ACTIVE" | "SUSPENDED";
}

export interface AcquirerInput {
  /** DE32, 1 to 11 digits. */
  readonly id: string;
  readonly name: string;
  readonly status?: "ACTIVE" | "SUSPENDED";
}

/** One that is not registered is allowed wherever a requestor lists it. */
export interface Acquirer {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  /** SUSPENDED: no payment of any requestor comes over it. */
  readonly status: "ACTIVE" | "SUSPENDED";
}

export interface BinRangeInput {
  /** A prefix of 6 to 12 digits; the range is all numbers that begin with it. */
  readonly prefix: string;
  readonly issuerId: string;
  readonly product?: string;
  readonly tokenisable?: boolean;
  readonly status?: "ACTIVE" | "SUSPENDED";
}

export interface BinRange {
  readonly number: number;
  readonly prefix: string;
  readonly issuer: Issuer;
  readonly product: string;
  readonly tokenisable: boolean;
  readonly status: "ACTIVE" | "SUSPENDED";
}

/** 608727 + three digits: all TPANs of one sub-range belong to cards of one BIN range. */
export interface SubRange {
  /** 0 to 999. */
  readonly number: number;
  /** Number of the BIN range that it serves. */
  readonly range: number;
  /** CLOSED sub-ranges give no new TPAN; what they gave stays good. */
  readonly status: "OPEN" | "CLOSED";
  /** Digits of its TPANs: 16 or 19. */
  readonly digits: 16 | 19;
}

export interface Registry {
  readonly version: number;
  /** By requestor number; absent numbers are holes. */
  readonly requestors: readonly (Requestor | undefined)[];
  readonly issuers: readonly (Issuer | undefined)[];
  readonly ranges: readonly (BinRange | undefined)[];
  readonly subRanges: readonly (SubRange | undefined)[];
  readonly acquirers: readonly (Acquirer | undefined)[];
  findRequestor(trid: string): Requestor | undefined;
  findIssuer(id: string): Issuer | undefined;
  /** The range that the PAN's digits lie in: the longest prefix wins. */
  findRange(digits: Uint8Array, off: number, length: number): BinRange | undefined;
}
