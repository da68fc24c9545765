// Home shards. home(number) = the first eight bytes of AES-256-CMAC(kRoute, BCD), big-endian,
// modulo SHARDS, over the ten BCD bytes of the number, F-padded: one rule for TPANs and PANs. A
// token's home is that of its TPAN, which is drawn until it is the shard of its card; a card's is
// that of its first PAN. Neither kRoute nor SHARDS changes within an incarnation of the log.
import { CmacLanes, type Key, type KeyRing } from "../crypto/mod.ts";
import { appError } from "../platform/mod.ts";

/** BCD bytes of a PAN or TPAN, F-padded. */
export const bcdBytes = 10;

/** Shards of a new vault. */
export const shardsDefault = 16;

/** A card record has room for more; a stream pair per shard and server is what bounds it. */
export const shardsMax = 1024;

/** Numbers of one native call. */
export const homeLanes = 256;

/**
 * The routing key. Vaults that were made before it get one by `pantun keys add route`: it is never
 * made in passing, since another one would give every number another home.
 */
export function routeKeyOf(ring: KeyRing): Key {
  const key = ring.findActive("route");
  if (key !== undefined) return key;
  throw appError(
    "KEY_NOT_FOUND",
    "No routing key, without which no token has a home: add it with `pantun keys add route`.",
  );
}

/** Computes homes in lanes. */
export class Homes {
  readonly #lanes: CmacLanes;

  constructor(key: Key) {
    this.#lanes = new CmacLanes(key.bytes, { lanesMax: homeLanes, bytesMax: bcdBytes });
    for (let lane = 0; lane < homeLanes; lane++) this.#lanes.setLength(lane, bcdBytes);
  }

  /** Homes of `count` numbers, ten BCD bytes a row, among `shards`. */
  many(bcd: Buffer, count: number, shards: number, out: Uint16Array): void {
    const lanes = this.#lanes;
    for (let from = 0; from < count; from += homeLanes) {
      const many = Math.min(homeLanes, count - from);
      for (let lane = 0; lane < many; lane++) {
        const start = (from + lane) * bcdBytes;
        bcd.copy(lanes.bytes, lanes.at(lane), start, start + bcdBytes);
      }
      lanes.run(many);
      for (let lane = 0; lane < many; lane++) {
        out[from + lane] = moduloOf(lanes.out, lane * 16, shards);
      }
    }
    lanes.bytes.fill(0);
  }

  /** The home of one number. */
  one(bcd: Buffer, shards: number): number {
    const out = new Uint16Array(1);
    this.many(bcd, 1, shards, out);
    return out[0]!;
  }
}

/** Eight bytes, big-endian, modulo `shards`; in two steps, since a double holds 53 bits. */
function moduloOf(mac: Buffer, at: number, shards: number): number {
  const high = mac.readUInt32BE(at) % shards;
  return (high * (2 ** 32 % shards) + (mac.readUInt32BE(at + 4) % shards)) % shards;
}
