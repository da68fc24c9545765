import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from "node:fs";
import { CryptoError } from "./crypto-error.ts";

/**
 * Runs `work` while no other process on this machine changes the same keys. A lock whose process is
 * gone is taken over; it says who holds it otherwise. Key changes are rare and made by people, so
 * it does not wait.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  take(path);
  try {
    return await work();
  } finally {
    unlinkSync(path);
  }
}

function take(path: string): void {
  for (let tries = 0; tries < 2; tries++) {
    try {
      const fd = openSync(path, "wx", 0o600);
      writeSync(fd, String(process.pid));
      closeSync(fd);
      return;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    }
    const holder = holderOf(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new CryptoError(
        "KEY_FILE_BUSY",
        `process ${holder} is changing the keys; if it is not, remove ${path}`,
      );
    }
    try {
      unlinkSync(path);
    } catch {
      // Its holder came to its end meanwhile.
    }
  }
  throw new CryptoError("KEY_FILE_BUSY", `another process is changing the keys (${path})`);
}

function holderOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
