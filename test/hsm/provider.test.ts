// Defends: keys that are wrapped by a token open again only in their place and with that token's
// key; the key never leaves it; a lost session comes back; every refusal has its own code.
import { createDecipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  CryptoError,
  FileProvider,
  KeyStore,
  keyCheckValue,
  Pkcs11Provider,
} from "../../crypto/mod.ts";
import { cka, Pkcs11Refusal } from "../../crypto/pkcs11-codes.ts";
import { Pkcs11Module, wordOf } from "../../crypto/pkcs11-module.ts";
import { pin, type SoftHsm, startSoftHsm } from "./soft-hsm.ts";

let hsm: SoftHsm;
let dir: string;
const open: Pkcs11Provider[] = [];
beforeAll(() => {
  hsm = startSoftHsm();
});
afterAll(() => hsm.remove());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-hsm-vault-"));
});
afterEach(async () => {
  for (const provider of open.splice(0)) await provider.close();
  rmSync(dir, { recursive: true });
});

async function keep(provider: Promise<Pkcs11Provider>): Promise<Pkcs11Provider> {
  open.push(await provider);
  return provider;
}

async function failure(work: () => Promise<unknown>): Promise<CryptoError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CryptoError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
const codeOf = async (work: () => Promise<unknown>) => (await failure(work)).code;

/** CKR_ATTRIBUTE_SENSITIVE. */
const attributeSensitive = 0x11;

/** A session beside the provider's; the login counts for all of a process. */
async function rivalSession() {
  const module = await Pkcs11Module.open(hsm.module);
  const list = Buffer.alloc(8 * 16);
  await module.call("C_GetSlotList", 1, list, module.structure(16));
  const session = Buffer.alloc(8);
  await module.call("C_OpenSession", list.readBigUInt64LE(0), 6, null, null, session);
  return { module, session: wordOf(session) };
}

const here = Buffer.from("its place");
const kekFile = () => join(dir, "keys", "kek-pkcs11.json");

