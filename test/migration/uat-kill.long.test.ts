// Property: killed behind any step of a card or of a batch that came over JSON, and started again,
// a migration goes on without its caller; who asks again under the same key gets what came of it;
// each card met its issuer in one pre-authorisation, and what may have been approved is reversed.
import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeServerKeys } from "../../api/http/mod.ts";
import type { RunStep } from "../../api/migration/mod.ts";
import { luhnPan } from "../grpc/cards.ts";
import { type ClientFiles, makeClient } from "../http/requestor.ts";
import type { DeskOrder, KillAt } from "./desk-child.ts";
import { batchDone, cardBody, openClient, type UatClient } from "./uat.ts";
import { makeWorld, type OpenedHost, openHost, trid, type World } from "./world.ts";

const file = fileURLToPath(new URL("./desk-child.ts", import.meta.url));
const batchCards = 12;

let world: World;
let host: OpenedHost;
let client: ClientFiles;
let flags: Record<string, string>;
let child: ChildProcess | undefined;
let shop: UatClient;
let cards = 0;

beforeAll(async () => {
  [world, host] = [await makeWorld(), await openHost()];
  client = await makeClient(world.home, "shop-uat");
  const keysFile = join(world.home, "uat-keys.json");
  writeFileSync(keysFile, makeServerKeys("uat"), { mode: 0o600 });
  const parties = JSON.parse(readFileSync(world.partiesFile, "utf8"));
  parties.requestors[0].migration = { api: client.http };
  writeFileSync(world.partiesFile, JSON.stringify(parties));
  const api = { "migrate.api.port": "0", "migrate.api.keysFile": keysFile };
  const sftp = { "migrate.hostKeyFile": "", "migrate.pgpKeyFile": "" };
  flags = { ...world.settings(host.port), ...sftp, ...api };
});
afterAll(async () => {
  child?.kill("SIGKILL");
  await host.close();
  world.remove();
});

/** The service as it is after a start; the last one is dead. */
async function start(): Promise<void> {
  child = fork(file, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  child.send({ flags, killAt: null } satisfies DeskOrder);
  const [{ api }] = (await once(child, "message")) as [{ readonly api: string }];
  shop = await openClient(api, client);
  // Single cards are refused until there is a session with the host.
  const body = cardBody(await shop.card(luhnPan("777777000")), "outside");
  while ((await shop.codeOf("migrateCard", { trid, body })) !== "CARD_NOT_ELIGIBLE")
    await pause(10);
}

async function killAt(killAt: KillAt): Promise<void> {
  child!.send({ killAt });
  await once(child!, "message");
}

async function waitForDeath(): Promise<void> {
  if (child!.exitCode === null && child!.signalCode === null) await once(child!, "exit");
  expect(child!.signalCode).toBe("SIGKILL");
}

const freshPan = (): string => {
  cards += 1;
  return luhnPan(`9999998${String(cards).padStart(8, "0")}`);
};

/** What the host saw from a place on: one pre-authorisation a card, all of them reversed. */
async function checkHost(from: number, count: number): Promise<void> {
  const seen = () => host.rules.seen.slice(from);
  const of = (...mtis: string[]) => seen().filter(({ mti }) => mtis.includes(mti));
  const reversed = () => new Set(of("0400", "0401").map(({ original }) => original.slice(4, 10)));
  while (reversed().size < count) await pause(20);
  const asked = of("0100", "0101");
  expect(new Set(asked.map(({ rrn, stan }) => `${rrn} ${stan}`)).size).toBe(count);
  expect(asked).toHaveLength(count);
  expect(reversed()).toEqual(new Set(asked.map(({ stan }) => stan)));
}

const cardSteps: readonly RunStep[] = ["intended", "asked", "settled", "provisioned"];

describe("one card", () => {
  test("is seen through, whatever it was killed behind", async () => {
    await start();
    for (const step of cardSteps) {
      const from = host.rules.seen.length;
      const body = cardBody(await shop.card(freshPan()), step);
      const options = { trid, body, key: randomUUID() };
      await killAt({ step, times: 1 });
      await expect(shop.call("migrateCard", options)).rejects.toThrow();
      await waitForDeath();
      await start();
      const reply = await shop.call("migrateCard", options);
      expect([reply.status, reply.body.requestorRef], step).toEqual([201, step]);
      expect(reply.headers["idempotent-replayed"]).toBe("true");
      expect((await shop.call("migrateCard", options)).body).toEqual(reply.body);
      await checkHost(from, 1);
    }
  });
});

const batchSteps: readonly [RunStep, number][] = [
  ["taken", 1],
  ["intended", 5],
  ["asked", 7],
  ["provisioned", 9],
  ["told", 1],
];

describe("a batch", () => {
  test.each(batchSteps)(
    "that is killed behind '%s', time %i, ends as one that was not",
    async (step, times) => {
      const from = host.rules.seen.length;
      const sealed = await Promise.all(
        Array.from({ length: batchCards }, () => shop.card(freshPan(), {}, { alg: "ECDH-ES" })),
      );
      const body = { cards: sealed.map((card, i) => cardBody(card, `${step}-${i + 1}`)) };
      const options = { trid, body, key: randomUUID() };
      await killAt({ step, times });
      // It may be dead before it could answer, or after.
      await shop.call("createMigration", options).catch(() => undefined);
      await waitForDeath();
      await start();
      const taken = await shop.call("createMigration", options);
      expect([taken.status, taken.headers["idempotent-replayed"]]).toEqual([202, "true"]);
      const { results } = (await batchDone(shop, taken.body.migrationId)).body;
      const rows = results.map(({ requestorRef, status }: Record<string, string>) => {
        return [requestorRef, status];
      });
      expect(rows).toEqual(body.cards.map(({ requestorRef }) => [requestorRef, "TOKENISED"]));
      expect(new Set(results.map(({ tpan }: { tpan: string }) => tpan)).size).toBe(batchCards);
      await checkHost(from, batchCards);
      const folder = join(world.dir, "migration", trid, "batches", taken.body.migrationId);
      expect(readdirSync(folder).sort()).toEqual(["results", "status.json"]);
      expect(existsSync(`${folder}.part`)).toBe(false);
    },
  );

  test("and all cards have one token each", async () => {
    child!.disconnect();
    await once(child!, "exit");
    const tokens = await world.look((vault) => [...vault.tables.tokens.getKeys()].length);
    expect(tokens).toBe(cards);
  });
});
