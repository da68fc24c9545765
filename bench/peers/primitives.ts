// What the same machine needs for less: node primitives.ts <folder of sets> <task> <set> <ms>.
import { type ChildProcess, fork } from "node:child_process";
import { createCipheriv, createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { credentials } from "@grpc/grpc-js";
import { open } from "lmdb";
import { Chooser } from "../lib/random.ts";
import { EchoClient } from "./echo-server.ts";
import { type Block, fileOf, readBlock } from "./messages.ts";
import { runTask, say } from "./program.ts";

const [folder = "", task = "", set = "", ms = ""] = process.argv.slice(2);
const block = readBlock(fileOf(folder, "same"));
const messages = messagesOf(block);
const underWay = 256;
const records = 100_000;
const key = Buffer.alloc(16, 7);

function messagesOf({ bytes, offsets }: Block): Buffer[] {
  return offsets.slice(0, -1).map((from, i) => bytes.subarray(from, offsets[i + 1]!));
}

function hmac(): number {
  let seen = 0;
  for (const message of messages) seen += createHmac("sha256", key).update(message).digest()[0]!;
  return seen;
}

function cipher(): number {
  let seen = 0;
  for (const message of messages) {
    const aes = createCipheriv("aes-128-cbc", key, key).setAutoPadding(false);
    seen += aes.update(message.subarray(0, 64))[0]!;
    aes.final();
  }
  return seen;
}

/** Random gets of 40 bytes by 16. */
async function lmdbGet(): Promise<number> {
  const dir = mkdtempSync(join(tmpdir(), "pantun-peers-"));
  const store = open<Buffer, Buffer>({ path: dir, encoding: "binary", keyEncoding: "binary" });
  const keys = Array.from({ length: records }, (_, i) => {
    const bytes = Buffer.alloc(16);
    bytes.writeUInt32BE(Math.imul(i, 0x9e3779b1) >>> 0);
    return bytes;
  });
  store.transactionSync(() => {
    for (const one of keys) store.putSync(one, Buffer.alloc(40, 1));
  });
  const choose = new Chooser(5);
  const gets = (): number => {
    let seen = 0;
    for (let i = 0; i < messages.length; i++) {
      seen += store.getBinaryFast(keys[choose.next(records)]!)!.length;
    }
    return seen;
  };
  const us = runTask(gets, messages.length, Number(ms));
  await store.close();
  rmSync(dir, { recursive: true });
  return us;
}

/** Sends the next message when an answer is there; returns µs a message. */
async function echo(send: (message: Buffer) => void, begin: (answered: () => void) => void) {
  const from = performance.now();
  const warm = from + Number(ms) / 2;
  const end = warm + Number(ms);
  let sent = 0;
  let counted = 0;
  await new Promise<void>((resolve) => {
    begin(() => {
      const now = performance.now();
      if (now >= warm) counted++;
      if (now >= end) resolve();
      else send(messages[sent++ % messages.length]!);
    });
    while (sent < underWay) send(messages[sent++ % messages.length]!);
  });
  return (1_000 * (performance.now() - warm)) / counted;
}

async function tcpEcho(port: number): Promise<number> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const lengths: number[] = [];
  let arrived = 0;
  const send = (message: Buffer): void => {
    lengths.push(message.length);
    socket.write(message);
  };
  let head = 0;
  const us = await echo(send, (answered) => {
    socket.on("data", (chunk) => {
      arrived += chunk.length;
      socket.cork();
      while (head < lengths.length && arrived >= lengths[head]!) {
        arrived -= lengths[head++]!;
        answered();
      }
      socket.uncork();
    });
  });
  socket.destroy();
  return us;
}

async function grpcEcho(port: number): Promise<number> {
  const client = new EchoClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const stream = client.echo();
  const us = await echo(
    (message) => void stream.write(message),
    (answered) => void stream.on("data", answered),
  );
  // Answers that are still under way may be cut off now.
  stream.on("error", () => {});
  stream.cancel();
  client.close();
  return us;
}

async function withServer(run: (port: number) => Promise<number>): Promise<number> {
  const script = fileURLToPath(new URL("./echo-server.ts", import.meta.url));
  const server: ChildProcess = fork(script, [task], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once("message", (message) => resolve(message as number));
      server.once("exit", () => reject(new Error("the echo has ended")));
    });
    return await run(port);
  } finally {
    server.kill();
  }
}

const tasks: Readonly<Record<string, () => number | Promise<number>>> = {
  hmac: () => runTask(hmac, messages.length, Number(ms)),
  cipher: () => runTask(cipher, messages.length, Number(ms)),
  "lmdb-get": lmdbGet,
  "tcp-echo": () => withServer(tcpEcho),
  "grpc-echo": () => withServer(grpcEcho),
};

say({ task, set, us: await tasks[task]!() });
