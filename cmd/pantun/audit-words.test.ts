// Defends: an entry of the audit chain says who got a card number, through which door and why, in
// words; a directory server's question is told from a payment.
import { afterEach, beforeEach, expect, test } from "vitest";
import { peerTag } from "../../hotpath/mod.ts";
import type { Release } from "../../vault/mod.ts";
import { createTestVault, type TestVault } from "../../vault/test-vault.ts";
import { AuditWords } from "./audit-words.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

const release: Release = {
  kind: "release",
  atMs: Date.parse("2026-11-25T08:00:00Z"),
  reason: "verification",
  door: "json",
  mti: "0100",
  repetition: false,
  peer: peerTag("ds-one"),
  verificationId: Buffer.alloc(16, 1),
  index: Buffer.alloc(16, 2),
  trid: "99900000001",
};

test("a question has no message type; a peer has the name that it came with", () => {
  const words = new AuditWords(t.vault);
  expect(words.document(release)).toMatchObject({
    door: "json",
    reason: "verification",
    mti: "0100",
  });
  const question: Release = { ...release, reason: "resolve", mti: "0000" };
  expect(words.document(question)).not.toHaveProperty("mti");
  expect(words.line(question)).toMatch(/pan\.release {2}peer [0-9a-f]{8} .* json {2}resolve$/);
  const act = { atMs: 0, act: "service.peers", by: "cli:x", detail: { peers: ["ds-one"] } };
  words.learn({ kind: "act", number: 1, act });
  expect(words.line(question)).toContain("pan.release  ds-one  ");
});
