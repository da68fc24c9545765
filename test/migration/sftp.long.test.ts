// Property of the whole program: with OpenSSH's own client a requestor uploads its cards and gets
// tokens back in the same order, whatever the issuers say of single ones; the same rows again get
// the same result and no second pre-authorisation; and there is nothing else to be had over SFTP.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { within } from "../../platform/mod.ts";
import { agreementsOf, parseRef } from "../../vault/mod.ts";
import { pantun, startProgram } from "../cli/run-pantun.ts";
import { luhnPan } from "../grpc/cards.ts";
import {
  cardRow,
  cardRows,
  dropUpload,
  headerLine,
  makeWorld,
  type OpenedHost,
  openHost,
  openResult,
  readAck,
  resultPath,
  sealUpload,
  sftp,
  trid,
  uploadText,
  type World,
} from "./world.ts";

let world: World;
let host: OpenedHost;
let address: string;
let admin: string;
let log = "";
let stop: () => Promise<unknown>;

const pans = Array.from({ length: 8 }, (_, i) => luhnPan(`99999955${i}`));
const unknownPan = luhnPan("777777000");

beforeAll(async () => {
  world = await makeWorld();
  const late = { mti: ["0100", "0101"], starts: { "2": pans[4]! }, delayMs: 3_000 };
  const lost = { mti: "0100", starts: { "2": pans[1]! }, drop: true };
  host = await openHost([
    { mti: "0100", starts: { "2": pans[2]! }, code: "05" },
    { mti: "0100", starts: { "2": pans[3]! }, code: "91" },
    { mti: "0100", starts: { "2": pans[5]! }, code: "85" },
    late,
    lost,
  ]);
  const flags = { ...world.settings(host.port), "migrate.timeoutMs": "500" };
  const sets = Object.entries(flags).flatMap(([path, value]) => ["--set", `${path}=${value}`]);
  const { child, finished } = startProgram(["migrate", "serve", ...sets]);
  const ready = await new Promise<{ sftp: string; admin: string }>((resolve, reject) => {
    child.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString("utf8");
      const line = log.split("\n").find((one) => one.includes("migrate.ready"));
      if (line?.endsWith("}") === true) resolve(JSON.parse(line));
    });
    child.once("exit", () => reject(new Error(`it ended: ${log}`)));
  });
  ({ sftp: address, admin } = ready);
  stop = async () => {
    child.kill("SIGTERM");
    const late = `the migration did not stop within 40 s: ${log}`;
    return (await within(40_000, late, finished).finally(() => child.kill("SIGKILL"))).code;
  };
});
afterAll(async () => {
  const code = await stop?.();
  await host?.close();
  world?.remove();
  expect(code).toBe(0);
});

async function ackOf(stem: string) {
  for (let turn = 0; turn < 400; turn++) {
    const ack = readAck(world, stem);
    if (ack !== undefined) return ack;
    await pause(50);
  }
  throw new Error(`no acknowledgement of ${stem}: ${log}`);
}

const name = (number: number) => `MIG_${trid}_20260101_${String(number).padStart(3, "0")}`;

async function upload(text: string, number: number) {
  const local = join(world.home, "upload.pgp");
  writeFileSync(local, await sealUpload(world, text));
  const file = `in/${name(number)}.csv.pgp`;
  const { code, out } = sftp(world, address, [
    `put ${local} ${file}.part`,
    `rename ${file}.part ${file}`,
  ]);
  expect(code, out).toBe(0);
  return ackOf(name(number));
}

const mixed = [
  cardRow(1, pans[0]!),
  cardRow(2, pans[1]!, "mandate-1,RU,SHOP,458001"),
  cardRow(3, pans[2]!),
  cardRow(4, pans[3]!),
  cardRow(5, pans[4]!),
  cardRow(6, pans[5]!),
  cardRow(7, unknownPan),
  cardRow(8, pans[0]!),
  cardRow(9, pans[6]!).replace("2026-01-01T00:00:00Z", "yesterday"),
  cardRow(10, `${pans[7]!.slice(0, -1)}${(Number(pans[7]!.at(-1)) + 1) % 10}`),
  cardRow(11, pans[6]!).replace("ref-11", "=cmd()"),
  cardRow(12, pans[6]!).replace("A. Holder", "@SUM(A1)"),
  "13,too,few",
];

