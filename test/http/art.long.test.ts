// Defends: a provisioning answers with art that can be fetched, the same bytes for ever under one
// id, with headers by which they are kept; an issuer changes the look of its own cards only.
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { IssuerClient, LifecycleClient } from "../../api/grpc/mod.ts";
import { demoTrid } from "../../cmd/demo/world.ts";
import { isAppError, systemClock } from "../../platform/mod.ts";
import { putBinRange, putIssuer } from "../../vault/mod.ts";
import { luhnPan } from "../grpc/cards.ts";
import { type HttpWorld, openHttpWorld, provisionBody, Requestor } from "./requestor.ts";

let world: HttpWorld;
let shop: Requestor;
let issuer: IssuerClient;
let lifecycle: LifecycleClient;

beforeAll(async () => {
  world = await openHttpWorld({ tokens: 4 });
  shop = await new Requestor(world.address, world.client).open();
  const { addresses } = world.service;
  const target = { security: { kind: "insecure" }, timeoutMs: 10_000 } as const;
  issuer = new IssuerClient({ address: addresses.issuer as string, ...target });
  lifecycle = new LifecycleClient({ address: addresses.requestor, ...target });
});
afterAll(async () => {
  issuer.close();
  lifecycle.close();
  await world.close();
});

let pans = 0;
async function provisioned() {
  const pan = luhnPan(`99999977${String(++pans).padStart(4, "0")}`);
  const body = provisionBody(await shop.card(pan));
  const { status, body: answer } = await shop.call("provisionToken", { body });
  expect(status).toBe(201);
  return answer;
}

const asset = (assetId: string, headers = {}) =>
  shop.call("getAsset", { params: { assetId }, headers });

let keys = 0;
function put(changes: object = {}) {
  return issuer.call("putCardArt", {
    idempotencyKey: `art-${++keys}`,
    prefix: "",
    picture: Buffer.alloc(0),
    altText: "",
    background: "",
    foreground: "",
    ...changes,
  });
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return "OK";
}

function card(background: string): Promise<Buffer> {
  const create = { width: 1536, height: 969, channels: 3, background } as const;
  return sharp({ create }).png().toBuffer();
}

