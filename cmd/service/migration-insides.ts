// What a migration works on: the vault and its keys, the way to the actors, and the line to the
// issuers.
import { randomBytes } from "node:crypto";
import { defaultStartBytes } from "../../api/iso/mod.ts";
import { IssuerLine } from "../../api/migration/mod.ts";
import { framings, raw2 } from "../../codec/iso8583/mod.ts";
import { KeyPage, type KeyRing } from "../../crypto/mod.ts";
import { appError, type Logger, systemClock } from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";
import { hostOf } from "../pantun/iso-endpoint.ts";
import type { Settings } from "../pantun/settings.ts";
import { Commands } from "./commands.ts";
import { watchKeys } from "./key-watch.ts";
import { openKeyStore } from "./open-keys.ts";
import { hostSecurity, sealKeyOf } from "./upstream.ts";

/** What was opened, the last first. */
export type Closing = () => Promise<unknown> | unknown;

interface InsideOptions {
  readonly settings: Settings;
  readonly log: Logger;
}

export interface Inside {
  readonly vault: Vault;
  readonly keys: KeyPage;
  readonly commands: Commands;
}

/** Keys, vault, and the way to the actors. */
export async function openInsides(
  { settings, log }: InsideOptions,
  opened: Closing[],
): Promise<Inside> {
  const { dir, passphraseFile, mapBytes } = settings.vault;
  const store = await openKeyStore(dir, passphraseFile, settings.hsm);
  opened.unshift(() => store.close());
  const keys = new KeyPage();
  const ring: KeyRing = await store.load();
  keys.publish(ring);
  const commands = await Commands.open(
    {
      dir,
      vaultMapBytes: mapBytes,
      keys: keys.shared,
      kindModules: [],
      cluster: null,
      payments: null,
    },
    {
      alarm: (err) => log.error({ event: "commands.alarm", err }, "the command path met a fault"),
      place: (place) => log.info({ event: "commands.place", place }, "where commands go"),
    },
  );
  opened.unshift(() => commands.stop());
  const clock = systemClock;
  const vault = Vault.open({ dir, ring, clock, random: randomBytes, mapSizeBytes: mapBytes });
  opened.unshift(() => vault.close());
  const stopWatch = watchKeys({
    store,
    onChange: (next) => {
      keys.publish(next);
      vault.useKeys(next);
    },
    onError: (err) => log.error({ event: "keys.failed", err }, "keys cannot be read again"),
  });
  opened.unshift(stopWatch);
  return { vault, keys, commands };
}

/** Errors: KEY_NOT_FOUND, INSECURE_REFUSED, FILE_UNREADABLE. */
export function openLine(
  { settings, log }: InsideOptions,
  keys: KeyPage,
  path: string,
): IssuerLine {
  const { to, name, mac, framing, connections, timeoutMs, acquirerId, merchantId } =
    settings.migrate;
  if (mac && keys.read().findActive("mac", name) === undefined) {
    const message = `${name} has no MAC key; 'pantun keys add mac --label ${name}' makes one.`;
    throw appError("KEY_NOT_FOUND", message);
  }
  const hosts = to.split(",").map(hostOf);
  return new IssuerLine({
    ...{ name, hosts, connections, timeoutMs, acquirerId, merchantId, path, keys },
    withMac: mac,
    startBytes: defaultStartBytes,
    framing: framings[framing] ?? raw2,
    socket: hostSecurity(settings, hosts, "migrate"),
    sealKey: sealKeyOf(keys.read(), "pantun migration reversals"),
    clock: systemClock,
    random: randomBytes,
    log: log.child({ peer: name }),
  });
}
