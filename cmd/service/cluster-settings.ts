// The settings of a cluster as the thread of the actors takes them.
import { hostname } from "node:os";
import { type ClusterSettings, isNodeName, type NatsSettings } from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import { slotWidth } from "../../vault/mod.ts";
import type { Settings } from "../pantun/settings.ts";

/** How long payments are kept at least; also twice as long as a one-time value can be repeated. */
const payAgeMsMin = 86_400_000;

/** Null where the log is in the vault. Errors: CONFIG_INVALID with the setting that is wrong. */
export function clusterOf({
  log,
  nats,
  commands,
  ptav,
}: Pick<Settings, "log" | "nats" | "ptav"> & {
  readonly commands: { readonly enabled: boolean };
}): ClusterSettings | null {
  if (log.kind === "embedded") return null;
  if (!commands.enabled) {
    const text =
      "log.kind is jetstream: a node's payments go where its commands go, so allow them.";
    throw appError("CONFIG_INVALID", text);
  }
  const node = nats.node === "" ? nodeNameOf(hostname()) : nats.node;
  if (!isNodeName(node)) {
    const text = `nats.node "${node}" is not 1 to 64 lower-case letters, digits and hyphens.`;
    throw appError("CONFIG_INVALID", text);
  }
  const tags = nats.placementTags === "" ? {} : { placementTags: nats.placementTags.split(",") };
  return {
    ...natsOf(nats),
    node,
    replicas: replicasOf(nats.replicas),
    evtBytesMax: nats.evtBytesMax,
    payBytesMax: nats.payBytesMax,
    payAgeMs: Math.max(payAgeMsMin, 2 * slotWidth(ptav.ttlSeconds) * 1_000),
    ...tags,
  };
}

/** How NATS is reached. Errors: CONFIG_INVALID where no server is named. */
export function natsOf(nats: Settings["nats"]): Omit<NatsSettings, "name"> {
  const { credentialsFile, caFile, certificateFile: certFile, privateKeyFile: keyFile } = nats;
  if (nats.servers === "") {
    throw appError("CONFIG_INVALID", "log.kind is jetstream: name its servers in nats.servers.");
  }
  const files = Object.entries({ caFile, certFile, keyFile }).filter(([, path]) => path !== "");
  return {
    servers: nats.servers.split(","),
    ...(credentialsFile === "" ? {} : { credentialsFile }),
    ...(files.length === 0 ? {} : { tls: Object.fromEntries(files) }),
  };
}

function replicasOf(count: number): ClusterSettings["replicas"] {
  if (count === 1 || count === 3 || count === 5) return count;
  throw appError("CONFIG_INVALID", `nats.replicas is ${count}: an even number gains nothing.`);
}

/** A machine's name may have dots and capitals; a node's may not. */
function nodeNameOf(host: string): string {
  return host.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
}
