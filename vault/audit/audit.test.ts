// Defends: every card number that leaves and every act stands in the chain once, and whatever is
// done to the chain afterwards (a bit, a block, an order, an end, a journal row) is found.
import { closeSync, openSync, readFileSync, truncateSync, writeSync } from "node:fs";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { KeyRing } from "../../crypto/mod.ts";
import { History } from "../history/history.ts";
import { type HistoryTables, openHistoryTables } from "../history/tables.ts";
import { MemorySinks } from "../history/test-rig.ts";
import { JournalWriter } from "../journal/journal-writer.ts";
import { rowAt, rowBytes } from "../journal/row.ts";
import { putRow, type RowFields } from "../journal/test-rows.ts";
import { createTestVault, type TestVault, testKey, testRing } from "../test-vault.ts";
import { ActRows } from "./act.ts";
import { putAnchor, readAnchor } from "./anchor.ts";
import { openBlock } from "./block.ts";
import { AuditChain, type StoredBlock } from "./chain.ts";
import { verifyChain } from "./check.ts";
import { BlockBody, type Entry } from "./entry.ts";
import { recordAct } from "./record-act.ts";
import { auditSourceOf } from "./trail.ts";
import { verifyAudit } from "./verify-audit.ts";

let t: TestVault;
let history: History;
let journal: JournalWriter;

function openHistory(): History {
  const { dir, clock, vault } = t;
  const audit = auditSourceOf(vault);
  return History.open({ dir, clock, sinks: new MemorySinks(), audit, mapSizeBytes: 2 ** 26 });
}

beforeEach(() => {
  t = createTestVault();
  history = openHistory();
  journal = JournalWriter.open({ dir: t.dir, name: "w0", clock: t.clock, rowsMax: 64 });
});
afterEach(async () => {
  journal.close();
  await history.close();
  await t.remove();
});

let next = 1;
function append(...rows: readonly Partial<RowFields>[]): void {
  rows.forEach((fields, row) => {
    putRow(journal.rows, row, { timeMs: t.clock.nowMs(), id: next++, ...fields });
  });
  journal.append(rows.length);
}

/** Three blocks: payments, acts, and both. */
function fill(): void {
  append({ token: 1 }, { token: 2, reason: 1006 }, { token: 3 });
  history.fold();
  recordAct(t.vault, { act: "requestor.put", by: "alice", approvedBy: "bob", subject: "R1" });
  history.fold();
  append({ token: 4 });
  recordAct(t.vault, { act: "key.rotate", by: "carol", approvedBy: "dave", subject: "ptav" });
  history.fold();
}

const stored = (): StoredBlock[] => {
  return [...history.auditChain().blocks()].map(({ seq, bytes }) => ({
    seq,
    bytes: Buffer.from(bytes),
  }));
};

function entries(): Entry[] {
  return stored().flatMap(({ bytes }) => {
    const block = openBlock(bytes);
    if (typeof block === "string") throw new Error(block);
    return block.entries;
  });
}

const faults = () => verifyAudit(t.vault, history).problems.map(({ what }) => what);

/** Changes the chain's tables as somebody would who can write the file. */
async function tamper(work: (tables: HistoryTables) => void): Promise<void> {
  const tables = openHistoryTables({ dir: t.dir, mapSizeBytes: 2 ** 26, readOnly: false });
  tables.env.write(() => work(tables));
  tables.room?.close();
  await tables.env.close();
}

function key(seq: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(seq));
  return bytes;
}

function setHead(tables: HistoryTables, seq: number): void {
  const block = openBlock(tables.audit.getBinary(key(seq))!);
  if (typeof block === "string") throw new Error(block);
  const head = Buffer.alloc(38);
  head.writeUIntLE(seq, 0, 6);
  block.hash.copy(head, 6);
  tables.meta.putSync(Buffer.from("audit.head"), head);
}

