// Defends: everything that opens a vault's keys works when they are wrapped by an HSM, and says
// what is wrong with its own code; neither the PIN nor a component shows anywhere.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { pantun, startPantun } from "../cli/run-pantun.ts";
import { pin, type SoftHsm, startSoftHsm } from "./soft-hsm.ts";

let hsm: SoftHsm;
let home: string;
let dir: string;
let flags: string[];
let env: Record<string, string>;
let spoken = "";

beforeAll(() => {
  hsm = startSoftHsm();
  home = mkdtempSync(join(tmpdir(), "pantun-hsm-cli-"));
  dir = join(home, "vault");
  mkdirSync(dir);
  flags = ["--module", hsm.module, "--token-label", "pantun", "--pin-file", hsm.pinFile];
  env = { ...hsm.env };
});
afterAll(() => {
  hsm.remove();
  rmSync(home, { recursive: true, force: true });
});

async function run(args: readonly string[], input?: string) {
  const stdin = input === undefined ? "ignore" : "pipe";
  const { child, finished } = startPantun([...args, "--dir", dir], env, stdin);
  child.stdin?.end(input);
  const done = await finished;
  spoken += done.stdout + done.stderr;
  return done;
}

async function good(args: readonly string[], input?: string): Promise<string> {
  const { code, stdout, stderr } = await run([...args, ...flags], input);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function keks() {
  return JSON.parse(await good(["keys", "kek", "list", "--json"])).keks;
}

const componentA = "0123456789ABCDEF".repeat(4);
const componentB = `${"FEDCBA9876543210".repeat(3)}0011223344556677`;
const answers = ["Aminah", componentA, "yes", "Bala", componentB, "yes", "yes", "yes", ""];
const dialogue = answers.join("\n");

describe("a vault on an HSM", () => {
  test("init, generate, serve", async () => {
    const listed = await good([
      ...["keys", "init", "--provider", "pkcs11", "--peer", "net", "--json"],
    ]);
    expect(JSON.parse(listed).keys).toHaveLength(8);
    expect(JSON.parse(readFileSync(join(dir, "keys", "keys.json"), "utf8")).provider).toBe(
      "pkcs11",
    );
    await good(["vault", "generate", "--tokens", "50"]);
    const parties = join(home, "parties.json");
    writeFileSync(
      parties,
      JSON.stringify({
        switches: [{ name: "net" }],
        requestors: [{ name: "shop", trids: ["99900000001"] }],
        plain: { switch: "net", requestor: "shop" },
      }),
    );
    const ports = ["iso.port", "switch.port", "requestor.port", "admin.port", "admin.grpcPort"];
    const free = ports.flatMap((name) => ["--set", `${name}=0`]);
    const { child, finished } = startPantun(
      ["serve", "--dir", dir, "--parties", parties, ...free],
      {
        ...env,
        PANTUN_HSM_MODULE: hsm.module,
        PANTUN_HSM_TOKEN_LABEL: "pantun",
        PANTUN_HSM_PIN_FILE: hsm.pinFile,
      },
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    let log = "";
    const port = await new Promise<string>((resolve, reject) => {
      child.once("close", () => reject(new Error(`it ended: ${log}`)));
      const hear = (chunk: Buffer): void => {
        log += chunk.toString();
        const ready = log.split("\n").find((line) => line.includes('"service.ready"'));
        if (ready?.endsWith("}")) resolve(String(JSON.parse(ready).iso.port));
      };
      child.stdout?.on("data", hear);
      child.stderr?.on("data", hear);
    });
    const traffic = ["--port", port, "--peer", "net", "--rate", "50", "--duration", "1"];
    const result = await good(["sim", "switch", ...traffic, "--mix", "good=100", "--json"]);
    expect(JSON.parse(result)).toMatchObject({ wrong: 0 });
    // The service runs on while the key-encryption key and a key change under it.
    await good(["keys", "kek", "rotate"]);
    await good(["keys", "rotate", "ptav", "--spread", "0"]);
    await expect.poll(() => log, { timeout: 20_000 }).toContain("keys.reloaded");
    child.kill("SIGTERM");
    expect((await finished).code).toBe(0);
    expect(log).not.toContain("keys.file");
    spoken += log;
  });

  test("the key-encryption key is rotated; the old one is destroyed on demand", async () => {
    await good(["keys", "kek", "rotate"]);
    const all = await keks();
    expect(all.length).toBeGreaterThanOrEqual(2);
    const { code, stderr } = await run(["keys", "kek", "destroy", all[0].id, ...flags]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--yes")]);
    await good(["keys", "kek", "destroy", all[0].id, "--yes"]);
    expect((await keks()).map((kek: { id: string }) => kek.id)).toEqual(
      all.slice(1).map((kek: { id: string }) => kek.id),
    );
    await good(["keys", "list"]);
  });

  test("a ceremony replaces it; the token computes the check value that was told", async () => {
    const made = JSON.parse(await good(["keys", "ceremony", "kek", "--json"], dialogue));
    expect(made).toMatchObject({ key: "kek", custodians: [{ name: "Aminah" }, { name: "Bala" }] });
    expect((await keks()).at(-1).kcv).toBe(made.kcv);
    await good(["token", "list", "--limit", "1"]);
  });

  test("a zone key out of files goes into the key file", async () => {
    const files = [componentA, componentB].flatMap((text, i) => [
      "--component",
      hsm.writeFile(`component-${i}`, `${text}\n`),
    ]);
    const kcv = await pantun(["keys", "kcv", ...files, "--json"], env);
    const combined = JSON.parse(kcv.stdout).kcv;
    const said = ["Aminah", "yes", "Bala", "yes", "yes", "yes", ""].join("\n");
    const zone = ["keys", "ceremony", "zone", "--label", "net", ...files];
    for (const version of [1, 2]) {
      await good([...zone, "--kcv", combined], said);
      const { keys } = JSON.parse(await good(["keys", "list", "--usage", "zone", "--json"]));
      expect(keys.at(-1)).toMatchObject({ label: "net", version, kcv: combined, state: "ACTIVE" });
    }
    const wrong = await run([...zone, "--kcv", "000000", ...flags], said);
    expect(wrong.stderr).toContain(`make a key with the KCV ${combined}, not 000000`);
    const short = await run([...zone, ...flags], "Aminah\nyes\n");
    expect([short.code, short.stderr]).toEqual([130, expect.stringContaining("INTERRUPTED")]);
  });

  test.each([
    ["HSM_MODULE_MISSING", 30, "--module", () => "/none.so"],
    ["HSM_TOKEN_MISSING", 31, "--token-label", () => "elsewhere"],
    ["HSM_PIN_WRONG", 32, "--pin-file", () => hsm.writeFile("wrong", "pin-0000\n")],
    ["FILE_UNREADABLE", 19, "--pin-file", () => "/none"],
    ["CONFIG_INVALID", 6, "--token-label", () => ""],
  ])("%s ends with %i", async (code, exit, flag, value) => {
    const done = await run(["keys", "list", ...flags, flag, value()]);
    expect([done.code, done.stderr]).toEqual([exit, expect.stringContaining(`(${code})`)]);
  });

  test("a vault moves from a passphrase to the HSM", async () => {
    const other = join(home, "other");
    mkdirSync(other);
    const secret = hsm.writeFile("secret", "a passphrase for tests\n");
    const at = ["--dir", other];
    const old = [...at, "--passphrase-file", secret];
    expect((await pantun(["keys", "init", ...old], env)).code).toBe(0);
    const wrongWay = await pantun(["keys", "list", ...old, ...flags], env);
    expect(wrongWay.stderr).toContain("KEYS_NOT_FOUND");
    const moved = await pantun(["keys", "kek", "move", ...old, ...flags], env);
    expect(moved.code, moved.stderr).toBe(0);
    expect((await pantun(["keys", "list", ...at, ...flags], env)).code).toBe(0);
    const back = await pantun(["keys", "list", ...old], env);
    expect(back.stderr).toContain("wrapped by 'pkcs11', not by 'file'");
  });

  test("nothing that was printed or written holds the PIN or a component", () => {
    const files = ["keys.json", "kek-pkcs11.json"].map((name) =>
      readFileSync(join(dir, "keys", name), "utf8"),
    );
    const all = spoken + files.join("");
    expect(all.length).toBeGreaterThan(1_000);
    for (const secret of [pin, componentA.slice(0, 32), componentB.slice(0, 32)]) {
      expect(all).not.toContain(secret);
      expect(all.toUpperCase()).not.toContain(Buffer.from(secret).toString("hex").toUpperCase());
    }
  });
});
