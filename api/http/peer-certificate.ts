// The client's certificate on a connection with mutual TLS: its thumbprint (RFC 8705) and names.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { namesOf } from "../grpc/identity.ts";

export interface PeerCertificate {
  /** SHA-256 over the DER in base64url; "" without one. */
  readonly thumbprint: string;
  /** "URI:…" and "DNS:…". */
  readonly names: readonly string[];
}

const none: PeerCertificate = { thumbprint: "", names: [] };
const known = new WeakMap<TLSSocket, PeerCertificate>();

export function peerCertificate({ socket }: IncomingMessage): PeerCertificate {
  if (!(socket instanceof TLSSocket)) return none;
  const found = known.get(socket);
  if (found !== undefined) return found;
  const peer = socket.getPeerCertificate();
  const certificate =
    peer.raw === undefined || !socket.authorized
      ? none
      : {
          thumbprint: createHash("sha256").update(peer.raw).digest("base64url"),
          names: namesOf(peer),
        };
  known.set(socket, certificate);
  return certificate;
}