describe("what stands in the chain", () => {
  it("has each approval with token, peer, door and reason, and no decline", () => {
    append({ token: 1, mti: 0x0100 }, { token: 2, reason: 1006 });
    journal.rows[rowAt.door] = 2;
    journal.append(1);
    append({ token: 3, kind: "originalBased", mti: 0x0400, original: "0" });
    append({ token: 4, kind: "resolved" }, { token: 5, kind: "advice" });
    append({ token: 6, kind: "ptavIssued" }, { token: 7, flags: ["repetition"] });
    history.foldAll();
    const found = entries().filter((entry) => entry.kind === "release");
    const shown = found.map(({ index, reason, door, mti, repetition }) => {
      return [index.readUInt32BE(12), reason, door, mti, repetition];
    });
    expect(shown).toEqual([
      [1, "verification", "unknown", "0100", false],
      [1, "verification", "grpc", "0100", false],
      [3, "original", "unknown", "0400", false],
      [4, "resolve", "unknown", "0100", false],
      [7, "verification", "unknown", "0100", true],
    ]);
    expect(found[0]).toMatchObject({ trid: "99900000001", atMs: t.clock.nowMs() });
  });

  it("has acts with both names, once, also where a fold fails and comes again", () => {
    fill();
    const acts = entries().filter((entry) => entry.kind === "act");
    expect(acts.map(({ number, act }) => [number, act.act, act.by, act.approvedBy])).toEqual([
      [1, "requestor.put", "alice", "bob"],
      [2, "key.rotate", "carol", "dave"],
    ]);
    history.fold();
    expect(stored()).toHaveLength(3);
    expect(faults()).toEqual([]);
  });

  it("is the same however many fold, and says which rows it was made of", () => {
    const other = openHistory();
    for (let i = 0; i < 4; i++) {
      append({ token: i }, { token: i + 10 });
      (i % 2 === 0 ? history : other).fold();
    }
    const sources = entries().filter((entry) => entry.kind === "source");
    expect(sources.map(({ from, to }) => [from / rowBytes, to / rowBytes])).toEqual([
      [0, 2],
      [2, 4],
      [4, 6],
      [6, 8],
    ]);
    expect(faults()).toEqual([]);
    return other.close();
  });

  it("is not begun without a key, and the journal waits", () => {
    const { dir, clock } = t;
    const none = new KeyRing([testKey("index", 0)]);
    const audit = { ring: () => none, acts: { last: () => 0, after: () => [] } };
    const keyless = History.open({ dir, clock, sinks: new MemorySinks(), audit });
    append({ token: 1 });
    expect(() => keyless.fold()).toThrow("pantun keys add audit");
    expect(history.fold()).toBe(1);
    expect(entries()).toHaveLength(2);
    return keyless.close();
  });
});

