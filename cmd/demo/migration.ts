// The demo's migration: a thousand stored cards over SFTP, each asked about at a simulated issuers'
// host over ISO 8583, and tokens back, in order.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ackNameOf,
  loadRequestorKey,
  loadServiceKey,
  makeServiceKey,
  openUpload,
  resultNameOf,
  uploadColumns,
  uploadNameOf,
  writeSealed,
} from "../../api/migration/mod.ts";
import { makeHostKey } from "../../api/sftp/mod.ts";
import { mydebit, raw2 } from "../../codec/iso8583/mod.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { createLogger, systemClock } from "../../platform/mod.ts";
import { type Migration, startMigration } from "../service/migration.ts";
import { partiesOf } from "../service/parties.ts";
import { HostRules } from "../sim/host/rules.ts";
import { SimHost } from "../sim/host/sim-host.ts";
import { SftpClient } from "../sim/sftp-client.ts";
import type { StoryLine } from "./story.ts";
import { demoTrid, type World } from "./world.ts";

const cards = 1_000;
/** The simulated issuers decline the first card and every hundredth after it. */
const declineEvery = 100;
const resultLimitMs = 30_000;
const stem = `MIG_${demoTrid(1)}_20260101_001`;

export async function playMigration(world: World): Promise<StoryLine> {
  const folder = join(world.dir, "migration");
  mkdirSync(folder);
  const host = openHost();
  const port = await host.listen();
  const keys = await makeKeys(folder);
  const migration = await serve(world, folder, keys, port);
  try {
    const begin = performance.now();
    const rows = await exchange(folder, keys, migration);
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    return lineOf(rows, seconds, host);
  } finally {
    await migration.stop();
    await host.close();
  }
}

function openHost(): SimHost {
  return new SimHost({
    listen: { host: "127.0.0.1", port: 0 },
    tls: null,
    codec: mydebit,
    framing: raw2,
    rules: new HostRules([{ mti: "0100", every: declineEvery, code: "05" }]),
    clock: systemClock,
    needsSignOn: true,
  });
}

interface Keys {
  readonly login: { readonly privateKey: string; readonly publicKey: string };
  readonly host: { readonly privateKey: string; readonly publicKey: string };
  readonly path: (name: string) => string;
}

async function makeKeys(folder: string): Promise<Keys> {
  const path = (name: string): string => join(folder, name);
  const put = (name: string, text: string): void => {
    writeFileSync(path(name), text, { mode: 0o600 });
  };
  for (const side of ["ours", "theirs"]) {
    const made = await makeServiceKey();
    put(`${side}-private.asc`, made.privateKey);
    put(`${side}-public.asc`, made.publicKey);
  }
  const login = makeHostKey();
  const host = makeHostKey();
  put("host-key", host.privateKey);
  put("authorized_keys", `${login.publicKey}\n`);
  return { login, host, path };
}

function serve(world: World, folder: string, { path }: Keys, port: number): Promise<Migration> {
  const migration = {
    keysFile: path("authorized_keys"),
    pgpKeyFile: path("theirs-public.asc"),
  };
  const requestors = [{ name: "acquirer-one", trids: [demoTrid(1)], migration }];
  return startMigration({
    settings: {
      ...world.settings,
      migrate: {
        ...world.settings.migrate,
        ...{ folder: join(folder, "files"), port: 0, adminPort: 0, mac: false },
        hostKeyFile: path("host-key"),
        pgpKeyFile: path("ours-private.asc"),
        to: `127.0.0.1:${port}`,
        perIssuerPerSecond: 0,
      },
    },
    parties: partiesOf({ requestors }, "the demo's parties"),
    log: createLogger({ level: "error", pretty: false, destination: process.stderr }),
  });
}

/** Uploads, waits, fetches. The rows of the result, as fields. */
async function exchange(
  folder: string,
  { login, host, path }: Keys,
  { addresses }: Migration,
): Promise<string[][]> {
  const upload = join(folder, "upload.pgp");
  await writeSealed(upload, uploadText(), await loadRequestorKey(path("ours-public.asc")));
  const at = addresses.sftp.lastIndexOf(":");
  const client = await SftpClient.open({
    host: addresses.sftp.slice(0, at),
    port: Number(addresses.sftp.slice(at + 1)),
    username: demoTrid(1),
    privateKey: login.privateKey,
    hostKey: host.publicKey.split(" ")[1] ?? "",
  });
  try {
    await client.upload(upload, uploadNameOf(stem));
    if (!(await client.waitFor(ackNameOf(stem), resultLimitMs))) return [];
    const result = join(folder, "result.pgp");
    await client.fetch(resultNameOf(stem), result);
    const parts: Uint8Array[] = [];
    const key = await loadServiceKey(path("theirs-private.asc"));
    for await (const part of openUpload(result, key)) parts.push(part);
    const [, ...lines] = Buffer.concat(parts).toString("utf8").trimEnd().split("\n");
    return lines.map((line) => line.split(","));
  } finally {
    client.close();
  }
}

async function* uploadText(): AsyncGenerator<string> {
  const rows = Array.from({ length: cards }, (_, i) => {
    const pan = withCheckDigit(`999999${String(500_000_000 + i)}`);
    return `${i + 1},card-${i + 1},${pan},3012,,,2026-01-01T00:00:00Z,,,,`;
  });
  const text = `${[uploadColumns.join(","), ...rows].join("\n")}\n`;
  const hash = createHash("sha256").update(text).digest("hex");
  yield `${text}#TRAILER,${cards},${hash}\n`;
}

function lineOf(rows: readonly string[][], seconds: string, host: SimHost): StoryLine {
  const count = (status: string): number => rows.filter((row) => row[2] === status).length;
  const made = count("TOKENISED");
  const declined = count("DECLINED");
  const inOrder = rows.every((row, i) => row[0] === String(i + 1));
  const asked = host.stats.received.get("0100") ?? 0;
  const right =
    inOrder && asked === cards && declined === cards / declineEvery && made + declined === cards;
  const says = `${made} tokens, ${declined} declined by their issuers, in order, in ${seconds} s`;
  return { name: `${cards} cards over SFTP`, right, says };
}
