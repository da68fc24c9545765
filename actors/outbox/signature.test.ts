// Defends: receivers with any Standard Webhooks library accept our signatures, and nobody accepts
// what was changed, is old, or was signed by another key.
import { createHmac, generateKeyPairSync, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkingKey, isSigned, publicKeyOf, signedHeaders, signingKey } from "./signature.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = Buffer.from('{"test": 2432232314}');
const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const at = 1_614_265_330;

const seed = Buffer.alloc(32, 7).toString("base64");
const privateText = `whsk_${seed}`;

describe("v1", () => {
  it("equals the known answer of the specification's libraries", () => {
    const headers = signedHeaders(id, at, body, [signingKey(secret)]);
    expect(headers["webhook-signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    expect(headers["webhook-id"]).toBe(id);
    expect(headers["webhook-timestamp"]).toBe("1614265330");
  });

  it("is the HMAC of the bytes as sent", () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    const key = Buffer.alloc(24, 1);
    const made = signedHeaders("a", 5, bytes, [signingKey(`whsec_${key.toString("base64")}`)]);
    const own = createHmac("sha256", key).update("a.5.").update(bytes).digest("base64");
    expect(made["webhook-signature"]).toBe(`v1,${own}`);
  });
});

describe("v1a", () => {
  it("verifies with the public key that belongs to it, and as plain Ed25519", () => {
    const headers = signedHeaders(id, at, body, [signingKey(privateText)]);
    const publicText = publicKeyOf(privateText);
    expect(isSigned(headers, body, [checkingKey(publicText)], at)).toBe(true);
    const signature = Buffer.from(headers["webhook-signature"].slice(4), "base64");
    expect(headers["webhook-signature"].startsWith("v1a,")).toBe(true);
    const raw = Buffer.from(publicText.slice(5), "base64").toString("base64url");
    const key = { key: { kty: "OKP", crv: "Ed25519", x: raw }, format: "jwk" } as const;
    const content = Buffer.concat([Buffer.from(`${id}.${at}.`), body]);
    expect(verify(null, content, key, signature)).toBe(true);
  });

  it("takes a private key with its public half", () => {
    const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    const half = (text: string): Buffer => Buffer.from(text, "base64url");
    const both = Buffer.concat([half(jwk.d!), half(jwk.x!)]).toString("base64");
    expect(publicKeyOf(`whsk_${both}`)).toBe(`whpk_${half(jwk.x!).toString("base64")}`);
  });
});

describe("a receiver", () => {
  const keys = [checkingKey(secret)];
  const headers = signedHeaders(id, at, body, [signingKey(privateText), signingKey(secret)]);

  it("accepts one of several signatures, while keys change", () => {
    expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
    expect(isSigned(headers, body, keys, at)).toBe(true);
    expect(isSigned(headers, body, [checkingKey(publicKeyOf(privateText))], at)).toBe(true);
  });

  it.each([
    ["another body", headers, Buffer.from('{"test": 2432232315}'), at],
    ["another id", { ...headers, "webhook-id": "msg_other" }, body, at],
    ["another time", { ...headers, "webhook-timestamp": String(at + 1) }, body, at],
    ["an old notice", headers, body, at + 301],
    ["a notice from the future", headers, body, at - 301],
    ["no signature", { ...headers, "webhook-signature": "" }, body, at],
    ["no id", { ...headers, "webhook-id": undefined as unknown as string }, body, at],
    ["a time that is none", { ...headers, "webhook-timestamp": "1e9" }, body, at],
    ["half a signature", { ...headers, "webhook-signature": "v1,g0hM9SsE" }, body, at],
    ["a version it does not know", { ...headers, "webhook-signature": "v2,AAAA" }, body, at],
  ])("refuses %s", (_what, given, bytes, now) => {
    expect(isSigned(given, bytes, keys, now)).toBe(false);
  });
});

describe("keys", () => {
  it.each([
    "whsec_AAAA",
    `whsec_${Buffer.alloc(65).toString("base64")}`,
    `whsk_${Buffer.alloc(31).toString("base64")}`,
    "whsec_not base64",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "",
  ])("refuses %s, and does not repeat it", (text) => {
    try {
      signingKey(text);
      expect.unreachable();
    } catch (error) {
      expect((error as { code: string }).code).toBe("CONFIG_INVALID");
      if (text !== "") expect((error as Error).message).not.toContain(text);
    }
  });

  it("show nothing of themselves", () => {
    const shown = JSON.stringify(signingKey(secret)) + String(signingKey(privateText));
    expect(shown).not.toContain("MfKQ9r8");
    expect(shown).not.toContain(seed.slice(0, 8));
  });
});
