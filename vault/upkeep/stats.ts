// What is in a vault, in numbers.
import { statSync } from "node:fs";
import { join } from "node:path";
import { subRangeFills } from "../minting/sub-ranges.ts";
import type { TokenStatusName } from "../token-record.ts";
import { statusAt } from "../token-status.ts";
import type { Vault } from "../vault.ts";

export interface VaultStats {
  readonly tokens: number;
  readonly cards: number;
  readonly agreements: number;
  readonly requestors: number;
  readonly issuers: number;
  readonly ranges: number;
  readonly registryVersion: number;
  readonly incarnation: string;
  readonly ptavHorizon: number;
  readonly de7Horizon: number;
  readonly fileBytes: number;
  readonly mapBytes: number;
  readonly subRanges: readonly {
    readonly number: number;
    readonly status: string;
    readonly used: number;
    readonly fill: number;
  }[];
  /** Status of every token now; only where it was asked for, since it reads all of them. */
  readonly byStatus?: Readonly<Record<TokenStatusName, number>>;
}

/** Counts; with `full`, the status of every token too (about 1 µs a token). */
export function statsOf(vault: Vault, full = false): VaultStats {
  vault.freshRead();
  const registry = vault.registry();
  const present = (rows: readonly unknown[]) => rows.filter((row) => row !== undefined).length;
  const stats = vault.env.root.getStats() as { mapSize: number };
  return {
    tokens: vault.tables.tokens.getKeysCount({}),
    cards: vault.tables.cards.getKeysCount({}),
    agreements: vault.tables.agreements.getKeysCount({}),
    requestors: present(registry.requestors),
    issuers: present(registry.issuers),
    ranges: present(registry.ranges),
    registryVersion: registry.version,
    incarnation: vault.incarnation,
    ptavHorizon: vault.horizon("ptav"),
    de7Horizon: vault.horizon("de7"),
    fileBytes: statSync(join(vault.env.path, "data.mdb")).size,
    mapBytes: stats.mapSize,
    subRanges: subRangeFills(vault).map(({ subRange, used, capacity }) => ({
      number: subRange.number,
      status: subRange.status,
      used,
      fill: used / capacity,
    })),
    ...(full ? { byStatus: countByStatus(vault) } : {}),
  };
}

function countByStatus(vault: Vault): Record<TokenStatusName, number> {
  const counts = { INACTIVE: 0, ACTIVE: 0, SUSPENDED: 0, DELETED: 0, EXPIRED: 0 };
  const now = vault.nowSeconds();
  for (const { value } of vault.tables.tokens.getRange({})) counts[statusAt(value, now)]++;
  return counts;
}
