// The host that accepted advices are passed on to, as the settings name it.
import { hkdfSync, randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  defaultStartBytes,
  type Host,
  type IsoStats,
  loadTls,
  type SocketOptions,
  Upstream,
} from "../../api/iso/mod.ts";
import { framings, raw2 } from "../../codec/iso8583/mod.ts";
import type { KeyRing } from "../../crypto/mod.ts";
import { appError, type Logger, systemClock } from "../../platform/mod.ts";
import { hostOf, isLoopback } from "../pantun/iso-endpoint.ts";
import type { Settings } from "../pantun/settings.ts";
import type { Engine } from "./engine.ts";
import { holdAlone } from "./sole-writer.ts";

const connectMs = 10_000;
const sealKeyBytes = 64;

export interface OpenedUpstream {
  readonly upstream: Upstream;
  stop(): Promise<void>;
}

/**
 * Null where none is configured. Errors: INSECURE_REFUSED, KEY_NOT_FOUND, CERTIFICATE_UNREADABLE,
 * VAULT_IN_USE, FILE_UNREADABLE where the queue does not open.
 */
export async function openUpstream(
  settings: Settings,
  engine: Engine,
  stats: IsoStats,
  log: Logger,
): Promise<OpenedUpstream | null> {
  const { forward, vault } = settings;
  if (forward.to === "") return null;
  const hosts = forward.to.split(",").map(hostOf);
  const socket = hostSecurity(settings, hosts, "forward");
  if (forward.mac && engine.keys.read().findActive("mac", forward.name) === undefined) {
    throw appError(
      "KEY_NOT_FOUND",
      `${forward.name} has no MAC key; 'pantun keys add mac --label ${forward.name}' makes one.`,
    );
  }
  const path = forward.file === "" ? join(vault.dir, "forward.log") : forward.file;
  const held = await holdAlone(path);
  const upstream = new Upstream({
    name: forward.name,
    hosts,
    framing: framings[forward.framing] ?? raw2,
    startBytes: defaultStartBytes,
    receiver: forward.receiver === "" ? null : forward.receiver,
    mac: forward.mac,
    connections: forward.connections,
    timeoutMs: forward.timeoutMs,
    socket,
    path,
    sealKey: sealKeyOf(engine.keys.read(), "pantun store and forward"),
    retryParked: forward.retryParked,
    keys: engine.keys,
    stats,
    clock: systemClock,
    random: randomBytes,
    log: log.child({ peer: forward.name }),
  });
  const stop = async (): Promise<void> => {
    await upstream.stop();
    await held.release();
  };
  return { upstream, stop };
}

/** The certificates are those of the ISO 8583 door: to the host, we are who we are to switches. */
export function hostSecurity(
  { iso, ...settings }: Settings,
  hosts: readonly Host[],
  section: "forward" | "migrate",
): () => SocketOptions {
  if (iso.certificateFile !== "") {
    const files = {
      certFile: iso.certificateFile,
      keyFile: iso.privateKeyFile,
      caFile: iso.clientCaFile,
    };
    return () => ({ context: loadTls(files).options, connectMs });
  }
  const open = hosts.find(({ host }) => !isLoopback(host));
  if (open !== undefined && !settings[section].insecure) {
    const message =
      `Plain TCP to ${open.host} would carry numbers in clear: configure the certificates ` +
      `of iso, or allow it with ${section}.insecure.`;
    throw appError("INSECURE_REFUSED", message, { details: { host: open.host } });
  }
  return () => ({ context: null, connectMs });
}

/**
 * The queue holds token numbers, so it is sealed; its key comes from the index key, the one that is
 * never replaced while records stand under it.
 */
export function sealKeyOf(ring: KeyRing, info: string): Buffer {
  const { bytes } = ring.active("index");
  return Buffer.from(hkdfSync("sha256", bytes, Buffer.alloc(0), info, sealKeyBytes));
}