describe("what was done to it is found", () => {
  beforeEach(fill);

  it("a bit of any byte of any block", () => {
    const blocks = stored();
    const { ring } = auditSourceOf(t.vault);
    const check = (changed: StoredBlock[]) => {
      const chain = history.auditChain();
      const whole = { ring: ring(), base: chain.base(ring()), head: chain.head() };
      return verifyChain(changed, whole).problems.length;
    };
    expect(check(blocks)).toBe(0);
    blocks.forEach((block, at) => {
      for (let bit = 0; bit < 8 * block.bytes.length; bit++) {
        const bytes = Buffer.from(block.bytes);
        bytes[bit >> 3]! ^= 1 << (bit & 7);
        expect(check(blocks.with(at, { ...block, bytes }))).toBeGreaterThan(0);
      }
    });
  });

  it("a block that was removed, at the beginning, in the middle, at the end", async () => {
    for (const seq of [1, 2, 3]) {
      const bytes = stored()[seq - 1]!.bytes;
      await tamper(({ audit }) => audit.removeSync(key(seq)));
      expect(faults()).not.toEqual([]);
      await tamper(({ audit }) => audit.putSync(key(seq), bytes));
      expect(faults()).toEqual([]);
    }
  });

  it("blocks that changed places, or stand there twice", async () => {
    const [first, second] = stored().map(({ bytes }) => bytes);
    await tamper(({ audit }) => {
      audit.putSync(key(1), second!);
      audit.putSync(key(2), first!);
    });
    expect(faults()).not.toEqual([]);
    await tamper(({ audit }) => {
      audit.putSync(key(1), first!);
      audit.putSync(key(2), first!);
    });
    expect(faults()).not.toEqual([]);
  });

  it("an end that was cut off together with the head: the cursors tell", async () => {
    await tamper((tables) => {
      tables.audit.removeSync(key(3));
      setHead(tables, 2);
    });
    expect(faults()).toEqual([expect.stringContaining("was read to byte")]);
  });

  it("an end that was rolled back with cursors and head: the vault noted it", async () => {
    putAnchor(t.vault, history.flushAudit());
    await tamper((tables) => {
      tables.audit.removeSync(key(3));
      setHead(tables, 2);
      for (const one of tables.cursors.getKeys()) tables.cursors.removeSync(Buffer.from(one));
    });
    expect(faults()).toEqual(["is missing: the vault says that the chain reached it"]);
  });

  it("a whole vault rolled back: a head that was noted elsewhere", () => {
    const { seq } = history.auditChain().head();
    const noted = { seq: seq + 5, hash: Buffer.alloc(32, 7), from: "a note" };
    const { problems } = verifyAudit(t.vault, history, { marks: [noted] });
    expect(problems.map(({ what }) => what)).toEqual([
      "is missing: a note says that the chain reached it",
    ]);
    const forged = { seq, hash: Buffer.alloc(32, 7), from: "a note" };
    const other = verifyAudit(t.vault, history, { marks: [forged] });
    expect(other.problems.map(({ what }) => what)).toEqual(["has another hash than a note says"]);
  });

  it("a chain that somebody without the key wrote anew, whole in itself", async () => {
    const forger = new KeyRing([testKey("audit", 99)]);
    await tamper((tables) => {
      for (const seq of [1, 2, 3]) tables.audit.removeSync(key(seq));
      tables.meta.removeSync(Buffer.from("audit.head"));
      const chain = new AuditChain({ blocks: tables.audit, meta: tables.meta });
      const body = new BlockBody();
      body.act({ number: 1, act: { atMs: 1, act: "nothing", by: "nobody" } });
      for (let i = 0; i < 3; i++) chain.append(forger, body, 1, 1);
    });
    expect(faults().filter((what) => what.includes("key"))).toHaveLength(3);
  });

  it("an anchor that somebody else wrote", () => {
    const bytes = Buffer.alloc(56, 1);
    t.vault.env.write(() => {
      t.vault.env.table("meta").putSync(Buffer.from("audit.anchor"), bytes);
    });
    expect(faults()).toEqual(["the vault's note of the chain's end is not its own"]);
  });

  it("acts that were taken out of the vault before the chain had them", () => {
    recordAct(t.vault, { act: "one", by: "a" });
    recordAct(t.vault, { act: "two", by: "b" });
    const last = new ActRows(t.vault.env).last();
    t.vault.env.write(() => t.vault.env.table("acts").removeSync(key(last - 1)));
    history.fold();
    expect(faults()).toEqual([`act ${last} comes after act ${last - 2}`]);
  });

  it("a journal row that was altered after it was read, with a checksum that fits", () => {
    expect(verifyAudit(t.vault, history).filesCompared).toBe(1);
    const bytes = readFileSync(journal.path);
    bytes[rowAt.amount] = 0x39;
    const fd = openSync(journal.path, "r+");
    writeSync(fd, bytes, 0, bytes.length, 0);
    closeSync(fd);
    expect(faults()).toEqual([expect.stringContaining("was altered")]);
    truncateSync(journal.path, rowBytes);
    expect(faults().length).toBeGreaterThan(0);
  });
});

describe("what was kept long enough", () => {
  it("goes, and the chain is whole from there; who cuts more off is found", async () => {
    fill();
    t.clock.advance(600 * 86_400_000);
    append({ token: 9 });
    history.fold();
    expect(history.trimAudit(548 * 86_400_000)).toBe(3);
    expect(stored().map(({ seq }) => seq)).toEqual([4]);
    expect(faults()).toEqual([]);
    append({ token: 9 });
    history.fold();
    await tamper(({ audit }) => audit.removeSync(key(4)));
    expect(faults()).not.toEqual([]);
  });

  it("the newest block stays, whatever its age", () => {
    fill();
    t.clock.advance(600 * 86_400_000);
    history.trimAudit(1);
    expect(stored().map(({ seq }) => seq)).toEqual([3]);
    expect(readAnchor(t.vault, testRing())).toBe("none");
  });
});

it("bytes that are no block are said to be none, and never throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(typeof openBlock(Buffer.from(bytes))).toBe("string");
    }),
  );
});