describe("Pkcs11Provider", () => {
  test("opens what it wrapped, also after a new start, and nothing that was changed", async () => {
    const first = await keep(Pkcs11Provider.create(dir, hsm.access));
    const wrapped = await first.wrap(Buffer.from("a key"), here);
    expect(wrapped.includes(Buffer.from("a key"))).toBe(false);
    await first.close();
    expect(await codeOf(() => first.wrap(here, here))).toBe("KEY_STATE");
    const second = await keep(Pkcs11Provider.open(dir, hsm.access));
    expect(await second.unwrap(wrapped, here)).toEqual(Buffer.from("a key"));
    expect(await codeOf(() => second.unwrap(wrapped, Buffer.from("elsewhere")))).toBe(
      "UNWRAP_FAILED",
    );
    for (let i = 0; i < wrapped.length; i++) {
      const changed = Buffer.from(wrapped);
      changed[i]! ^= 1;
      expect(await codeOf(() => second.unwrap(changed, here)), `byte ${i}`).toBe("UNWRAP_FAILED");
    }
    for (const length of [0, 1, 17, 20, wrapped.length - 1]) {
      const cut = wrapped.subarray(0, length);
      expect(await codeOf(() => second.unwrap(cut, here))).toBe("UNWRAP_FAILED");
    }
    expect(await second.unwrap(wrapped, here)).toEqual(Buffer.from("a key"));
  });

  test("is AES-256-GCM with the context as additional data", async () => {
    const bytes = randomBytes(32);
    const copy = Buffer.from(bytes);
    const provider = await keep(Pkcs11Provider.create(dir, hsm.access, { bytes }));
    expect(bytes).toEqual(Buffer.alloc(32));
    const wrapped = await provider.wrap(Buffer.from("a key"), here);
    const decipher = createDecipheriv("aes-256-gcm", copy, wrapped.subarray(17, 29));
    decipher.setAAD(here).setAuthTag(wrapped.subarray(-16));
    const plain = Buffer.concat([decipher.update(wrapped.subarray(29, -16)), decipher.final()]);
    expect(plain.toString()).toBe("a key");
    // The check value is asked of the token, two bare blocks; here it is CMAC over the bytes.
    expect(provider.keks()[0]?.kcv).toBe(keyCheckValue(copy));
    expect(readFileSync(kekFile(), "latin1")).not.toContain(copy.toString("hex").slice(0, 16));
  });

  test("the key cannot be read out of the token, and one that could be is refused", async () => {
    const provider = await keep(Pkcs11Provider.create(dir, hsm.access));
    const { module, session } = await rivalSession();
    const id = Buffer.from(provider.keks()[0]!.id, "hex");
    await module.call("C_FindObjectsInit", session, module.structure(cka.id, id, id.length), 1);
    const handle = Buffer.alloc(8);
    await module.call("C_FindObjects", session, handle, 1, Buffer.alloc(8));
    await module.call("C_FindObjectsFinal", session);
    const asked = module.structure(cka.value, Buffer.alloc(32), 32);
    const answer = await module.ask("C_GetAttributeValue", session, wordOf(handle), asked, 1);
    expect(answer).toBe(attributeSensitive);
    const no = Buffer.from([0]);
    const yes = Buffer.from([1]);
    const open = randomBytes(16);
    const word = (value: number) => module.structure(value);
    const values: [number, Buffer][] = [
      [cka.class, word(4)],
      [cka.keyType, word(0x1f)],
      [cka.token, yes],
      [cka.sensitive, no],
      [cka.extractable, yes],
      [cka.encrypt, yes],
      [cka.decrypt, yes],
      [cka.id, open],
      [cka.value, randomBytes(32)],
    ];
    const template = values.flatMap(([type, value]) => [type, value, value.length]);
    const made = module.structure(...template);
    await module.call("C_CreateObject", session, made, values.length, Buffer.alloc(8));
    const file = JSON.parse(readFileSync(kekFile(), "utf8"));
    const current = open.toString("hex");
    const doctored = { ...file, current, keks: [{ ...file.keks[0], id: current }] };
    writeFileSync(kekFile(), JSON.stringify(doctored));
    const error = await failure(() => Pkcs11Provider.open(dir, hsm.access));
    expect([error.code, error.message]).toEqual([
      "HSM_FAILED",
      expect.stringMatching(/could be read out/),
    ]);
    await module.close();
  });

  test("a lost session, login or library comes back by itself", async () => {
    const provider = await keep(Pkcs11Provider.create(dir, hsm.access));
    const wrapped = await provider.wrap(Buffer.from("a key"), here);
    const rival = await Pkcs11Module.open(hsm.module);
    const list = Buffer.alloc(8 * 16);
    await rival.call("C_GetSlotList", 1, list, rival.structure(16));
    await rival.call("C_CloseAllSessions", list.readBigUInt64LE(0));
    expect(await provider.unwrap(wrapped, here)).toEqual(Buffer.from("a key"));
    await rival.call("C_Finalize", null);
    expect(await provider.unwrap(wrapped, here)).toEqual(Buffer.from("a key"));
    await rival.close();
    expect(await provider.wrap(Buffer.from("another"), here)).toHaveLength(17 + 12 + 7 + 16);
  });

  test("many at once take their turns", async () => {
    const provider = await keep(Pkcs11Provider.create(dir, hsm.access));
    const texts = Array.from({ length: 40 }, (_, i) => Buffer.from(`key number ${i}`));
    const wrapped = await Promise.all(texts.map((text) => provider.wrap(text, here)));
    const back = await Promise.all(wrapped.map((bytes) => provider.unwrap(bytes, here)));
    expect(back).toEqual(texts);
  });

  test("two vaults on one token have different keys", async () => {
    const other = mkdtempSync(join(tmpdir(), "pantun-hsm-vault-"));
    try {
      const a = await keep(Pkcs11Provider.create(dir, hsm.access));
      const b = await keep(Pkcs11Provider.create(other, hsm.access));
      const wrapped = await a.wrap(Buffer.from("a key"), here);
      expect(await codeOf(() => b.unwrap(wrapped, here))).toBe("UNWRAP_FAILED");
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test("what is missing or wrong has its code, and no message holds the PIN", async () => {
    await (await keep(Pkcs11Provider.create(dir, hsm.access))).close();
    const none = join(hsm.dir, "none.so");
    const text = hsm.writeFile("text.so", "no library");
    const wrong = { ...hsm.access, pin: () => Buffer.from("pin-7392") };
    const cases: [string, typeof hsm.access][] = [
      ["HSM_MODULE_MISSING", { ...hsm.access, module: none }],
      ["HSM_MODULE_MISSING", { ...hsm.access, module: text }],
      ["HSM_MODULE_MISSING", { ...hsm.access, module: "libc.so.6" }],
      ["HSM_TOKEN_MISSING", { ...hsm.access, tokenLabel: "elsewhere" }],
      ["HSM_TOKEN_MISSING", { ...hsm.access, tokenSerial: "0000" }],
      ["HSM_PIN_WRONG", wrong],
    ];
    for (const [code, access] of cases) {
      const error = await failure(() => Pkcs11Provider.open(dir, access));
      expect(error.code).toBe(code);
      expect(error.message).not.toContain(pin);
      expect(error.message).not.toContain("pin-7392");
    }
    hsm.addToken("double");
    hsm.addToken("double");
    const double = { ...hsm.access, tokenLabel: "double" };
    const error = await failure(() => Pkcs11Provider.open(dir, double));
    expect([error.code, error.message]).toEqual([
      "HSM_TOKEN_MISSING",
      expect.stringMatching(/several tokens/),
    ]);
    const file = JSON.parse(readFileSync(kekFile(), "utf8"));
    const id = "0".repeat(32);
    const doctored = { ...file, current: id, keks: [{ ...file.keks[0], id }] };
    writeFileSync(kekFile(), JSON.stringify(doctored));
    expect(await codeOf(() => Pkcs11Provider.open(dir, hsm.access))).toBe("HSM_KEY_MISSING");
  });

  test("a refused PIN is offered once: more would lock the token", async () => {
    let asked = 0;
    let right = true;
    const access = {
      ...hsm.access,
      pin: () => {
        asked++;
        return Buffer.from(right ? pin : "pin-7392");
      },
    };
    const provider = await keep(Pkcs11Provider.create(dir, access));
    right = false;
    const rival = await Pkcs11Module.open(hsm.module);
    await rival.call("C_Finalize", null);
    for (let i = 0; i < 3; i++) {
      expect(await codeOf(() => provider.wrap(here, here))).toBe("HSM_PIN_WRONG");
    }
    expect(asked).toBe(2);
    await rival.close();
  });

  test.each([
    [0xa0, "HSM_PIN_WRONG"],
    [0xa3, "HSM_PIN_LOCKED"],
    [0xa4, "HSM_PIN_LOCKED"],
    [0xe0, "HSM_TOKEN_MISSING"],
    [0x70, "HSM_FAILED"],
    [0x30, "HSM_FAILED"],
    [0x80000001, "HSM_FAILED"],
  ])("the answer %i is %s", (value, code) => {
    expect(new Pkcs11Refusal("C_Login", value).code).toBe(code);
  });

  test.each([
    ["{", "KEY_FILE_CORRUPT"],
    ["null", "KEY_FILE_CORRUPT"],
    ['{"format":2}', "KEY_FILE_NEWER"],
    ['{"format":1,"kind":"file"}', "KEY_FILE_CORRUPT"],
    ['{"format":1,"kind":"pkcs11","keks":[],"current":"x"}', "KEY_FILE_CORRUPT"],
    ['{"format":1,"kind":"pkcs11","keks":[{"id":"x"}],"current":"x"}', "KEY_FILE_CORRUPT"],
  ])("a file of %s is %s", async (text, code) => {
    await (await keep(Pkcs11Provider.create(dir, hsm.access))).close();
    writeFileSync(kekFile(), text);
    expect(await codeOf(() => Pkcs11Provider.open(dir, hsm.access))).toBe(code);
  });
});

describe("a key store on a token", () => {
  test("rotates the key-encryption key under a running service's feet", async () => {
    const provider = await keep(Pkcs11Provider.create(dir, hsm.access));
    const store = await KeyStore.init(dir, provider, { peers: ["SWITCH"] });
    const before = (await store.load()).active("ptav").bytes;
    const service = await KeyStore.open(dir, await keep(Pkcs11Provider.open(dir, hsm.access)));
    const first = provider.keks()[0]!.id;
    const second = (await provider.rotate()).id;
    // Between the two steps, where a crash may leave it, everything opens and changes can be made.
    const between = await KeyStore.open(dir, await keep(Pkcs11Provider.open(dir, hsm.access)));
    expect((await between.load()).active("ptav").bytes).toEqual(before);
    await store.rewrap();
    expect(await service.refresh()).toBe(true);
    expect((await service.load()).active("ptav").bytes).toEqual(before);
    await service.rotate("ptav");
    const text = readFileSync(join(dir, "keys", "keys.json"), "utf8");
    const used = [...text.matchAll(/"wrapped": "([^"]+)"/g)].map(([, wrapped = ""]) =>
      Buffer.from(wrapped, "base64").toString("hex", 1, 17),
    );
    expect(new Set(used)).toEqual(new Set([second]));
    expect(await codeOf(() => provider.destroy(second))).toBe("KEY_STATE");
    await provider.destroy(first);
    expect(provider.keks().map((kek) => kek.id)).toEqual([second]);
    await store.refresh();
    expect((await store.load()).find("ptav", 1)?.bytes).toEqual(before);
  });

  test("two who change the key-encryption key do not meet", async () => {
    const provider = await keep(Pkcs11Provider.create(dir, hsm.access));
    const other = await keep(Pkcs11Provider.open(dir, hsm.access));
    const done = await Promise.allSettled([provider.rotate(), other.rotate()]);
    const refused = done.filter((one) => one.status === "rejected").map((one) => one.reason.code);
    expect(refused).toEqual(["KEY_FILE_BUSY"]);
    expect(provider.keks()).toHaveLength(2);
  });

  test("takes the keys over from a passphrase", async () => {
    const cost = { n: 1_024, r: 8, p: 1 };
    const file = await FileProvider.create(dir, Buffer.from("correct horse"), { cost });
    const store = await KeyStore.init(dir, file);
    const before = (await store.load()).active("seal").bytes;
    await store.rewrap(await keep(Pkcs11Provider.create(dir, hsm.access)));
    expect(await codeOf(() => KeyStore.open(dir, file))).toBe("KEY_STATE");
    const again = await KeyStore.open(dir, await keep(Pkcs11Provider.open(dir, hsm.access)));
    expect((await again.load()).active("seal").bytes).toEqual(before);
    expect(readdirSync(join(dir, "keys")).sort()).toEqual([
      "kek-pkcs11.json",
      "kek.json",
      "keys.json",
    ]);
  });
});
