// Property: what was encrypted to our key comes out as a stream, binary or armoured; a message that
// was cut, altered or that swells is an error; the same for what we encrypt.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as openpgp from "openpgp";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  loadRequestorKey,
  loadServiceKey,
  makeServiceKey,
  openUpload,
  writeSealed,
} from "./pgp.ts";
import { uploadRows } from "./upload-stream.ts";

const dir = mkdtempSync(join(tmpdir(), "pantun-pgp-"));
const ours = join(dir, "ours.asc");
const theirs = join(dir, "theirs.asc");
const upload = join(dir, "upload.pgp");
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeAll(async () => {
  const made = await makeServiceKey();
  writeFileSync(ours, made.privateKey, { mode: 0o600 });
  writeFileSync(theirs, made.publicKey);
});

async function seal(clear: Uint8Array, format: "binary" | "armored", config = {}): Promise<void> {
  const message = await openpgp.createMessage({ binary: clear });
  const encryptionKeys = await loadRequestorKey(theirs);
  const sealed = await openpgp.encrypt({
    message,
    encryptionKeys,
    format: format as "binary",
    config,
  });
  writeFileSync(upload, sealed);
}

async function opened(): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of openUpload(upload, await loadServiceKey(ours))) parts.push(part);
  return Buffer.concat(parts);
}

const clear = Buffer.from("a line\n".repeat(20_000));

it.each(["binary", "armored"] as const)("opens a message: %s", async (format) => {
  for (const compression of [
    openpgp.enums.compression.uncompressed,
    openpgp.enums.compression.zlib,
  ]) {
    await seal(clear, format, { preferredCompressionAlgorithm: compression });
    expect((await opened()).equals(clear)).toBe(true);
  }
});

it("opens a message under authenticated encryption, too", async () => {
  const made = await openpgp.generateKey({
    type: "curve25519",
    userIDs: [{ name: "test" }],
    format: "armored",
    config: { aeadProtect: true },
  });
  const [privateFile, publicFile] = [join(dir, "aead.asc"), join(dir, "aead-public.asc")];
  writeFileSync(privateFile, made.privateKey, { mode: 0o600 });
  writeFileSync(publicFile, made.publicKey);
  async function* texts() {
    yield "some";
    yield "thing";
  }
  await writeSealed(upload, texts(), await loadRequestorKey(publicFile));
  const parts: Uint8Array[] = [];
  for await (const part of openUpload(upload, await loadServiceKey(privateFile))) parts.push(part);
  expect(Buffer.concat(parts).toString()).toBe("something");
});

it("refuses a message that was cut, altered, or is none", async () => {
  await seal(clear, "binary");
  const whole = readFileSync(upload);
  const altered = Buffer.from(whole);
  altered[whole.length - 5]! ^= 1;
  for (const bytes of [whole.subarray(0, -40), altered, Buffer.from("1,2,3\n"), Buffer.alloc(0)]) {
    writeFileSync(upload, bytes);
    await expect(opened()).rejects.toMatchObject({ code: "DECRYPTION_FAILED" });
  }
});

it("refuses a message that swells beyond the limit, early", async () => {
  const bomb = Buffer.alloc(80 * 2 ** 20, "x");
  await seal(bomb, "binary", { preferredCompressionAlgorithm: openpgp.enums.compression.zlib });
  expect(readFileSync(upload).length).toBeLessThan(2 ** 20);
  const read = async () => {
    for await (const _ of uploadRows(openUpload(upload, await loadServiceKey(ours))));
  };
  await expect(read()).rejects.toMatchObject({ code: "LINE_TOO_LONG" });
  await expect(opened()).rejects.toMatchObject({ code: "TOO_LARGE" });
});

it("writes what the owner of the key can open", async () => {
  async function* texts() {
    for (let i = 0; i < 1_000; i++) yield `${i}\n`;
  }
  await writeSealed(upload, texts(), await loadRequestorKey(theirs));
  expect((await opened()).toString()).toBe(
    Array.from({ length: 1_000 }, (_, i) => `${i}\n`).join(""),
  );
});
