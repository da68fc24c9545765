// How commands reach the NATS servers of a cluster: by the settings that the service has, too.
import type { Command } from "commander";
import type { ClusterSettings, NatsSettings } from "../../actors/mod.ts";
import { loadConfig, readConfigFile } from "../../platform/mod.ts";
import { clusterOf, natsOf } from "../service/cluster-settings.ts";
import { settingFlags } from "./set-flags.ts";
import { type Settings, settingsSchema } from "./settings.ts";

export interface NatsFlags {
  readonly config?: string;
  readonly servers?: string;
  readonly replicas?: string;
}

export function natsFlags(command: Command): Command {
  return command
    .option("--config <file>", "settings file (JSON) with the nats settings; also PANTUN_CONFIG")
    .option("--servers <urls>", "NATS servers; short for nats.servers");
}

function settingsOf(flags: NatsFlags): Settings {
  const file = flags.config ?? process.env.PANTUN_CONFIG;
  const { value } = loadConfig(settingsSchema, {
    flags: settingFlags({}, { "nats.servers": flags.servers, "nats.replicas": flags.replicas }),
    env: process.env,
    ...(file === undefined ? {} : { file: readConfigFile(file) }),
  });
  return value;
}

/** Errors: CONFIG_INVALID. */
export function natsSettings(flags: NatsFlags): Omit<NatsSettings, "name"> {
  return natsOf(settingsOf(flags).nats);
}

/** As a node with these settings has them. Errors: CONFIG_INVALID. */
export function clusterSettings(flags: NatsFlags): ClusterSettings {
  const { log, nats, ptav } = settingsOf(flags);
  const node = { log: { ...log, kind: "jetstream" }, commands: { enabled: true } } as const;
  return clusterOf({ ...node, nats, ptav }) as ClusterSettings;
}
