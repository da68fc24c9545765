// The office: who may administrate, and what they propose. One actor for the whole programme, so
// that two administrators never decide on one thing at once.
import { createHash } from "node:crypto";
import type { RegistryRow } from "../../vault/mod.ts";
import type { ChangeKindName } from "./change-kinds.ts";

/**
 * programme: issuers, ranges, requestors, acquirers. keys: keys. users: users and the policy.
 * auditor: reads everything, changes nothing.
 */
export const roles = ["programme", "keys", "users", "auditor"] as const;
export type Role = (typeof roles)[number];

export interface User {
  /** Lower-case letters, digits, dots, hyphens; also the client id of the user's programs. */
  readonly name: string;
  readonly roles: readonly Role[];
  /** Names in the user's certificate, "URI:…" or "DNS:…"; each belongs to one user. */
  readonly identities: readonly string[];
  /** Hashes of client secrets, lines of `pantun requestor secret`. */
  readonly secrets: readonly string[];
  readonly status: "ACTIVE" | "SUSPENDED";
}

/**
 * PROPOSED waits for the second person. APPROVED waits to be carried out, BEGUN is being carried
 * out; both only where that happens outside of the office (keys). The others are final.
 */
export type ChangeStatus =
  | "PROPOSED"
  | "APPROVED"
  | "BEGUN"
  | "DONE"
  | "FAILED"
  | "REFUSED"
  | "WITHDRAWN"
  | "EXPIRED";

export interface Change {
  /** 1, 2, 3 … */
  readonly id: number;
  readonly kind: ChangeKindName;
  /** What it is about: an issuer's id, a TRID, a user's name … */
  readonly subject: string;
  readonly content: Readonly<Record<string, unknown>>;
  readonly note: string;
  readonly status: ChangeStatus;
  readonly proposedBy: string;
  readonly proposedAtMs: number;
  readonly expiresAtMs: number;
  /** Who approved, refused or withdrew it; "" before, and where it expired. */
  readonly decidedBy: string;
  readonly decidedAtMs: number;
  /** Why it was refused, or what came of it. */
  readonly outcome: string;
  /** True where another change of the same subject was carried out meanwhile. */
  readonly stale: boolean;
  /** Who carries it out, and since when; "" and 0 before. */
  readonly executor: string;
  readonly begunAtMs: number;
}

export interface Policy {
  /** Kinds of changes that one person may make alone. */
  readonly alone: readonly ChangeKindName[];
  /** How long a proposal waits. */
  readonly expiryHours: number;
}

export interface Office {
  readonly users: readonly User[];
  /** Those that are not final. */
  readonly open: readonly Change[];
  readonly policy: Policy;
  readonly lastChange: number;
  /** Highest number that was given out in each table; a decision may run ahead of the vault. */
  readonly numbers: Readonly<Partial<Record<RegistryRow["kind"], number>>>;
}

export const emptyOffice: Office = {
  users: [],
  open: [],
  policy: { alone: [], expiryHours: 72 },
  lastChange: 0,
  numbers: {},
};

export const usersMax = 128;
export const openChangesMax = 64;
/** JSON of one change's content; its event has to fit into one record. */
export const contentBytesMax = 32_768;

export const officeKey = createHash("sha256").update("office").digest().subarray(0, 16);

export type OfficeCommand =
  | { readonly command: "setup"; readonly by: string; readonly users: readonly User[] }
  | {
      readonly command: "propose";
      readonly by: string;
      readonly kind: string;
      readonly content: Readonly<Record<string, unknown>>;
      readonly note: string;
    }
  | { readonly command: "approve"; readonly by: string; readonly change: number }
  | {
      readonly command: "refuse" | "withdraw";
      readonly by: string;
      readonly change: number;
      readonly why: string;
    }
  | { readonly command: "begin"; readonly executor: string; readonly change: number }
  | {
      readonly command: "finish";
      readonly executor: string;
      readonly change: number;
      readonly done: boolean;
      readonly outcome: string;
    }
  | { readonly command: "expire" };

/** What an approved change does to the office and the registry. */
export interface Effect {
  readonly rows?: readonly RegistryRow[];
  readonly user?: User;
  readonly policy?: Policy;
}

export type OfficeEvent =
  | {
      readonly event: "setup";
      readonly atMs: number;
      readonly by: string;
      readonly users: readonly User[];
    }
  | { readonly event: "proposed"; readonly atMs: number; readonly change: Change }
  /** The change after it; with `effect` where it was carried out by this very event. */
  | {
      readonly event: "moved";
      readonly atMs: number;
      readonly change: Change;
      readonly effect?: Effect;
    };

export function isFinal({ status }: Change): boolean {
  return status !== "PROPOSED" && status !== "APPROVED" && status !== "BEGUN";
}
