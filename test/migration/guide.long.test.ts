// Defends: the migration guide is true. Its commands are typed as they stand, by an operator in one
// folder, with OpenSSH and GnuPG, and end with a token for each card.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { luhnPan } from "../grpc/cards.ts";
import { type ClientFiles, makeClient } from "../http/requestor.ts";
import { root } from "../tidy/tree.ts";
import { cardBody, openClient } from "./uat.ts";
import {
  cardRows,
  headerLine,
  makeWorld,
  need,
  type OpenedHost,
  openHost,
  trid,
  type World,
} from "./world.ts";

const text = readFileSync(join(root, "docs/guides/migration.md"), "utf8");
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, "g"))].map(
    (match) => match[1]!,
  );

let world: World;
let host: OpenedHost;
let env: NodeJS.ProcessEnv;
let port: number;
let program: ChildProcess | undefined;
const stem = "MIG_99900000001_20260101_001";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

beforeAll(async () => {
  world = await makeWorld();
  host = await openHost();
  port = await freePort();
  const bin = join(world.home, "bin");
  mkdirSync(bin);
  const launcher = join(root, "cmd/pantun/main.ts");
  writeFileSync(join(bin, "pantun"), `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
  // The first login of a person: the host key is known, the key is named by the guide.
  const ssh = `-S ${need("ssh")} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null`;
  writeFileSync(join(bin, "sftp"), `#!/bin/sh\nexec "${need("sftp")}" ${ssh} "$@"\n`);
  for (const name of ["pantun", "sftp"]) chmodSync(join(bin, name), 0o755);
  const gnupg = join(world.home, "gnupg");
  mkdirSync(gnupg, { mode: 0o700 });
  const path = [bin, dirname(need("gpg")), process.env.PATH].join(":");
  env = { ...process.env, PATH: path, GNUPGHOME: gnupg };
});
afterAll(async () => {
  program?.kill("SIGKILL");
  spawnSync("gpgconf", ["--kill", "all"], { env, timeout: 10_000 });
  await host?.close();
  world?.remove();
});

/** Types a block as it stands, in the operator's folder; the port is one that is free here. */
function type(block: string): string {
  const script = block.replaceAll("8622", String(port));
  // A program that asks or waits must fail with what it said, not hold the whole run.
  const limits = { timeout: 60_000, killSignal: "SIGKILL" } as const;
  const ran = spawnSync("sh", ["-ec", script], {
    ...{ cwd: world.home, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    ...limits,
  });
  expect(ran.status, `${script}\n${ran.stdout}${ran.stderr}`).toBe(0);
  return ran.stdout;
}

async function waitFor(what: string, isThere: () => boolean): Promise<void> {
  for (let turn = 0; turn < 400 && !isThere(); turn++) await pause(50);
  expect(isThere(), `waited 20 s for ${what}`).toBe(true);
}

it("is true, command by command", async () => {
  const [keys = "", serve = "", apiKeys = "", ...others] = blocks("sh");
  const [look = "", seal = "", upload = "", fetchIt = "", ...more] = others;
  expect(more).toEqual([]);
  type(keys);
  const client = await makeApiClient(type(apiKeys));
  // What the requestor has given.
  writeFileSync(join(world.home, "shop.keys"), readFileSync(join(world.home, "authorized_keys")));
  const requestorKey = join(world.home, "requestor-public.asc");
  writeFileSync(join(world.home, "shop-public.asc"), readFileSync(requestorKey));
  const parties = blocks("json")
    .map((block) => JSON.parse(block))
    .at(-1);
  writeFileSync(join(world.home, "parties.json"), JSON.stringify(parties));
  const command = serve
    .replace("8583", String(host.port))
    .replaceAll("8622", String(port))
    .replace("var/vault", "vault")
    .replace("secret.txt", "passphrase")
    .trimEnd();
  let log = "";
  const api = "--set migrate.api.keysFile=keys/uat-keys.json --set migrate.api.port=0";
  const more2 = `${api} --set vault.mapBytes=256MiB --set migrate.adminPort=0`;
  program = spawn("sh", ["-ec", `exec ${command} ${more2}`], { cwd: world.home, env });
  program.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString("utf8");
  });
  await waitFor("the program", () => log.includes("migrate.ready"));
  writeFileSync(join(world.home, "cards.csv"), `${[headerLine, ...cardRows(20)].join("\n")}\n`);
  // The public key that the operator gave on.
  const published = readFileSync(join(world.home, "keys", "pgp-public.asc"));
  writeFileSync(join(world.home, "pgp-public.asc"), published);
  type(seal);
  type(upload);
  await waitFor("the file", () => log.includes("migrate.finished"));
  type("gpg --batch --import requestor-private.asc");
  type(fetchIt);
  const rows = readFileSync(join(world.home, "result.csv"), "utf8").trimEnd().split("\n");
  expect(rows).toHaveLength(21);
  expect(rows.slice(1).every((row) => row.split(",")[2] === "TOKENISED")).toBe(true);
  expect(type(look.replaceAll("var/vault", "vault"))).toContain(`${stem}  DONE`);
  const [, address = ""] = /"?api"?[:=] ?"?([0-9.]+:[0-9]+)/.exec(log) ?? [];
  const shop = await openClient(address, client);
  const body = cardBody(await shop.card(luhnPan("9999997")), "card-17");
  expect((await shop.call("migrateCard", { trid, body })).status).toBe(201);
});

/** A client with the secret that the guide's command has shown. */
async function makeApiClient(shown: string): Promise<ClientFiles> {
  const elsewhere = join(world.home, "client");
  mkdirSync(elsewhere);
  const client = await makeClient(elsewhere, "shop-uat");
  writeFileSync(join(world.home, "shop-uat.jwks"), readFileSync(client.http.keysFile));
  return { ...client, secret: shown.trim() };
}
