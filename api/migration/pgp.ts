// OpenPGP (RFC 9580) around the files of a migration: uploads come encrypted to our key, results go
// encrypted to the requestor's. Both are streams: no file is ever in memory as a whole.
import { createReadStream, createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as WebStream } from "node:stream/web";
import * as openpgp from "openpgp";
import { appError } from "../../platform/mod.ts";
import { readSecretFile } from "../http/guarded-file.ts";
import { clearBytesMax, UploadError } from "./upload-stream.ts";

export type ServiceKey = openpgp.PrivateKey;
export type RequestorKey = openpgp.PublicKey;

/** Both armoured. */
export interface MadeKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

export function makeServiceKey(): Promise<MadeKey> {
  return openpgp.generateKey({
    // GnuPG reads the newer form of the same curve from 2.5 on only.
    type: "ecc",
    curve: "ed25519Legacy" as const,
    userIDs: [{ name: "Pantun migrations" }],
    format: "armored",
  });
}

/** Our key. Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export async function loadServiceKey(path: string): Promise<ServiceKey> {
  const armoredKey = readSecretFile(path).toString("latin1");
  const key = await openpgp.readPrivateKey({ armoredKey }).catch((cause: unknown) => {
    throw appError("CONFIG_INVALID", `${path} holds no OpenPGP private key.`, { cause });
  });
  if (key.isDecrypted()) return key;
  throw appError("CONFIG_INVALID", `The key in ${path} is protected by a passphrase.`);
}

/** A requestor's key. Errors: FILE_UNREADABLE, CONFIG_INVALID where it cannot encrypt. */
export async function loadRequestorKey(path: string): Promise<RequestorKey> {
  const file = await open(path).catch((cause: unknown) => {
    throw appError("FILE_UNREADABLE", `The file ${path} cannot be read.`, { cause });
  });
  const armoredKey = await file.readFile("latin1").finally(() => file.close());
  try {
    const key = await openpgp.readKey({ armoredKey });
    await key.getEncryptionKey();
    return key.toPublic();
  } catch (cause) {
    const message = `${path} holds no OpenPGP key that can be encrypted to.`;
    throw appError("CONFIG_INVALID", message, { cause });
  }
}

/**
 * The clear bytes of an upload, binary or armoured. A message without a whole integrity check ends
 * in an error, after its bytes were given: the reader acts on nothing before the end.
 * Errors: UploadError DECRYPTION_FAILED, TOO_LARGE.
 */
export async function* openUpload(path: string, key: ServiceKey): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path);
  try {
    yield* (await decrypt(file, key, await isArmoured(path))) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (isSystemError(error)) throw error;
    const isBomb = error instanceof Error && /decompressed message size/i.test(error.message);
    throw new UploadError(isBomb ? "TOO_LARGE" : "DECRYPTION_FAILED");
  } finally {
    file.destroy();
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

async function decrypt(file: Readable, key: ServiceKey, armoured: boolean): Promise<unknown> {
  const config = { allowUnauthenticatedStream: true, maxDecompressedMessageSize: clearBytesMax };
  const stream = Readable.toWeb(file) as WebStream<Uint8Array>;
  const message = armoured
    ? await openpgp.readMessage({ armoredMessage: textOf(stream) as never, config })
    : await openpgp.readMessage({ binaryMessage: stream as never, config });
  const opened = await openpgp.decrypt({
    message,
    decryptionKeys: key,
    format: "binary",
    config,
  });
  return opened.data;
}

function textOf(stream: WebStream<Uint8Array>): WebStream<string> {
  return stream.pipeThrough(new TextDecoderStream("latin1") as never) as WebStream<string>;
}

async function isArmoured(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(5), 0, 5, 0);
    return buffer.toString("latin1", 0, bytesRead) === "-----";
  } finally {
    await file.close();
  }
}

/** Writes the texts to a new file, encrypted; it is on the disk when this resolves. */
export async function writeSealed(
  path: string,
  texts: AsyncIterable<string>,
  to: RequestorKey,
): Promise<void> {
  const message = await openpgp.createMessage({
    binary: Readable.toWeb(Readable.from(bytesOf(texts))) as never,
  });
  const sealed = await openpgp.encrypt({ message, encryptionKeys: to, format: "binary" });
  const out = createWriteStream(path, { mode: 0o600, flush: true });
  await pipeline(Readable.fromWeb(sealed as unknown as WebStream<Uint8Array>), out);
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text, "utf8");
}
