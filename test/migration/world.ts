// A vault, a requestor with its keys, our keys, and a simulated issuers' host: what a migration
// needs, in a temporary folder.
import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as openpgp from "openpgp";
import { makeServiceKey } from "../../api/migration/mod.ts";
import { makeHostKey } from "../../api/sftp/mod.ts";
import { type HostRule, HostRules } from "../../cmd/sim/host/rules.ts";
import { SimHost } from "../../cmd/sim/host/sim-host.ts";
import { mydebit, raw2 } from "../../codec/iso8583/mod.ts";
import { FileProvider, type KeyRing, KeyStore } from "../../crypto/mod.ts";
import { obtain } from "../../deploy/tools/obtain.ts";
import { getTool } from "../../deploy/tools/tool-table.ts";
import { systemClock } from "../../platform/mod.ts";
import { putBinRange, putIssuer, putRequestor, Vault } from "../../vault/mod.ts";
import { luhnPan } from "../grpc/cards.ts";

export const trid = "99900000001";
const mapBytes = 2 ** 28;

/** Messages that the host judged: MTI, DE37, DE11 and DE90. */
export interface Seen {
  readonly mti: string;
  readonly rrn: string;
  readonly stan: string;
  readonly original: string;
  readonly amount: string;
}

export class RecordingRules extends HostRules {
  readonly seen: Seen[] = [];

  override judge(mti: string, values: Readonly<Record<string, string>>) {
    const { "4": amount = "", "11": stan = "", "37": rrn = "", "90": original = "" } = values;
    if (mti !== "0800") this.seen.push({ mti, rrn, stan, original, amount });
    return super.judge(mti, values);
  }

  count(mti: string): number {
    return this.seen.filter((one) => one.mti === mti).length;
  }
}

export interface OpenedHost {
  readonly host: SimHost;
  readonly rules: RecordingRules;
  readonly port: number;
  close(): Promise<void>;
}

export async function openHost(rules: readonly HostRule[] = [], port = 0): Promise<OpenedHost> {
  const recording = new RecordingRules(rules);
  const host = new SimHost({
    listen: { host: "127.0.0.1", port },
    tls: null,
    codec: mydebit,
    framing: raw2,
    rules: recording,
    clock: systemClock,
    needsSignOn: true,
  });
  const bound = await host.listen();
  return { host, rules: recording, port: bound, close: () => host.close() };
}

/** A tool that a test cannot do without. */
export function need(name: string): string {
  const path = obtain(getTool(name));
  if (path === null) {
    throw new Error(
      `${name} could not be found or installed; on Debian: apt-get install openssh-client`,
    );
  }
  return path;
}

export interface World {
  readonly home: string;
  readonly dir: string;
  readonly passphraseFile: string;
  readonly partiesFile: string;
  readonly ring: KeyRing;
  /** The requestor's own SSH key. */
  readonly loginKeyFile: string;
  /** Settings of `pantun migrate serve` by path. */
  settings(hostPort: number): Record<string, string>;
  /** Opens the vault for a look. */
  look<T>(work: (vault: Vault) => T): Promise<T>;
  folder(name: "in" | "out" | "runs" | "kept"): string;
  remove(): void;
}

export const headerLine =
  "record_no,requestor_ref,pan,expiry_yymm,cardholder_name,consumer_ref,consent_at," +
  "agreement_id,mit_types,merchant_id,acquirer_id";

export function cardRow(recordNo: number, pan: string, more = ",,,"): string {
  const who = `ref-${recordNo},${pan},3012,A. Holder,c-${recordNo},2026-01-01T00:00:00Z`;
  return `${recordNo},${who},${more}`;
}

/** `count` test cards from a place in the range 999999. */
export function cardRows(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => {
    return cardRow(i + 1, luhnPan(`999999${String(from + i).padStart(9, "0")}`));
  });
}

/** Header, rows and the trailer that fits them. */
export function uploadText(rows: readonly string[], header = headerLine): string {
  const before = `${[header, ...rows].join("\n")}\n`;
  const hash = createHash("sha256").update(before).digest("hex");
  return `${before}#TRAILER,${rows.length},${hash}\n`;
}

