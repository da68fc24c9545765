// Defends: whatever keeps the service from starting is one clear sentence on stderr, with its code,
// and the documented exit code; nothing half-started is left behind.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { errorTable, exitCode } from "../../platform/mod.ts";
import { pantun, startPantun } from "./run-pantun.ts";

let home: string;
let dir: string;
let secret: string;
let parties: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "pantun-faults-"));
  dir = join(home, "vault");
  secret = join(home, "secret");
  parties = join(home, "parties.json");
  mkdirSync(dir);
  writeFileSync(secret, "a passphrase for tests\n", { mode: 0o600 });
  writeFileSync(
    parties,
    JSON.stringify({
      switches: [{ name: "net" }],
      requestors: [{ name: "shop", trids: ["99900000001"] }],
      plain: { switch: "net", requestor: "shop" },
    }),
  );
  const access = ["--dir", dir, "--passphrase-file", secret];
  expect((await pantun(["keys", "init", ...access, "--peer", "net"])).code).toBe(0);
  expect((await pantun(["vault", "generate", ...access, "--tokens", "50"])).code).toBe(0);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const ports = ["iso.port", "switch.port", "requestor.port", "admin.port", "admin.grpcPort"];

function serve(more: readonly string[] = [], folder = dir, passphrase = secret) {
  const free = ports.flatMap((name) => ["--set", `${name}=0`]);
  const base = ["serve", "--dir", folder, "--passphrase-file", passphrase, "--parties", parties];
  return [...base, ...free, "--set", "hotpath.workers=0", ...more];
}

async function fails(args: readonly string[], code: keyof typeof exits): Promise<string> {
  const { code: exit, stderr } = await pantun(args);
  const lines = stderr.trim().split("\n");
  expect(lines.at(-1)).toMatch(new RegExp(`^pantun: .+ \\(${code}\\)$`));
  expect(exit).toBe(exits[code]);
  expect(stderr).not.toContain("    at ");
  return lines.at(-1) as string;
}

const exits = {
  CONFIG_INVALID: 6,
  INSECURE_REFUSED: 7,
  PORT_IN_USE: 8,
  CERTIFICATE_UNREADABLE: 9,
  WRONG_PASSPHRASE: 10,
  KEY_FILE_CORRUPT: 11,
  KEYS_NOT_FOUND: 12,
  VAULT_NOT_FOUND: 13,
  VAULT_CORRUPT: 14,
  VAULT_TOO_NEW: 15,
  FILE_UNREADABLE: 19,
  FILE_INSECURE: 20,
  USAGE: 2,
} as const;

function copyOf(name: string): string {
  const to = join(home, name);
  cpSync(dir, to, { recursive: true });
  return to;
}

it("documents each of these exit codes", () => {
  for (const [code, exit] of Object.entries(exits)) {
    expect([...errorTable.values()].find((row) => row.code === code)?.exitCode).toBe(exit);
  }
});

it("says that the passphrase is wrong, missing, or readable by all", async () => {
  const wrong = join(home, "wrong");
  writeFileSync(wrong, "another passphrase\n", { mode: 0o600 });
  await fails(serve([], dir, wrong), "WRONG_PASSPHRASE");
  await fails(serve([], dir, join(home, "nowhere")), "FILE_UNREADABLE");
  const open = join(home, "open");
  writeFileSync(open, "a passphrase for tests\n", { mode: 0o644 });
  await fails(serve([], dir, open), "FILE_INSECURE");
});

it("says that there are no keys, no vault, or damaged keys", async () => {
  await fails(serve([], join(home, "empty")), "KEYS_NOT_FOUND");
  const noVault = copyOf("no-vault");
  rmSync(join(noVault, "vault"), { recursive: true });
  await fails(serve([], noVault), "VAULT_NOT_FOUND");
  const badKeys = copyOf("bad-keys");
  writeFileSync(join(badKeys, "keys", "keys.json"), "{", { mode: 0o600 });
  await fails(serve([], badKeys), "KEY_FILE_CORRUPT");
});

it("says that the vault is damaged or newer", async () => {
  const damaged = copyOf("damaged");
  const fd = openSync(join(damaged, "vault", "data.mdb"), "r+");
  writeSync(fd, Buffer.alloc(16_384, 0xa5), 0, 16_384, 0);
  await fails(serve([], damaged), "VAULT_CORRUPT");
  const newer = copyOf("newer");
  await makeNewer(newer);
  await fails(serve([], newer), "VAULT_TOO_NEW");
});

async function makeNewer(folder: string): Promise<void> {
  const { open } = await import("lmdb");
  const root = open({
    path: join(folder, "vault"),
    maxDbs: 32,
    encoding: "binary",
    keyEncoding: "binary",
  });
  const meta = root.openDB({ name: "meta", encoding: "binary", keyEncoding: "binary" });
  const layout = Buffer.alloc(4);
  layout.writeUInt32LE(99);
  for (const key of meta.getKeys()) {
    const name = Buffer.from(key as unknown as Uint8Array);
    if (name.toString("latin1").includes("layout")) await meta.put(name, layout);
  }
  await root.close();
}

it("says that a port is taken, and by which address", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  for (const name of ["iso.port", "switch.port", "admin.port"]) {
    const line = await fails(serve(["--set", `${name}=${port}`]), "PORT_IN_USE");
    expect(line).toContain(String(port));
  }
  server.close();
});

it("says that a certificate cannot be read, or that TLS is missing outside loopback", async () => {
  const paths = ["certificateFile", "privateKeyFile", "clientCaFile"];
  for (const door of ["iso", "switch", "requestor"]) {
    const files = paths.flatMap((name) => ["--set", `${door}.${name}=${join(home, "none.pem")}`]);
    await fails(serve(files), "CERTIFICATE_UNREADABLE");
    await fails(serve(["--set", `${door}.host=0.0.0.0`]), "INSECURE_REFUSED");
  }
});

it("says what is wrong with a setting, and where", async () => {
  const line = await fails(serve(["--set", "iso.prot=1"]), "CONFIG_INVALID");
  expect(line).toContain("iso.port");
  await fails(serve(["--set", "nonsense"]), "USAGE");
  await fails(serve(["--parties", join(home, "none.json")]), "FILE_UNREADABLE");
  const strange = join(home, "strange.json");
  writeFileSync(strange, '{"switches":[{"name":"net","colour":"red"}]}');
  await fails(serve(["--parties", strange]), "CONFIG_INVALID");
});

it("starts when nothing is wrong, and ends cleanly on SIGTERM", async () => {
  const { child, finished } = startPantun(serve());
  let log = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString("utf8");
    if (log.includes("service.ready") && !child.killed) child.kill("SIGTERM");
  });
  const { code, stdout, stderr } = await finished;
  expect([code, stdout]).toEqual([exitCode.DONE, ""]);
  expect(JSON.parse(stderr.trim().split("\n").at(-1) ?? "")).toMatchObject({
    msg: "stopped",
    failed: [],
  });
});

it("tells usage faults and versions apart from failures", async () => {
  expect((await pantun(["no-such-command"])).code).toBe(exitCode.USAGE);
  expect((await pantun(["vault", "generate"])).code).toBe(exitCode.USAGE);
  expect(await pantun(["--version"])).toMatchObject({ code: 0 });
  expect((await pantun(["--help"])).stdout).toContain("Examples:");
});
