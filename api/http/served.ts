// Everything that the door serves: the requestors' operations and the issuers', by one way in.
import { issuerOperations } from "./issuer-operations.ts";
import { operations } from "./operations.ts";

export const served = { ...operations, ...issuerOperations } as const;
export type ServedId = keyof typeof served;
export const servedIds = Object.keys(served) as ServedId[];

/** Whether a path is the issuers': their clients have no TRID, and their bodies carry the key. */
export function isIssuers(path: string): boolean {
  return path.startsWith("/issuer/");
}
