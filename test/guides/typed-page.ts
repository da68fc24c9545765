// Types every command of a page of docs/guides as it stands there, in its order, in one shell and
// in a folder of its own with a fresh vault. Ports are the free ones of this machine.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { envName } from "../../platform/mod.ts";
import { pantun } from "../cli/run-pantun.ts";
import { root } from "../tidy/tree.ts";

/** Doors by the port at which pages have them. */
const doors: Readonly<Record<string, string>> = {
  "8583": "iso.port",
  "8601": "switch.port",
  "8602": "requestor.port",
  "8603": "admin.grpcPort",
  "8604": "issuer.port",
  "8605": "http.port",
  "8606": "administration.port",
  "8607": "switchHttp.port",
  "9464": "admin.port",
};
/** A page that takes longer hangs: what it said until then is the answer. */
const limitMs = 100_000;
/** Ports of simulators. */
const others = ["8611", "9000"];

export interface Typed {
  readonly code: number | null;
  readonly stdout: string;
  /** Without the service's log. */
  readonly stderr: string;
}

export interface PageVault {
  readonly tokens: number;
  /** Who has a MAC key. */
  readonly peers: readonly string[];
}

export class TypedPage {
  readonly home: string;
  readonly blocks: readonly string[];

  private constructor(name: string) {
    this.home = mkdtempSync(join(tmpdir(), "pantun-guide-"));
    const page = readFileSync(join(root, "docs/guides", name), "utf8");
    this.blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1]!);
  }

  /** With a vault under `var/`, or nothing but the program where the page makes its own. */
  static async open(name: string, vault: PageVault | null): Promise<TypedPage> {
    const page = new TypedPage(name);
    const { home } = page;
    writeFileSync(
      join(home, "pantun"),
      `#!/bin/sh\nexec "${process.execPath}" "${join(root, "cmd/pantun/main.ts")}" "$@"\n`,
    );
    chmodSync(join(home, "pantun"), 0o755);
    mkdirSync(join(home, "var"));
    if (vault === null) return page;
    writeFileSync(join(home, "var/passphrase"), "a passphrase for tests\n", { mode: 0o600 });
    const access = ["--dir", join(home, "var/vault")];
    access.push("--passphrase-file", join(home, "var/passphrase"));
    const peers = vault.peers.flatMap((peer) => ["--peer", peer]);
    for (const args of [
      ["keys", "init", ...peers],
      ["vault", "generate", "--tokens", String(vault.tokens)],
    ]) {
      const { code, stderr } = await pantun([...args, ...access]);
      if (code !== 0) throw new Error(stderr);
    }
    return page;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** The first command that fails ends it. */
  async type(): Promise<Typed> {
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith("PANTUN_"));
    let text = this.blocks.join("\n");
    const env: Record<string, string | undefined> = Object.fromEntries(clean);
    for (const [port, setting] of [...Object.entries(doors), ...others.map((one) => [one, ""])]) {
      const named = new RegExp(`\\b${port}\\b`, "g");
      const free = named.test(text) ? await freePort() : "0";
      text = text.replace(named, free);
      if (setting !== "") env[envName(setting ?? "")] = free;
    }
    const child = spawn("bash", ["-c", script(text)], {
      cwd: this.home,
      env: {
        ...env,
        PANTUN_VAULT_MAP_BYTES: "64MiB",
        PANTUN_REPLAY_MAP_BYTES: "64MiB",
        PATH: `${this.home}${delimiter}${process.env.PATH}`,
      },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const timer = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), limitMs);
    const out = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        out[name] += chunk.toString();
      });
    }
    return new Promise((resolve) => {
      child.once("close", (code) => {
        clearTimeout(timer);
        const lines = out.stderr.split("\n").filter((line) => !line.startsWith("{"));
        resolve({ code, stdout: out.stdout, stderr: lines.join("\n") });
      });
    });
  }
}

function script(text: string): string {
  const stop = `trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT`;
  return ["set -e", stop, text, "echo the end"].join("\n");
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}
