// What the switch simulator needs to know about the tokens it pays with, and where PTAVs come from.

/** One token as its requestor and, where it is known, its issuer see it. */
export interface SimToken {
  readonly tpan: string;
  /** YYMM. */
  readonly tpanExpiry: string;
  readonly trid: string;
  /** 32 hex digits or "tok_" and a UUID. */
  readonly tokenRef: string;
  readonly state: "ACTIVE" | "SUSPENDED" | "DELETED";
  readonly acquirerId: string;
  readonly merchantId: string;
  /** The card that an approval must hand back; null where the simulator cannot know it. */
  readonly card: SimCard | null;
  /** Agreements that stand already. */
  readonly agreements?: readonly SimAgreement[];
}

export interface SimCard {
  /** PAN as ASCII digits. */
  readonly pan: Buffer;
  /** YYMM. */
  readonly expiry: string;
}

export interface SimAgreement {
  readonly id: string;
  /** R recurring, I instalment, U unscheduled. */
  readonly mitType: "R" | "I" | "U";
}

export interface PtavRequest {
  readonly token: SimToken;
  /** Sen. */
  readonly amount: number;
  readonly merchantId: string;
  /** Seconds before now at which it shall have been issued; only a local source can. */
  readonly ageSeconds?: number;
}

export interface PtavSource {
  /** True where PTAVs of any age can be made. */
  readonly local: boolean;
  /** 28 characters. */
  get(request: PtavRequest): Promise<string> | string;
}