let number = 100;

describe("a migration over OpenSSH's sftp", () => {
  it("brings a result for each record, in order", async () => {
    const ack = await upload(uploadText(mixed), 1);
    expect(ack).toMatchObject({ outcome: "DONE", records: "13", tokenised: "3", duplicate: "1" });
    const local = join(world.home, "result.pgp");
    const got = sftp(world, address, [
      `get out/${name(1)}_RESULT.csv.pgp ${local}`,
      `get out/${name(1)}_RESULT.ack ${local}.ack`,
    ]);
    expect(got.code, got.out).toBe(0);
    const rows = await openResult(world, local);
    expect(rows.map(({ status, reason_code }) => `${status} ${reason_code}`.trim())).toEqual([
      "TOKENISED",
      "TOKENISED",
      "DECLINED ISSUER_05",
      "ERROR ISSUER_91",
      "ERROR ISSUER_TIMEOUT",
      "TOKENISED",
      "NOT_ELIGIBLE CARD_NOT_ELIGIBLE",
      "DUPLICATE",
      "INVALID CONSENT_AT_INVALID",
      "INVALID PAN_INVALID",
      "INVALID REQUESTOR_REF_INVALID",
      "INVALID CARDHOLDER_NAME_INVALID",
      "INVALID ROW_MALFORMED",
    ]);
    expect(rows.map((row) => row.record_no)).toEqual(mixed.map((_, i) => String(i + 1)));
    expect(rows[7]?.tpan).toBe(rows[0]?.tpan);
    expect(rows[0]?.tpan).toMatch(/^608727[0-9]{10}$/);
    expect(rows[10]?.requestor_ref).toBe("");
    const agreements = await world.look((vault) =>
      [rows[0], rows[1]].map((row) => {
        const found = vault.findTokenByRef(parseRef(row?.token_ref ?? "") as Buffer);
        return agreementsOf(vault, found?.index as Buffer);
      }),
    );
    expect(agreements).toMatchObject([
      [],
      [{ acquirer: "458001", merchant: "SHOP", id: "mandate-1", types: 5, source: "MIGRATION" }],
    ]);
  });

  it("reverses what was approved and what was not answered, and nothing else", async () => {
    const stanOf = (mti: string) =>
      new Set(host.rules.seen.filter((one) => one.mti === mti).map(({ stan }) => stan));
    const wanted = () => {
      const reversed = new Set([...stanOf("0400"), ...stanOf("0401")]);
      return reversed.size;
    };
    for (let turn = 0; turn < 100 && wanted() < 5; turn++) await pause(50);
    // Five of the seven that were asked: one was declined, of one the issuer was not there.
    expect(stanOf("0100").size).toBe(7);
    expect(wanted()).toBe(5);
  });

  it("gives the same rows the same result, and asks nobody again", async () => {
    const before = host.rules.seen.length;
    const first = readAck(world, name(1));
    const ack = await upload(uploadText(mixed), 2);
    expect(ack).toEqual({ ...first, file: `${name(2)}.csv.pgp` });
    expect(await openResult(world, resultPath(world, name(2)))).toEqual(
      await openResult(world, resultPath(world, name(1))),
    );
    expect(host.rules.seen.length).toBe(before);
  });

  it.each([
    [
      "a trailer that does not fit",
      uploadText(cardRows(3)).replace("#TRAILER,3", "#TRAILER,2"),
      "COUNT_MISMATCH",
    ],
    ["an altered row", uploadText(cardRows(3)).replace("A. Holder", "B. Holder"), "HASH_MISMATCH"],
    ["no trailer", `${headerLine}\n${cardRows(1)[0]}\n`, "TRAILER_MISSING"],
    ["a CVV column", uploadText(["1,2,3"], "record_no,pan,cvv"), "CVV_COLUMN"],
    ["another header", uploadText(["1,2,3"], "record_no,pan,expiry"), "HEADER_INVALID"],
    ["no rows", uploadText([]), "NO_ROWS"],
    ["a line without end", `${headerLine}\n${"1".repeat(10_000)}`, "LINE_TOO_LONG"],
  ])("refuses a file with %s", async (_what, text, reason) => {
    number += 1;
    const before = host.rules.seen.length;
    expect(await upload(text, number)).toMatchObject({ outcome: "REFUSED", reason_code: reason });
    expect(host.rules.seen.length).toBe(before);
  });

  it("refuses what was not encrypted to us, and leaves an unfinished upload alone", async () => {
    const stem = await dropUpload(world, "", 300);
    writeFileSync(join(world.folder("in"), `${stem}.csv.pgp`), uploadText(cardRows(1)));
    writeFileSync(join(world.folder("in"), `${name(301)}.csv.pgp.part`), "x");
    expect(await ackOf(stem)).toMatchObject({ reason_code: "DECRYPTION_FAILED" });
    expect(readdirSync(world.folder("in"))).toContain(`${name(301)}.csv.pgp.part`);
  });

  it.each([
    ["a path above", "get ../../parties.json /dev/null"],
    ["an absolute path", "get /etc/passwd /dev/null"],
    ["what is being worked on", `ls runs`],
    ["another folder", "mkdir in/x"],
    ["a link", "symlink /etc/passwd out/passwd"],
    ["an upload under its final name", `put /etc/hostname in/${name(400)}.csv.pgp`],
    ["another requestor's name", "put /etc/hostname in/MIG_99900000002_20260101_001.csv.pgp.part"],
    ["a file in out", `put /etc/hostname out/${name(400)}.csv.pgp`],
    ["reading uploads", `get in/${name(301)}.csv.pgp.part /dev/null`],
    ["a removal above", "rm ../../../parties.json"],
    ["another name by rename", `rename in/${name(301)}.csv.pgp.part in/${name(302)}.csv.pgp`],
  ])("refuses %s", (_what, command) => {
    const { code, out } = sftp(world, address, [command]);
    expect(code, out).not.toBe(0);
  });

  it("lets nobody in without the key, or as somebody else", () => {
    const withPassword = ["-o", "PreferredAuthentications=password,keyboard-interactive"];
    expect(sftp(world, address, ["ls"], withPassword).code).not.toBe(0);
    expect(sftp(world, address, ["ls"], [], "99900000002").code).not.toBe(0);
    const listed = sftp(world, address, ["ls -l"]);
    expect(listed.out).toMatch(/ in\b/);
    expect(listed.out).toMatch(/ out\b/);
  });

  it("is seen in the command line and the metrics", async () => {
    const listed = await pantun(["migrate", "list", "--dir", world.dir]);
    expect(listed.stdout).toContain(`${name(1)}  DONE`);
    const shown = await pantun(["migrate", "show", name(1), "--dir", world.dir, "--json"]);
    expect(JSON.parse(shown.stdout)).toMatchObject({ state: "DONE", records: 13 });
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    expect(metrics).toContain('pantun_migration_records_total{status="TOKENISED"} 3');
    expect(metrics).toContain('pantun_migration_files_total{outcome="again"} 1');
    expect(metrics).toContain("pantun_migration_sessions 2");
  });

  it("leaves no card number in a log, a status or a file", () => {
    const statuses = readdirSync(world.folder("runs")).flatMap((run) =>
      readdirSync(join(world.folder("runs"), run)).map((file) =>
        readFileSync(join(world.folder("runs"), run, file), "latin1"),
      ),
    );
    const reversals = readFileSync(join(world.dir, "migration", "reversals.log"), "latin1");
    for (const text of [log, reversals, ...statuses]) {
      for (const pan of pans) expect(text.includes(pan)).toBe(false);
    }
  });
});
