// Defends: what a vault says when it is opened wrongly, that a look-up copies exactly the record,
// and that a reader sees another process's change at its next fresh read.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deleteCard, provision, updatePan } from "../actors/card/test-rig.ts";
import { knownTpan } from "../codec/pan/fixtures.ts";
import { ClearPAN } from "../codec/pan/mod.ts";
import { KeyRing } from "../crypto/mod.ts";
import { isAppError } from "../platform/mod.ts";
import { loadBatch } from "./bulk/bulk-load.ts";
import { generateTokens } from "./bulk/generate.ts";
import { RowBatch } from "./bulk/row-batch.ts";
import { putRequestor, setRequestorStatus } from "./registry/registry-admin.ts";
import {
  createTestVault,
  otherTrid,
  runChild,
  type TestVault,
  testKey,
  testPan,
  trid,
} from "./test-vault.ts";
import { tokenAt, tokenBytes, tokenStatus, tokenWords } from "./token-record.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

function codeOf(work: () => unknown): string {
  try {
    work();
    return "none";
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
}

function make(card = 1, requestor = trid) {
  return provision(t.vault, {
    pan: testPan(card),
    panExpiry: 2909,
    trid: requestor,
    assurance: 12,
  });
}

function indexOf(ref: string): Buffer {
  return t.vault.findTokenByRef(Buffer.from(ref.replaceAll("-", ""), "hex"))!.index;
}

describe("opening", () => {
  const dataFile = () => join(t.dir, "vault", "data.mdb");

  test("a folder without a vault is VAULT_NOT_FOUND, also to a reader", () => {
    const dir = join(t.dir, "elsewhere");
    expect(codeOf(() => t.open({ dir, create: false }))).toBe("VAULT_NOT_FOUND");
    expect(codeOf(() => t.open({ dir, readOnly: true }))).toBe("VAULT_NOT_FOUND");
  });

  test.each([
    ["other bytes", (file: string) => writeFileSync(file, Buffer.alloc(20_000, 7))],
    ["a text", (file: string) => writeFileSync(file, "no database\n")],
    // Most of the file is room for growth; the tokens take half a megabyte at its beginning.
    ["a quarter megabyte of it", (file: string) => truncate(file, 2 ** 18 / statSync(file).size)],
    ["two pages of it", (file: string) => truncate(file, 8192 / statSync(file).size)],
  ])("%s in place of the file is VAULT_CORRUPT, not a signal", async (_, damage) => {
    await generateTokens(t.vault, { tokens: 3_000 });
    await t.vault.close();
    damage(dataFile());
    expect(codeOf(() => t.open())).toBe("VAULT_CORRUPT");
  });

  test("a layout that is newer, older or broken is refused, each under its name", async () => {
    await t.vault.close();
    for (const [layout, code] of [
      [Buffer.from([3, 0, 0, 0]), "VAULT_TOO_NEW"],
      [Buffer.from([1, 0, 0, 0]), "VAULT_TOO_OLD"],
      [Buffer.from([0, 0, 0, 0]), "VAULT_CORRUPT"],
      [Buffer.from([1]), "VAULT_CORRUPT"],
    ] as const) {
      await setMeta(join(t.dir, "vault"), "layout", layout);
      expect(codeOf(() => t.open())).toBe(code);
    }
  });

  test("a newer LMDB format is VAULT_TOO_NEW", async () => {
    await t.vault.close();
    const fd = openSync(dataFile(), "r+");
    const { writeSync } = await import("node:fs");
    writeSync(fd, Buffer.from([3]), 0, 1, 28);
    closeSync(fd);
    expect(codeOf(() => t.open())).toBe("VAULT_TOO_NEW");
  });

  test("an empty file, left by a crash at birth, becomes a vault", () => {
    const dir = join(t.dir, "young");
    mkdirSync(join(dir, "vault"), { recursive: true });
    writeFileSync(join(dir, "vault", "data.mdb"), "");
    expect(t.open({ dir }).incarnation).toMatch(/^[0-9a-f]{32}$/);
  });

  test("what is no vault is one clear error, whoever opens it", async () => {
    const at = (name: string) => join(t.dir, name);
    mkdirSync(join(at("empty"), "vault"), { recursive: true });
    writeFileSync(join(at("empty"), "vault", "data.mdb"), "");
    const foreign = open({ path: join(at("foreign"), "vault"), encoding: "binary" });
    await foreign.put("key", Buffer.from("value"));
    await foreign.close();
    mkdirSync(join(at("folder"), "vault", "data.mdb"), { recursive: true });
    mkdirSync(at("file"));
    writeFileSync(join(at("file"), "vault"), "");
    const codes = (name: string) =>
      [{ readOnly: true, create: false }, { create: false }].map((options) =>
        codeOf(() => t.open({ dir: at(name), ...options })),
      );
    expect(codes("empty")).toEqual(["VAULT_NOT_FOUND", "VAULT_NOT_FOUND"]);
    expect(codes("foreign")).toEqual(["VAULT_NOT_FOUND", "VAULT_NOT_FOUND"]);
    expect(codes("folder")).toEqual(["FILE_UNREADABLE", "FILE_UNREADABLE"]);
    expect(codeOf(() => t.open({ dir: at("file") }))).toBe("FILE_UNREADABLE");
  });

  test("a reader opens what a writer made, and refuses to write", () => {
    make();
    const reader = t.open({ readOnly: true });
    expect(reader.incarnation).toBe(t.vault.incarnation);
    expect(() => reader.raiseHorizon("ptav", 1)).toThrow();
  });
});

function truncate(file: string, share: number): void {
  const fd = openSync(file, "r+");
  ftruncateSync(fd, Math.floor(statSync(file).size * share));
  closeSync(fd);
}

async function setMeta(path: string, key: string, value: Buffer): Promise<void> {
  const root = open<Buffer, Buffer>({
    path,
    encoding: "binary",
    keyEncoding: "binary",
    maxDbs: 16,
  });
  const meta = root.openDB<Buffer, Buffer>({
    name: "meta",
    encoding: "binary",
    keyEncoding: "binary",
  });
  meta.putSync(Buffer.from(key), value);
  await root.close();
}

describe("looking up", () => {
  test("copies the 40 words of the record to the asked place and nothing else", () => {
    const made = make();
    const index = indexOf(made.token.ref);
    const record = t.vault.findTokenRecord(index)!;
    expect(record.length).toBe(tokenBytes);
    const lane = new Int32Array(tokenWords + 2).fill(-7);
    const padded = Buffer.concat([Buffer.alloc(3), index]);
    expect(t.vault.findToken(padded, 3, lane, 1)).toBe(true);
    expect(lane[0]).toBe(-7);
    expect(lane[tokenWords + 1]).toBe(-7);
    expect(Buffer.from(lane.buffer, 4, tokenBytes)).toEqual(record);
    expect(t.vault.findToken(Buffer.alloc(16, 9), 0, lane, 0)).toBe(false);
  });

  test("allocates next to nothing", () => {
    const index = indexOf(make().token.ref);
    const lane = new Int32Array(tokenWords);
    const look = () => {
      for (let i = 0; i < 20_000; i++) t.vault.findToken(index, 0, lane, 0);
    };
    look();
    const before = process.memoryUsage().heapUsed;
    look();
    // 20,000 records of 160 bytes would be 3 MB; a number that LMDB boxes now and then is not.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2_500_000);
  });

  test("the record has the layout of the table", () => {
    const record = t.vault.findTokenRecord(indexOf(make().token.ref))!;
    expect(record[tokenAt.version]).toBe(1);
    expect(record[tokenAt.status]).toBe(tokenStatus.ACTIVE);
    expect(record.readUInt16LE(tokenAt.expiry)).toBe(3012);
    expect(record.readUInt16LE(tokenAt.cardExpiry)).toBe(2909);
    expect(record.toString("hex", tokenAt.trid, tokenAt.trid + 6)).toBe(`0${trid}`);
    expect(record.readUInt16LE(tokenAt.requestor)).toBe(1);
    const [card] = [...t.vault.tables.cards.getKeys({})];
    expect(record.subarray(tokenAt.cardId, tokenAt.cardId + 8)).toEqual(card!.subarray(0, 8));
    expect(tokenAt.ref + 16).toBe(tokenBytes);
  });

  test("the known TPAN has the known blind index; a card's differs from it", () => {
    const bcd = Buffer.alloc(10);
    ClearPAN.parse(knownTpan).bcdTo(bcd, 0);
    const token = t.vault.sealing.index("token", bcd);
    expect(token.toString("hex").toUpperCase()).toBe("86BFA913C731A47490BB3FADB9D96CA0");
    expect(t.vault.sealing.index("card", bcd).equals(token)).toBe(false);
  });

  test("another process's suspension is seen at the next fresh read", async () => {
    const made = make();
    const index = indexOf(made.token.ref);
    const lane = new Int32Array(tokenWords);
    t.vault.findToken(index, 0, lane, 0);
    const [answer] = await runChild<{ changed: boolean }>(t.dir, "suspend", made.token.ref);
    expect(answer?.changed).toBe(true);
    t.vault.freshRead();
    t.vault.findToken(index, 0, lane, 0);
    expect(Buffer.from(lane.buffer)[tokenAt.status]).toBe(tokenStatus.SUSPENDED);
  });
});

describe("registry", () => {
  test("a second vault object sees a change at its next look", () => {
    const other = t.open();
    const first = other.registry();
    expect(other.registry()).toBe(first);
    setRequestorStatus(t.vault, trid, "SUSPENDED");
    other.freshRead();
    const second = other.registry();
    expect(second.version).toBe(first.version + 1);
    expect(second.findRequestor(trid)?.status).toBe("SUSPENDED");
    expect(second.findRequestor(otherTrid)).toBe(first.findRequestor(otherTrid));
    expect(second.requestors[second.findRequestor(trid)!.number]).toBe(second.findRequestor(trid));
  });

  test("a rolled-back change leaves no trace in the copy", () => {
    const before = t.vault.registry().version;
    expect(() =>
      t.vault.env.write(() => {
        setRequestorStatus(t.vault, trid, "SUSPENDED");
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(t.vault.registry().version).toBe(before);
    expect(t.vault.registry().findRequestor(trid)?.status).toBe("ACTIVE");
    putRequestor(t.vault, { trid: "99900000003", name: "3", type: "TPA", acquirers: ["1"] });
    expect(t.vault.registry().findRequestor(trid)?.status).toBe("ACTIVE");
    expect(t.vault.registry().findRequestor("99900000003")?.number).toBe(3);
  });

  test("merchant lists answer by bytes", () => {
    const merchants = Array.from({ length: 3000 }, (_, i) => `MERCHANT${i}`);
    putRequestor(t.vault, { trid, name: "x", type: "MERCHANT", acquirers: ["458001"], merchants });
    const requestor = t.open().registry().findRequestor(trid)!;
    expect(requestor.merchants.hasTrimmed(Buffer.from("MERCHANT2999   "), 0, 15)).toBe(true);
    expect(requestor.merchants.hasTrimmed(Buffer.from("MERCHANT3000   "), 0, 15)).toBe(false);
    expect(requestor.number).toBe(1);
  });

  test.each([
    ["a TRID of 10 digits", { trid: "9990000001" }],
    ["no acquirer", { acquirers: [] }],
    ["an acquirer with a letter", { acquirers: ["45800A"] }],
    ["a merchant of 16 characters", { merchants: ["M234567890123456"] }],
  ])("%s is refused", (_, wrong) => {
    const right = { trid, name: "x", type: "MERCHANT" as const, acquirers: ["458001"] };
    expect(codeOf(() => putRequestor(t.vault, { ...right, ...wrong }))).toBe("INVALID_FIELD");
  });
});

describe("meta", () => {
  test("a horizon rises, never falls, and is there for the next opener", () => {
    expect(t.vault.horizon("ptav")).toBe(0);
    t.vault.raiseHorizon("ptav", 1000);
    t.vault.raiseHorizon("ptav", 900);
    t.vault.raiseHorizon("de7", 2000);
    const other = t.open();
    expect([other.horizon("ptav"), other.horizon("de7")]).toEqual([1000, 2000]);
  });
});

describe("keys", () => {
  test("a record names its sealing key: after a rotation both open", () => {
    make(1);
    const rotated = new KeyRing([
      testKey("index", 0),
      testKey("route", 50),
      testKey("seal", 0, 1, "VERIFY_ONLY"),
      testKey("seal", 100, 2),
    ]);
    t.vault.useKeys(rotated);
    const old = make(1);
    expect(old.reused).toBe(true);
    expect(old.token.pan.mask()).toBe(testPan(1).mask());
    const fresh = make(2);
    const record = t.vault.findTokenRecord(indexOf(fresh.token.ref))!;
    expect(record.readUInt16LE(tokenAt.sealKeyVersion)).toBe(2);
    t.vault.useKeys(
      new KeyRing([testKey("index", 0), testKey("route", 50), testKey("seal", 100, 2)]),
    );
    expect(codeOf(() => make(1))).toBe("KEY_NOT_FOUND");
  });
});

describe("the database file", () => {
  test("holds no number in clear, BCD, hex or base64, and nor do its freed pages", () => {
    const numbers: ClearPAN[] = [];
    for (let card = 0; card < 50; card++) {
      const { token } = make(card);
      numbers.push(token.pan, token.tpan);
      if (card % 2 === 0) deleteCard(t.vault, testPan(card));
      else updatePan(t.vault, { pan: testPan(card), newPan: testPan(card + 100), newExpiry: 3104 });
    }
    const file = readFileSync(join(t.dir, "vault", "data.mdb"));
    for (const number of numbers) {
      const digits = Buffer.alloc(16);
      number.copyTo(digits, 0);
      const bcd = Buffer.alloc(10);
      number.bcdTo(bcd, 0);
      for (const needle of [digits, bcd.subarray(0, 8), Buffer.from(digits.toString("hex"))]) {
        expect(file.includes(needle)).toBe(false);
      }
      expect(file.includes(digits.toString("base64").slice(0, 20))).toBe(false);
    }
    // A hundred transactions, each flushed.
  }, 30_000);
});

describe("batches", () => {
  test("an empty batch is no transaction's fault", () => {
    expect(loadBatch(t.vault, new RowBatch(1)).created).toBe(0);
  });
});