describe("card art", () => {
  test("is there before any issuer brought some, the same for all that ask at once", async () => {
    const answers = await Promise.all([provisioned(), provisioned(), provisioned()]);
    const { cardArt } = answers[0];
    expect(cardArt).toMatchObject({ isGeneric: true, foreground: "FFFFFF" });
    expect(new Set(answers.map((answer) => answer.cardArt.assetId)).size).toBe(1);
    const { status, body, headers } = await asset(cardArt.assetId);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "image/png",
      "cache-control": "private, max-age=31536000, immutable",
      etag: `"${cardArt.assetId}"`,
      "x-content-type-options": "nosniff",
    });
    const { width, height } = await sharp(body as Buffer).metadata();
    expect([width, height]).toEqual([1536, 969]);
  });

  test("is not sent again to who has it", async () => {
    const { cardArt } = await provisioned();
    const tag = `"${cardArt.assetId}"`;
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const { status, bytes, headers } = await asset(cardArt.assetId, { "if-none-match": known });
      expect([status, bytes.length, headers.etag]).toEqual([304, 0, tag]);
    }
    expect((await asset(cardArt.assetId, { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("that nobody stored is not found", async () => {
    const unknown = `ast_${"a".repeat(32)}`;
    for (const id of [unknown, "ast_", "..%2f..%2fkeys", "x".repeat(100)]) {
      expect((await asset(id)).body.code).toBe("ASSET_NOT_FOUND");
    }
  });

  test("of an issuer is what a requestor then gets, and the old id keeps its picture", async () => {
    const before = (await provisioned()).cardArt;
    const old = (await asset(before.assetId)).bytes;
    const altText = "A blue card";
    const done = await put({ picture: await card("#224488"), altText, background: "#224488" });
    expect(done.changed).toBe(true);
    const { cardArt } = await provisioned();
    expect(cardArt).toEqual({
      assetId: done.art?.assetId,
      altText,
      background: "224488",
      foreground: "FFFFFF",
      isGeneric: false,
    });
    const pixels = await sharp((await asset(cardArt.assetId)).bytes)
      .raw()
      .toBuffer();
    expect([...pixels.subarray(0, 3)]).toEqual([0x22, 0x44, 0x88]);
    expect((await asset(before.assetId)).bytes.equals(old)).toBe(true);
    const over = await lifecycle.call("getAsset", {
      trid: demoTrid(1),
      assetId: cardArt.assetId,
    });
    expect(over.picture.equals((await asset(cardArt.assetId)).bytes)).toBe(true);
  });

  test("is drawn in the issuer's colours where they can be read", async () => {
    const { art } = await put({ background: "FFD700" });
    expect(art).toMatchObject({ isGeneric: true, background: "FFD700", foreground: "000000" });
    const pale = put({ background: "FFD700", foreground: "FFFFFF" });
    expect(await codeOf(pale)).toBe("INVALID_FIELD");
    expect((await put({ background: "FFD700" })).changed).toBe(false);
  });

  test("changes by the issuer's own word only", async () => {
    const { vault } = world.service.engine.opened;
    putIssuer(vault, { id: "OTHER", name: "Another Bank" });
    putBinRange(vault, { prefix: "888888", issuerId: "OTHER" });
    expect(await codeOf(put({ prefix: "888888" }))).toBe("PAN_NOT_OWNED");
    expect(await codeOf(put({ prefix: "777777" }))).toBe("PAN_NOT_OWNED");
    expect(await codeOf(put({ prefix: "88" }))).toBe("INVALID_FIELD");
    expect(await codeOf(put({ picture: Buffer.from("<svg/>") }))).toBe("PICTURE_REFUSED");
    expect(await codeOf(put({ background: "red" }))).toBe("INVALID_FIELD");
    expect(await codeOf(put({ altText: "two\nlines" }))).toBe("INVALID_FIELD");
    const { looks } = await issuer.call("listCardArt", {});
    expect(looks.map(({ prefix }) => prefix)).toEqual([""]);
  });

  test("of many pieces is whole", async () => {
    const noise = Buffer.alloc(1536 * 969);
    let seed = 1;
    for (let at = 0; at < noise.length; at++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      noise[at] = (seed >>> 24) & 0xc0;
    }
    const raw = { width: 1536, height: 969, channels: 1 } as const;
    const { art } = await put({ picture: await sharp(noise, { raw }).png().toBuffer() });
    const { bytes } = await asset(art?.assetId ?? "");
    // More than a piece, which is 160 KiB.
    expect(bytes.length).toBeGreaterThan(200_000);
    const pixels = await sharp(bytes).greyscale().raw().toBuffer();
    expect(pixels.equals(noise)).toBe(true);
  });

  test("has one effect for one key", async () => {
    const idempotencyKey = "art-once";
    const picture = await card("#115511");
    const first = await put({ idempotencyKey, picture });
    expect(await put({ idempotencyKey, picture })).toEqual({ ...first, repeated: true });
    const other = put({ idempotencyKey, picture: await card("#551111") });
    expect(await codeOf(other)).toBe("IDEMPOTENCY_KEY_REUSED");
  });

  test("comes with a backup", async () => {
    const { art } = await put({ picture: await card("#010203") });
    const { vault } = world.service.engine.opened;
    const { backupVault, Vault } = await import("../../vault/mod.ts");
    const { ArtDesk } = await import("../../actors/mod.ts");
    const dest = join(world.files, "backup");
    await backupVault(vault, dest);
    const dir = join(world.files, "restored");
    cpSync(dest, dir, { recursive: true });
    const ring = vault.sealing.ring;
    const options = { dir, readOnly: false, create: false, ring };
    const copy = Vault.open({ ...options, clock: systemClock, random: vault.random });
    const commands = { submit: () => Promise.reject(new Error("nothing is changed here")) };
    const desk = new ArtDesk({ vault: copy, commands, clock: systemClock });
    const assetId = art?.assetId ?? "";
    expect(desk.picture(assetId).equals((await asset(assetId)).bytes)).toBe(true);
    await copy.close();
    rmSync(dir, { recursive: true });
  });
});
