// The migrations' door over a demo world: the service with its actors and outbox, the issuers'
// host, and a requestor's client for each of the two doors.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeServerKeys } from "../../api/http/mod.ts";
import { uatOperations } from "../../api/uat/mod.ts";
import { demoParties, demoTrid } from "../../cmd/demo/world.ts";
import { settingsSchema } from "../../cmd/pantun/settings.ts";
import { type Migration, startMigration } from "../../cmd/service/migration.ts";
import type { HostRule } from "../../cmd/sim/host/rules.ts";
import { createLogger, loadConfig } from "../../platform/mod.ts";
import { type HttpWorld, makeClient, openHttpWorld, Requestor } from "../http/requestor.ts";
import { type OpenedHost, openHost } from "./world.ts";

export type UatOperation = keyof typeof uatOperations;
export type UatClient = Requestor<UatOperation>;

export interface UatWorld {
  readonly world: HttpWorld;
  readonly host: OpenedHost;
  readonly migration: Migration;
  /** At the migrations' door. */
  readonly shop: UatClient;
  /** At the requestors' API. */
  readonly seller: Requestor;
  readonly uatFiles: Awaited<ReturnType<typeof makeClient>>;
  close(): Promise<void>;
}

export function openClient(address: string, files: UatWorld["uatFiles"]): Promise<UatClient> {
  return new Requestor(address, files, undefined, uatOperations).open();
}

export async function openUatWorld(
  rules: readonly HostRule[],
  flags: Readonly<Record<string, string>> = {},
): Promise<UatWorld> {
  const world = await openHttpWorld({ tokens: 4 });
  const host = await openHost(rules);
  const uatFiles = await makeClient(world.files, "shop-uat");
  const keysFile = join(world.files, "uat-keys.json");
  writeFileSync(keysFile, makeServerKeys("uat"), { mode: 0o600 });
  const { dir, passphraseFile } = world;
  const { value: settings } = loadConfig(settingsSchema, {
    flags: {
      "vault.dir": dir,
      "vault.passphraseFile": passphraseFile,
      "vault.mapBytes": String(world.settings.vault.mapBytes),
      "http.keysFile": world.settings.http.keysFile,
      "migrate.adminPort": "0",
      "migrate.to": `127.0.0.1:${host.port}`,
      "migrate.mac": "false",
      "migrate.api.port": "0",
      "migrate.api.keysFile": keysFile,
      ...flags,
    },
  });
  const migration = await startMigration({
    settings,
    parties: demoParties({ requestor: { migration: { api: uatFiles.http } } }),
    log: createLogger({ level: "error", pretty: false, destination: process.stderr }),
  });
  const shop = await openClient(migration.addresses.api, uatFiles);
  const seller = await new Requestor(world.address, world.client).open();
  return {
    ...{ world, host, migration, shop, seller, uatFiles },
    async close() {
      await migration.stop();
      await host.close();
      await world.close();
    },
  };
}

/** The body of a call with one card that is fine but for what is changed. */
export function cardBody(encryptedCard: string, requestorRef: string, changes: object = {}) {
  const consent = { given: true, at: "2026-01-01T08:00:00+08:00", termsVersion: "3" };
  return { requestorRef, encryptedCard, consent, ...changes };
}

/** Resolves with the batch when it is done. */
export async function batchDone(shop: UatClient, migrationId: string) {
  for (;;) {
    const reply = await shop.call("getMigration", { params: { migrationId } });
    if (reply.status !== 200 || reply.body.state === "DONE") return reply;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export { demoTrid };
