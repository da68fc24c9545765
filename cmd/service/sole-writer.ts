// One process writes a queue. Linux gives a name that one process can hold and that is free the
// moment the process is gone, however it went: an abstract socket, named after the file.
import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";
import { appError } from "../../platform/mod.ts";

/**
 * Holds the file until `release`. Errors: VAULT_IN_USE where another process of this machine (this
 * network namespace) holds it. Elsewhere than on Linux nothing is held.
 */
export async function holdAlone(path: string): Promise<{ release(): Promise<void> }> {
  if (process.platform !== "linux") return { release: async () => {} };
  const file = join(realpathSync(dirname(path)), basename(path));
  const digest = createHash("sha256").update(file).digest("hex").slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `${path} is in use by another process: each needs a file of its own.`;
      reject(appError("VAULT_IN_USE", message, { cause }));
    });
    server.listen(`\0pantun-forward-${digest}`, resolve);
  });
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
