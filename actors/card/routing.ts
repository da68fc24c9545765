// Which actor a number or a token reference belongs to, and the shard that the actor lives in.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { bcdOf, cardAt, parseRef, type Vault } from "../../vault/mod.ts";
import { readLinks } from "./side-record.ts";

export interface Route {
  readonly shard: number;
  /** The actor's key, 16 bytes. */
  readonly actor: Buffer;
}

/**
 * The PAN's own actor, in the PAN's own shard, whether or not anything happened to it. Where the
 * PAN replaced another one this actor holds the alias: the links to the cards behind it.
 */
export function routePan(vault: Vault, pan: ClearPAN): Route {
  const bcd = bcdOf(pan);
  const actor = vault.sealing.index("card", bcd);
  const shard = vault.sealing.homes.one(bcd, vault.shards);
  bcd.fill(0);
  return { shard, actor };
}

/** The cards whose tokens stand behind this actor's PAN since PAN updates, oldest link first. */
export function routeLinks(vault: Vault, actor: Buffer): Route[] {
  return readLinks(vault, actor).map((link) => ({ shard: link.shard, actor: link.actor }));
}

/** The actor of a token by its reference in text form; undefined where there is no such token. */
export function routeToken(
  vault: Vault,
  ref: string,
): (Route & { readonly ref: Buffer }) | undefined {
  const bytes = parseRef(ref);
  const token = bytes === undefined ? undefined : vault.findTokenByRef(bytes);
  if (bytes === undefined || token === undefined) return undefined;
  const card = vault.findCardOf(token.index, token.record);
  if (card === undefined) return undefined;
  return { shard: card.record.readUInt16LE(cardAt.shard), actor: card.key, ref: bytes };
}

/** The shard that answers for a TPAN. */
export function homeOf(vault: Vault, tpan: ClearPAN): number {
  const bcd = bcdOf(tpan);
  const shard = vault.sealing.homes.one(bcd, vault.shards);
  bcd.fill(0);
  return shard;
}
