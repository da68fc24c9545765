// The Unix socket in the vault folder: how other processes of the machine hand commands to the one
// that runs the actors. Whoever may open it may change cards, so only the vault's own user may.
//
// Each way blocks go as length 4 and bytes. The server speaks first: "PTNC", version 1, pid 4.
import { chmodSync, existsSync, unlinkSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { appError } from "../../platform/mod.ts";
import type { Envelope, Reply } from "../runtime/actor-kind.ts";
import { CommandClient, type CommandPort } from "./command-client.ts";
import { CommandServer, type CommandServerOptions } from "./command-server.ts";

/** A block holds what one turn brought, in several where that is more; one item always fits. */
const blockBytesMax = 4 * 2 ** 20;
/** What a peer that does not read may keep us from freeing. */
const unreadBytesMax = 16 * 2 ** 20;
const connectionsMax = 64;
/** Commands of one connection that are not answered yet; a well-behaved client holds fewer. */
const waitingMax = 16_384;
/** Longest path of a Unix socket on Linux, without its final zero. */
const pathBytesMax = 107;

const version = 1;
const greetingBytes = 9;
const mark = Buffer.from("PTNC");

export function socketPath(vaultDir: string): string {
  return join(vaultDir, "commands.sock");
}

/** Cuts a byte stream into blocks; throws a RangeError where one is too long. */
class BlockReader {
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Bytes before which nothing can be cut off. */
  #needed = 4;

  *push(chunk: Buffer): Generator<Buffer> {
    this.#parts.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes >= this.#needed) {
      const all = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
      this.#parts = [all];
      const length = all.readUInt32BE(0);
      if (length > blockBytesMax) throw new RangeError(`a block of ${length} bytes`);
      this.#needed = 4 + length;
      if (all.length < this.#needed) return;
      this.#parts = [all.subarray(this.#needed)];
      this.#bytes = all.length - this.#needed;
      this.#needed = 4;
      yield all.subarray(4, 4 + length);
    }
  }
}

/** Writes a block, in several where it is too long; false where the peer does not read. */
function writeBlock(socket: Socket, block: Buffer): boolean {
  for (let at = 0; at < block.length; ) {
    let end = at;
    while (end < block.length) {
      const next = end + 4 + block.readUInt32BE(end);
      if (next - at > blockBytesMax && end > at) break;
      end = next;
    }
    const head = Buffer.alloc(4);
    head.writeUInt32BE(end - at);
    socket.write(head);
    socket.write(block.subarray(at, end));
    at = end;
  }
  return socket.writableLength <= unreadBytesMax;
}

export interface CommandSocket {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Listens in the vault's folder, mode 0600. The caller owns the vault's actors, so a socket that
 * is there already is a dead owner's. Errors: CONFIG_INVALID where the path is too long.
 */
export async function listenSocket(
  vaultDir: string,
  options: Omit<CommandServerOptions, "post">,
): Promise<CommandSocket> {
  const path = socketPath(vaultDir);
  if (Buffer.byteLength(path) > pathBytesMax) {
    const text = `${path} is longer than the ${pathBytesMax} bytes that a socket's path may have.`;
    throw appError("CONFIG_INVALID", text);
  }
  if (existsSync(path)) unlinkSync(path);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (sockets.size >= connectionsMax) return void socket.destroy();
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(socket, options);
  });
  await listen(server, path);
  return {
    path,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.end();
      // Whoever reads its last answers has this long; nobody else holds a stop up.
      const limit = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 500);
      await closed;
      clearTimeout(limit);
    },
  };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(appError("FILE_UNREADABLE", `The socket ${path} cannot be made.`, { cause }));
    });
    // Nobody can connect between making it and restricting it but who could open the folder.
    server.listen(path, () => {
      chmodSync(path, 0o600);
      resolve();
    });
  });
}

function serve(socket: Socket, options: Omit<CommandServerOptions, "post">): void {
  const blocks = new BlockReader();
  const commands = new CommandServer({
    ...options,
    post: (block) => {
      if (!writeBlock(socket, block)) socket.destroy();
    },
  });
  const greeting = Buffer.alloc(4 + greetingBytes);
  greeting.writeUInt32BE(greetingBytes, 0);
  greeting.set(mark, 4);
  greeting[8] = version;
  greeting.writeUInt32BE(process.pid, 9);
  socket.write(greeting);
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const block of blocks.push(chunk)) commands.receive(block);
      if (commands.waiting > waitingMax) socket.destroy();
    } catch (error) {
      // What cannot be read costs its sender the connection, and nobody else anything.
      if (!(error instanceof RangeError)) throw error;
      socket.destroy();
    }
  });
  socket.on("error", () => socket.destroy());
  socket.once("close", () => commands.close());
}

export interface SocketCommands extends CommandPort {
  /** The process that runs the actors. */
  readonly pid: number;
  /** Resolves when the connection has ended, by whichever side. */
  readonly ended: Promise<void>;
  close(): void;
}

/** A process takes connections as long as it exists, also when it hangs or is frozen. */
const greetingMs = 5_000;

/**
 * Connects to whoever runs the actors of this vault. Errors: NOT_REACHABLE where nobody does or it
 * does not answer, VAULT_TOO_NEW where it speaks another version.
 */
export function connectSocket(
  vaultDir: string,
  options: Pick<CommandServerOptions, "clock" | "turns">,
): Promise<SocketCommands> {
  const path = socketPath(vaultDir);
  const socket = connect(path);
  const blocks = new BlockReader();
  const client = new CommandClient({
    ...options,
    post: (block) => {
      if (!writeBlock(socket, block)) socket.destroy();
    },
  });
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  void ended.then(() => client.close());
  return new Promise((resolve, reject) => {
    const port = (pid: number): SocketCommands => ({
      pid,
      ended,
      submit: (envelope: Envelope): Promise<Reply> => client.submit(envelope),
      close: () => void socket.destroy(),
    });
    let greeted = false;
    const limit = options.turns.after(greetingMs, () => {
      if (greeted) return;
      reject(appError("NOT_REACHABLE", "The process that runs the actors does not answer."));
      socket.destroy();
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const block of blocks.push(chunk)) {
          if (greeted) client.receive(block);
          else resolve(port(readGreeting(block)));
          greeted = true;
          limit();
        }
      } catch (error) {
        reject(error);
        socket.destroy();
      }
    });
    socket.on("error", (cause) => {
      reject(appError("NOT_REACHABLE", "No process runs the actors of this vault.", { cause }));
    });
    void ended.then(() => {
      limit();
      reject(appError("NOT_REACHABLE", "The process that runs the actors hung up."));
    });
  });
}

function readGreeting(block: Buffer): number {
  const known = block.length === greetingBytes && block.subarray(0, 4).equals(mark);
  if (!known || block[4] !== version) {
    throw appError("VAULT_TOO_NEW", "The process that runs the actors is of another version.");
  }
  return block.readUInt32BE(5);
}