export async function makeWorld(): Promise<World> {
  const home = mkdtempSync(join(tmpdir(), "pantun-migration-"));
  const dir = join(home, "vault");
  mkdirSync(dir);
  const put = (name: string, text: string): string => {
    const path = join(home, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const passphraseFile = put("passphrase", "a passphrase for tests\n");
  const provider = await FileProvider.create(dir, Buffer.from("a passphrase for tests"));
  const store = await KeyStore.init(dir, provider, { peers: ["issuers"] });
  const ring = await store.load();
  await store.close();
  const open = (create: boolean) =>
    Vault.open({
      dir,
      ring,
      create,
      clock: systemClock,
      random: randomBytes,
      mapSizeBytes: mapBytes,
    });
  const vault = open(true);
  fillRegistry(vault);
  await vault.close();
  const ours = await makeServiceKey();
  put("pgp-private.asc", ours.privateKey);
  put("pgp-public.asc", ours.publicKey);
  const theirs = await makeServiceKey();
  put("requestor-private.asc", theirs.privateKey);
  const pgpKeyFile = put("requestor-public.asc", theirs.publicKey);
  const hostKey = makeHostKey();
  put("host-key", hostKey.privateKey);
  put("host-key.pub", hostKey.publicKey);
  const login = makeHostKey();
  const loginKeyFile = put("login", login.privateKey);
  const keysFile = put("authorized_keys", `${login.publicKey}\n`);
  const migration = { keysFile, pgpKeyFile };
  const requestors = [{ name: "shop", trids: [trid], migration }];
  const partiesFile = put("parties.json", JSON.stringify({ requestors }));
  return {
    ...{ home, dir, passphraseFile, partiesFile, ring, loginKeyFile },
    settings: (hostPort) => ({
      "vault.dir": dir,
      "vault.passphraseFile": passphraseFile,
      "vault.mapBytes": String(mapBytes),
      "parties.file": partiesFile,
      "migrate.port": "0",
      "migrate.adminPort": "0",
      "migrate.hostKeyFile": join(home, "host-key"),
      "migrate.pgpKeyFile": join(home, "pgp-private.asc"),
      "migrate.to": `127.0.0.1:${hostPort}`,
      "migrate.mac": "false",
      "migrate.perIssuerPerSecond": "0",
    }),
    async look(work) {
      const opened = open(false);
      try {
        return work(opened);
      } finally {
        await opened.close();
      }
    },
    folder: (name) => join(dir, "migration", trid, name),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

function fillRegistry(vault: Vault): void {
  putIssuer(vault, { id: "TESTBANK", name: "Test Bank" });
  putBinRange(vault, { prefix: "999999", issuerId: "TESTBANK" });
  putRequestor(vault, {
    trid,
    name: "Shop",
    type: "MERCHANT",
    acquirers: ["458001"],
    allowAttestedAgreements: true,
  });
}

/** The upload, encrypted to our key as a requestor would. */
export async function sealUpload(world: World, text: string): Promise<Uint8Array> {
  const armoredKey = readFileSync(join(world.home, "pgp-public.asc"), "utf8");
  return openpgp.encrypt({
    message: await openpgp.createMessage({ binary: Buffer.from(text) }),
    encryptionKeys: await openpgp.readKey({ armoredKey }),
    format: "binary",
  });
}

/** Puts an upload where an SFTP server would have. */
export async function dropUpload(world: World, text: string, number = 1): Promise<string> {
  const stem = `MIG_${trid}_20260101_${String(number).padStart(3, "0")}`;
  mkdirSync(world.folder("in"), { recursive: true });
  writeFileSync(join(world.folder("in"), `${stem}.csv.pgp`), await sealUpload(world, text));
  return stem;
}

/** A result as its requestor reads it: rows by column name. */
export async function openResult(
  world: World,
  path: string,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const armoredKey = readFileSync(join(world.home, "requestor-private.asc"), "utf8");
  const { data } = await openpgp.decrypt({
    message: await openpgp.readMessage({ binaryMessage: readFileSync(path) }),
    decryptionKeys: await openpgp.readPrivateKey({ armoredKey }),
  });
  const [header = "", ...lines] = String(data).trimEnd().split("\n");
  const names = header.split(",");
  return lines.map((line) => {
    const values = line.split(",");
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
  });
}

export function resultPath(world: World, stem: string): string {
  return join(world.folder("out"), `${stem}_RESULT.csv.pgp`);
}

/** The acknowledgement's row by column name, undefined while there is none. */
export function readAck(world: World, stem: string): Record<string, string> | undefined {
  const path = join(world.folder("out"), `${stem}_RESULT.ack`);
  if (!existsSync(path)) return undefined;
  const [names = [], values = []] = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
}

/** OpenSSH's sftp with a batch of commands. */
export function sftp(
  world: World,
  address: string,
  batch: readonly string[],
  options: readonly string[] = [],
  user = trid,
): { readonly code: number | null; readonly out: string } {
  const at = address.lastIndexOf(":");
  const known = join(world.home, "known_hosts");
  const [type = "", key = ""] = readFileSync(join(world.home, "host-key.pub"), "utf8").split(" ");
  writeFileSync(known, `[${address.slice(0, at)}]:${address.slice(at + 1)} ${type} ${key}\n`);
  const port = address.slice(at + 1);
  const args = [
    ...["-S", need("ssh"), "-F", "none", "-P", port, "-i", world.loginKeyFile, "-b", "-"],
    ...options,
    ...["-o", `UserKnownHostsFile=${known}`, "-o", "StrictHostKeyChecking=yes"],
    ...["-o", "IdentitiesOnly=yes", "-o", "PreferredAuthentications=publickey"],
    `${user}@${address.slice(0, at)}`,
  ];
  // Of a value that is given twice, ssh takes the first.
  const ran = spawnSync(need("sftp"), args, {
    input: `${batch.join("\n")}\n`,
    encoding: "utf8",
    timeout: 15_000,
  });
  return { code: ran.status, out: `${ran.stdout}${ran.stderr}` };
}
