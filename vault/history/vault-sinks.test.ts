// Defends: what the history finds out reaches the vault once, whatever is read twice or late:
// set-ups, uses, revocations and flags.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deleteToken, provision } from "../../actors/card/test-rig.ts";
import { agreementKey, mitType } from "../agreement-key.ts";
import {
  type Agreement,
  agreementsMax,
  agreementsOf,
  putAgreement,
  revokeAgreement,
} from "../agreements.ts";
import { JournalWriter } from "../journal/journal-writer.ts";
import { rowAt } from "../journal/row.ts";
import { putRow, testMerchant } from "../journal/test-rows.ts";
import { parseRef } from "../minting/mint.ts";
import { createTestVault, type TestVault, testPan, trid } from "../test-vault.ts";
import { tokenAt } from "../token-record.ts";
import { History } from "./history.ts";
import { audit } from "./test-rig.ts";
import { vaultSinks } from "./vault-sinks.ts";

let t: TestVault;
let index: Buffer;
let ref: string;
let key: Buffer;
const name = { acquirer: "458001", merchant: testMerchant, id: "SUB-1" };

beforeEach(() => {
  t = createTestVault();
  const request = { pan: testPan(1), panExpiry: 3512, trid, assurance: 12 };
  ref = provision(t.vault, request).token.ref;
  index = t.vault.findTokenByRef(parseRef(ref)!)!.index;
  key = agreementKey(index, name);
});
afterEach(() => t.remove());

function only(): Agreement | undefined {
  t.vault.freshRead();
  return agreementsOf(t.vault, index)[0];
}

describe("agreements", () => {
  it("are set up, touched and revoked", () => {
    const { agreements } = vaultSinks(t.vault);
    agreements.put(key, { types: mitType.R, createdAt: 1_000 });
    expect(only()).toMatchObject({ ...name, types: 1, source: "CIT", createdAt: 1_000 });
    agreements.touch(key, 1_059);
    expect(only()!.lastUsedAt).toBe(1_000);
    agreements.touch(key, 1_060);
    expect(only()!.lastUsedAt).toBe(1_060);
    agreements.revoke(key, 1_000, 2_000);
    expect(only()!.revokedAt).toBe(2_000);
  });

  it("that were revoked are not brought back by a set-up that is read again", () => {
    const { agreements } = vaultSinks(t.vault);
    agreements.put(key, { types: mitType.R, createdAt: 1_000 });
    agreements.revoke(key, 1_000, 2_000);
    agreements.put(key, { types: mitType.R, createdAt: 1_000 });
    expect(only()!.revokedAt).toBe(2_000);
    agreements.put(key, { types: mitType.I, createdAt: 2_001 });
    expect(only()).toMatchObject({ revokedAt: 0, types: mitType.I, createdAt: 2_001 });
  });

  it("that stood before a CIT survive its refusal by the issuer", () => {
    const { agreements } = vaultSinks(t.vault);
    putAgreement(t.vault, index, name, { types: 1, source: "PROVISION", atSeconds: 500 });
    agreements.put(key, { types: mitType.R, createdAt: 1_000 });
    agreements.revoke(key, 1_000, 2_000);
    agreements.revoke(key, 500, 2_000);
    expect(only()).toMatchObject({ revokedAt: 0, source: "PROVISION" });
  });

  it("of a deleted token, or of none, are not set up", () => {
    const { agreements } = vaultSinks(t.vault);
    agreements.put(agreementKey(Buffer.alloc(16, 1), name), { types: 1, createdAt: 1 });
    deleteToken(t.vault, ref);
    agreements.put(key, { types: 1, createdAt: 1 });
    agreements.touch(key, 5_000);
    agreements.revoke(key, 1, 5_000);
    expect(only()).toBeUndefined();
  });

  it("beyond the most that a token may have are left out, and the fold goes on", () => {
    const refused: string[] = [];
    const { agreements } = vaultSinks(t.vault, (code) => refused.push(code));
    t.vault.env.write(() => {
      for (let i = 0; i < agreementsMax; i++) {
        const terms = { types: 1, source: "CIT" as const, atSeconds: 1 };
        putAgreement(t.vault, index, { ...name, id: `X${i}` }, terms);
      }
    });
    agreements.put(key, { types: 1, createdAt: 9 });
    expect(refused).toEqual(["TOKEN_LIMIT_REACHED"]);
  });
});

describe("a fold", () => {
  it("writes agreements and flags where the hot path reads them", async () => {
    const { dir, clock, vault } = t;
    const history = History.open({
      dir,
      clock,
      sinks: vaultSinks(vault),
      audit,
      mapSizeBytes: 2 ** 26,
    });
    const journal = JournalWriter.open({ dir, name: "w0", clock, rowsMax: 32 });
    const put = (row: number, fields: Omit<Parameters<typeof putRow>[2], "timeMs">): void => {
      putRow(journal.rows, row, { timeMs: clock.nowMs(), ...fields });
      index.copy(journal.rows, row * 320 + rowAt.index);
    };
    put(0, { id: 1, flags: ["agreementSetup"], mitType: "U", agreementId: "SUB-1" });
    for (let row = 1; row <= 21; row++) put(row, { id: row + 1, reason: 2004, nonce: row });
    journal.append(22);
    expect(history.fold()).toBe(22);
    const now = vault.nowSeconds();
    expect(only()).toMatchObject({ types: mitType.U, createdAt: now, revokedAt: 0 });
    const record = vault.findTokenRecord(index)!;
    expect(record.readUInt32LE(tokenAt.flaggedUntil)).toBe(now + 600);
    put(0, { id: 90, kind: "advice", reference: 1, responseCode: "05" });
    journal.append(1);
    history.fold();
    expect(only()!.revokedAt).toBe(now);
    expect(history.eventsOf(index)).toHaveLength(23);
    journal.close();
    await history.close();
    // What revokes once more changes nothing: it is revoked already.
    expect(revokeAgreement(vault, key, now + 1)).toBe(false);
  });
});
