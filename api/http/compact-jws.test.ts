// Defends: our compact JWS is the one that jose makes and takes, with each algorithm and both ways,
// and nothing that was altered, cut or signed otherwise passes.
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { CompactSign, compactVerify } from "jose";
import { describe, expect, test } from "vitest";
import type { SignatureAlgorithm } from "./client-keys.ts";
import { isSigned, parseJws, signJws } from "./compact-jws.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });
const pairs = { ES256: ec, PS256: rsa, RS256: rsa } as const;
const algorithms = Object.keys(pairs) as SignatureAlgorithm[];
const text = JSON.stringify({ bodySha256: "00", method: "POST", path: "/ä", sub: "shop" });

const josesOwn = (alg: SignatureAlgorithm, key: KeyObject = pairs[alg].privateKey) =>
  new CompactSign(Buffer.from(text)).setProtectedHeader({ alg, kid: "k" }).sign(key);

function passes(jws: string, alg: SignatureAlgorithm, key: KeyObject = pairs[alg].publicKey) {
  const parsed = parseJws(jws);
  return parsed !== undefined && isSigned(parsed, { alg, key });
}

describe.each(algorithms)("%s", (alg) => {
  test("of jose is read and passes", async () => {
    const jws = await josesOwn(alg);
    const parsed = parseJws(jws)!;
    expect(parsed.header).toEqual({ alg, kid: "k" });
    expect(parsed.payload.toString()).toBe(text);
    expect(passes(jws, alg)).toBe(true);
  });

  test("passes under no other key and as no other algorithm", async () => {
    const jws = await josesOwn(alg);
    const other =
      alg === "ES256"
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2_048 });
    expect(passes(jws, alg, other.publicKey)).toBe(false);
    for (const wrong of algorithms.filter((one) => one !== alg)) {
      expect(passes(jws, wrong)).toBe(false);
    }
  });

  test("does not pass with any character changed", async () => {
    const jws = await josesOwn(alg);
    const last = jws.length - 1;
    for (let at = 0; at < jws.length; at += at < 200 ? 1 : 17) {
      if (jws[at] === "." || at === last) continue;
      const changed = `${jws.slice(0, at)}${jws[at] === "A" ? "B" : "A"}${jws.slice(at + 1)}`;
      expect(passes(changed, alg)).toBe(false);
    }
  });
});

test("ours passes at jose, and is as it was asked for", async () => {
  const jws = signJws({ kid: "k", iat: 7, crit: ["iat"] }, text, ec.privateKey);
  const { protectedHeader, payload } = await compactVerify(jws, ec.publicKey, {
    algorithms: ["ES256"],
    crit: { iat: true },
  });
  expect(protectedHeader).toEqual({ alg: "ES256", kid: "k", iat: 7, crit: ["iat"] });
  expect(Buffer.from(payload).toString()).toBe(text);
});

test("other forms are none", async () => {
  const jws = await josesOwn("ES256");
  const [head, body, tail] = jws.split(".") as [string, string, string];
  const notUtf8 = Buffer.from([0x22, 0xff, 0x22]).toString("base64url");
  const forms = [
    "",
    "..",
    `${head}.${body}`,
    `${head}..${tail}`,
    `${jws}.`,
    `${jws}=`,
    `${jws}\n`,
    ` ${jws}`,
    `${head}.${body}.${tail.slice(0, -1)}+`,
    `${notUtf8}.${body}.${tail}`,
    `${body.slice(1)}.${body}.${tail}`,
  ];
  for (const form of forms) expect(parseJws(form), form).toBeUndefined();
  expect(passes(`${head}.${body}.${tail.slice(0, -4)}`, "ES256")).toBe(false);
  const der = Buffer.concat([Buffer.from(tail, "base64url"), Buffer.alloc(8)]);
  expect(passes(`${head}.${body}.${der.toString("base64url")}`, "ES256")).toBe(false);
  for (const [alg, cut] of [
    ["ES256", "A"],
    ["PS256", "AAAA"],
    ["RS256", "A".repeat(4_000)],
  ] as const) {
    expect(passes(`${head}.${body}.${cut}`, alg)).toBe(false);
  }
});
