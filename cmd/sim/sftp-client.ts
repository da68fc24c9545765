// A requestor's side of a migration over SFTP: upload and rename, wait, fetch.
import ssh2, { type SFTPWrapper } from "ssh2";

export interface SftpTarget {
  readonly host: string;
  readonly port: number;
  /** The TRID. */
  readonly username: string;
  readonly privateKey: string;
  /** The server's public key, base64 of its SSH form; any other server is refused. */
  readonly hostKey: string;
}

const lookMs = 100;

export class SftpClient {
  readonly #client: ssh2.Client;
  readonly #sftp: SFTPWrapper;

  private constructor(client: ssh2.Client, sftp: SFTPWrapper) {
    this.#client = client;
    this.#sftp = sftp;
  }

  static async open({ hostKey, ...target }: SftpTarget): Promise<SftpClient> {
    const client = new ssh2.Client();
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve);
      client.once("error", reject);
      const hostVerifier = (key: Buffer): boolean => key.toString("base64") === hostKey;
      client.connect({ ...target, hostVerifier });
    });
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, opened) => (error === undefined ? resolve(opened) : reject(error)));
    });
    return new SftpClient(client, sftp);
  }

  /** Under the name with .part, then under its own. */
  async upload(local: string, name: string): Promise<void> {
    await settled((done) => this.#sftp.fastPut(local, `/in/${name}.part`, done));
    await settled((done) => this.#sftp.rename(`/in/${name}.part`, `/in/${name}`, done));
  }

  /** False where it is not there within the time. */
  async waitFor(name: string, limitMs: number): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < limitMs; waitedMs += lookMs) {
      const there = await settled((done) => this.#sftp.stat(`/out/${name}`, done)).then(
        () => true,
        () => false,
      );
      if (there) return true;
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
    return false;
  }

  fetch(name: string, local: string): Promise<void> {
    return settled((done) => this.#sftp.fastGet(`/out/${name}`, local, done));
  }

  close(): void {
    this.#client.end();
  }
}

function settled(begin: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    begin((error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}
