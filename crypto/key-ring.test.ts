// Defends: a key never prints itself, and a ring hands out a key only for what its state allows.
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { CryptoError, type Key, KeyRing, type KeyState, type KeyUsage, SecretKey } from "./mod.ts";

const bytes = Buffer.from(Array.from({ length: 32 }, (_, i) => i));

function key(usage: KeyUsage, version: number, state: KeyState, label = ""): Key {
  const length = usage === "seal" ? 64 : 32;
  return { usage, label, version, state, kcv: "000000", bytes: Buffer.alloc(length, version) };
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CryptoError) return error.code;
    throw error;
  }
  return "none";
}

describe("SecretKey", () => {
  const secret = new SecretKey({ usage: "ptav", label: "", version: 7, state: "ACTIVE", bytes });

  test("shows its KCV and never its bytes", () => {
    const texts = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true }),
      inspect(new KeyRing([secret]), { depth: 9, showHidden: true }),
      inspect({ ...secret }, { depth: 9 }),
      JSON.stringify({ ...secret }),
    ];
    for (const text of texts) {
      expect(text).not.toContain("00010203");
      expect(text).not.toContain("00 01 02 03");
      expect(text).not.toContain("AAECAw");
      expect(text).not.toContain("0,1,2,3");
    }
    expect(String(secret)).toBe("ptav v7 ACTIVE KCV 377822");
    expect(JSON.parse(JSON.stringify(secret))).toEqual({
      usage: "ptav",
      label: "",
      version: 7,
      state: "ACTIVE",
      kcv: "377822",
    });
  });

  test("keeps a copy of its own", () => {
    const own = Buffer.from(bytes);
    const made = new SecretKey({
      usage: "index",
      label: "",
      version: 1,
      state: "ACTIVE",
      bytes: own,
    });
    own.fill(0);
    expect(made.bytes).toEqual(bytes);
  });

  test("a key of two halves has a check value for each", () => {
    const twice = Buffer.concat([bytes, bytes]);
    const made = new SecretKey({
      usage: "seal",
      label: "",
      version: 1,
      state: "ACTIVE",
      bytes: twice,
    });
    expect(made.kcv).toBe("377822377822");
  });

  test.each([
    ["a short key", { bytes: bytes.subarray(1) }],
    ["version 0", { version: 0 }],
    ["a KVN that is no byte", { version: 256 }],
    ["half a version", { version: 1.5 }],
    ["a label", { label: "SWITCH" }],
    ["a mac key without its peer", { usage: "mac" as const }],
    ["a label that could be a path", { usage: "mac" as const, label: "../x" }],
  ])("refuses %s", (_, wrong) => {
    const right = {
      usage: "ptav" as const,
      label: "",
      version: 1,
      state: "ACTIVE" as const,
      bytes,
    };
    expect(codeOf(() => new SecretKey({ ...right, ...wrong }))).toBe("KEY_INVALID");
  });
});

describe("KeyRing", () => {
  const ring = new KeyRing(
    [
      key("ptav", 1, "RETIRED"),
      key("ptav", 2, "VERIFY_ONLY"),
      key("ptav", 3, "ACTIVE"),
      key("ptav", 4, "PRE_ACTIVE"),
      key("ptav", 5, "COMPROMISED"),
      key("seal", 1, "COMPROMISED"),
      key("seal", 2, "ACTIVE"),
      key("mac", 1, "VERIFY_ONLY", "SWITCH"),
      key("mac", 2, "ACTIVE", "SWITCH"),
      key("mac", 1, "ACTIVE", "OTHER"),
      key("mac", 3, "COMPROMISED", "SWITCH"),
    ],
    9,
  );

  test("one active key a usage and label", () => {
    expect(ring.epoch).toBe(9);
    expect(ring.active("ptav").version).toBe(3);
    expect(ring.active("seal").version).toBe(2);
    expect(ring.active("mac", "SWITCH").version).toBe(2);
    expect(ring.active("mac", "OTHER").version).toBe(1);
    expect(ring.findActive("mac", "NOBODY")).toBeUndefined();
    expect(codeOf(() => ring.active("mac", "NOBODY"))).toBe("KEY_NOT_FOUND");
    expect(codeOf(() => ring.active("index"))).toBe("KEY_NOT_FOUND");
  });

  test.each([
    ["retired: never", "ptav", 1, "", false],
    ["rotated: verifies", "ptav", 2, "", true],
    ["active: verifies", "ptav", 3, "", true],
    ["not yet active here, perhaps elsewhere: verifies", "ptav", 4, "", true],
    ["compromised: refused at once", "ptav", 5, "", false],
    ["unknown", "ptav", 6, "", false],
    ["KVN 0", "ptav", 0, "", false],
    ["compromised sealing key: opens, to be sealed anew", "seal", 1, "", true],
    ["a peer's former key", "mac", 1, "SWITCH", true],
    ["a peer's compromised key", "mac", 3, "SWITCH", false],
    ["another peer's version", "mac", 2, "OTHER", false],
    ["a mac key without its peer", "mac", 1, "", false],
  ] as const)("%s", (_, usage, version, label, found) => {
    expect(ring.find(usage, version, label)?.version).toBe(found ? version : undefined);
  });

  test("all lists what is in it, retired keys left out", () => {
    expect(ring.all("ptav").map((k) => k.version)).toEqual([2, 3, 4, 5]);
    expect(ring.all("mac").map((k) => `${k.label}${k.version}`)).toEqual([
      "OTHER1",
      "SWITCH1",
      "SWITCH2",
      "SWITCH3",
    ]);
  });

  test("usable is all that find hands out, the active key first", () => {
    const versions = (usage: KeyUsage, label = "") =>
      ring.usable(usage, label).map((k) => k.version);
    expect(versions("ptav")).toEqual([3, 2, 4]);
    expect(versions("seal")).toEqual([2, 1]);
    expect(versions("mac", "SWITCH")).toEqual([2, 1]);
    expect(versions("mac")).toEqual([]);
  });

  test("two active keys, or one version twice, are no ring", () => {
    const twice = [key("ptav", 1, "ACTIVE"), key("ptav", 2, "ACTIVE")];
    expect(codeOf(() => new KeyRing(twice))).toBe("KEY_INVALID");
    const same = [key("ptav", 1, "ACTIVE"), key("ptav", 1, "VERIFY_ONLY")];
    expect(codeOf(() => new KeyRing(same))).toBe("KEY_INVALID");
    const many = Array.from({ length: 401 }, (_, i) => key("seal", i + 1, "VERIFY_ONLY"));
    expect(codeOf(() => new KeyRing(many))).toBe("KEY_EXHAUSTED");
  });
});
