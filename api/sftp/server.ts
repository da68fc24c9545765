// The SFTP server: who may log in, and as whom. The user's name is the TRID; the login is by key
// alone, and nothing but SFTP is served on the connection.
import { timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import ssh2, { type AuthContext, type Connection, type ParsedKey } from "ssh2";
import { appError, type Logger, listenError } from "../../platform/mod.ts";
import { readSecretFile } from "../http/guarded-file.ts";
import { SftpHome } from "./home.ts";
import { serveSftp } from "./session.ts";

export interface SftpServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Our host key, as `loadHostKey` gives it. */
  readonly hostKey: Buffer;
  /** Folder with one folder a TRID. */
  readonly root: string;
  /** Keys that may log in as a TRID; none for one that may not. */
  readonly keysOf: (trid: string) => readonly ParsedKey[];
  readonly onLogin: (ok: boolean) => void;
  readonly log: Logger;
}

export interface SftpServer {
  /** host:port */
  readonly address: string;
  stop(): Promise<void>;
}

export type LoginKey = ParsedKey;

const connectionsMax = 64;
const connectionsEachMax = 8;
const triesMax = 6;
/** Until the login is done. */
const loginMs = 20_000;
/** Nothing is heard for so long: the connection ends. */
const idleMs = 300_000;

/** What is still sound; all that OpenSSH 7.3 (2016) and later offer. */
const algorithms = {
  kex: ["curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256"],
  serverHostKey: ["ssh-ed25519"],
  cipher: ["aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr"],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256"],
  compress: ["none"],
} as const;

/** An Ed25519 host key, as OpenSSH writes it. */
export function makeHostKey(): { readonly privateKey: string; readonly publicKey: string } {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync("ed25519", { comment: "pantun" });
    const { private: privateKey, public: publicKey } = made;
    // One in 256 lacks a byte: ssh2 1.17 drops a zero that a key begins with.
    const isWhole = [privateKey, publicKey].every((text) => {
      return !(ssh2.utils.parseKey(text) instanceof Error);
    });
    if (isWhole) return { privateKey, publicKey };
  }
}

/** Errors: FILE_UNREADABLE, FILE_INSECURE, CONFIG_INVALID. */
export function loadHostKey(path: string): Buffer {
  const text = readSecretFile(path);
  const key = ssh2.utils.parseKey(text);
  if (!(key instanceof Error) && key.isPrivateKey() && key.type === "ssh-ed25519") return text;
  throw appError("CONFIG_INVALID", `${path} holds no Ed25519 private key of OpenSSH.`);
}

/** Keys of an authorized_keys file. Errors: FILE_UNREADABLE, CONFIG_INVALID. */
export function loadLoginKeys(path: string): LoginKey[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The file ${path} cannot be read.`, { cause });
  }
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line, i) => {
      const key = ssh2.utils.parseKey(line);
      if (!(key instanceof Error) && !key.isPrivateKey()) return key;
      throw appError("CONFIG_INVALID", `${path}: key ${i + 1} is no public key of OpenSSH.`);
    });
}

/** Errors: PORT_IN_USE. */
export async function createSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const { listen, hostKey, log } = options;
  const connections = new Map<Connection, string>();
  const server = new ssh2.Server(
    { hostKeys: [hostKey], ident: "pantun", algorithms: algorithms as never },
    (client) => {
      if (connections.size >= connectionsMax) client.end();
      else serve(client, options, connections);
    },
  );
  server.on("error", (err: Error) => log.error({ event: "sftp.server", err }, "a server fault"));
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error) =>
      reject(listenError(error as NodeJS.ErrnoException, listen.host, listen.port));
    server.once("error", fail);
    server.listen(listen.port, listen.host, () => {
      server.off("error", fail);
      resolve();
    });
  });
  const { address, port } = server.address() as AddressInfo;
  return {
    address: `${address}:${port}`,
    stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const client of connections.keys()) client.end();
      return closed;
    },
  };
}

function serve(
  client: Connection,
  options: SftpServerOptions,
  connections: Map<Connection, string>,
): void {
  connections.set(client, "");
  let timer = setTimeout(() => client.end(), loginMs);
  let tries = 0;
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => client.end(), idleMs);
  };
  // What a broken or hostile client does ends its own connection.
  client.on("error", () => client.end());
  client.on("close", () => {
    clearTimeout(timer);
    connections.delete(client);
  });
  client.on("authentication", (context) => {
    tries += 1;
    if (tries > triesMax) client.end();
    else judge(context, options, connections, client);
  });
  client.on("ready", () => {
    const trid = connections.get(client) ?? "";
    heard();
    options.log.info({ event: "sftp.login", trid }, "logged in");
    const home = new SftpHome(join(options.root, trid), trid);
    client.on("session", (accept) => {
      accept().on("sftp", (acceptSftp) => {
        const sftp = acceptSftp();
        sftp.on("READ", heard).on("WRITE", heard).on("REALPATH", heard).on("OPEN", heard);
        serveSftp(sftp, home, options.log);
      });
    });
  });
}

function judge(
  context: AuthContext,
  { keysOf, onLogin }: SftpServerOptions,
  connections: Map<Connection, string>,
  client: Connection,
): void {
  if (context.method !== "publickey") {
    context.reject(["publickey"]);
    return;
  }
  const trid = context.username;
  const open = [...connections.values()].filter((one) => one === trid).length;
  const isTrid = /^[0-9]{11}$/.test(trid) && open < connectionsEachMax;
  const { algo, data } = context.key;
  const key = (isTrid ? keysOf(trid) : []).find((one) => {
    const known = one.getPublicSSH();
    return one.type === algo && known.length === data.length && timingSafeEqual(known, data);
  });
  const { blob, signature, hashAlgo } = context;
  const isAsked = signature === undefined || blob === undefined;
  const fits = key !== undefined && (isAsked || key.verify(blob, signature, hashAlgo) === true);
  if (!fits) {
    onLogin(false);
    context.reject(["publickey"]);
    return;
  }
  if (!isAsked) {
    connections.set(client, trid);
    onLogin(true);
  }
  context.accept();
}
