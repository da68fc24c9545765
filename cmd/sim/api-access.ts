// Where a JSON API of the service is, and who calls it: what the flags of simulators mean.
import { readFileSync } from "node:fs";
import { type ApiAccess, HttpPeer, loadSigner, type PeerTls } from "../../api/http/mod.ts";
import { appError } from "../../platform/mod.ts";
import { hostOf, refusePlain } from "../pantun/iso-endpoint.ts";

export interface PeerFlags {
  readonly url: string;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly insecure?: boolean;
}

export interface AccessFlags {
  readonly clientId: string;
  readonly secretFile: string;
  readonly signingKey: string;
}

/** Errors: USAGE, FILE_UNREADABLE, INSECURE_REFUSED. */
export function peerOf({ url, cert, key, ca, insecure }: PeerFlags): HttpPeer {
  if ((cert === undefined) !== (key === undefined)) {
    throw appError("USAGE", "--cert and --key belong together.");
  }
  const tls: PeerTls = {
    ...(ca === undefined ? {} : { ca: read(ca) }),
    ...(cert === undefined ? {} : { cert: read(cert) }),
    ...(key === undefined ? {} : { key: read(key) }),
  };
  const peer = new HttpPeer(url, tls);
  if (peer.isPlain) refusePlain(peer.host, insecure === undefined ? {} : { insecure });
  return peer;
}

/** Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export function accessOf({ clientId, secretFile, signingKey }: AccessFlags): ApiAccess {
  const secret = read(secretFile).toString("utf8").split(/\r?\n/, 1)[0] ?? "";
  return { clientId, secret, signer: loadSigner(signingKey) };
}

/** HOST:PORT to listen on; port 0 is any that is free. Errors: USAGE. */
export function listenAt(text: string): { readonly host: string; readonly port: number } {
  if (!text.endsWith(":0")) return hostOf(text);
  return { ...hostOf(`${text.slice(0, -1)}1`), port: 0 };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The file ${path} cannot be read.`, { cause });
  }
}
