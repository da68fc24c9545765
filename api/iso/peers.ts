// Who is at the other end: a certificate's names, or on plain TCP the address, decide the peer.
import type { Peer } from "../../hotpath/mod.ts";

export interface IsoPeers {
  /** Names of certificates as they stand in their subject alternative names: `URI:…` or `DNS:…`. */
  readonly byIdentity: ReadonlyMap<string, Peer>;
  /** Addresses of plain connections, without the IPv6 form of IPv4 addresses. */
  readonly byAddress: ReadonlyMap<string, Peer>;
  /** Who an unlisted address on plain TCP is; null refuses it. */
  readonly plainDefault: Peer | null;
}

/**
 * The peer that a certificate names, or null. `subjectAltName` is OpenSSL's text as Node gives it:
 * `DNS:a.example, URI:spiffe://b`. Node quotes a name that holds a comma or a quote, so that it
 * could pass for several; names of peers need neither, and a certificate with a quote in it, or
 * with the names of two peers, names nobody.
 */
export function findPeerByNames(peers: IsoPeers, subjectAltName: string | undefined): Peer | null {
  if (subjectAltName === undefined || subjectAltName.includes('"')) return null;
  let found: Peer | null = null;
  for (const name of subjectAltName.split(", ")) {
    const peer = peers.byIdentity.get(name);
    if (peer === undefined || peer === found) continue;
    if (found !== null) return null;
    found = peer;
  }
  return found;
}

/** The peer behind an address of a plain connection, or null. */
export function findPeerByAddress(peers: IsoPeers, address: string | undefined): Peer | null {
  if (address === undefined) return null;
  const plain = address.startsWith("::ffff:") ? address.slice(7) : address;
  return peers.byAddress.get(plain) ?? peers.plainDefault;
}
