// Defends: a setting comes from where the precedence says, a wrong one stops the program with one
// sentence that names the right one, and nothing secret is ever repeated.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { AppError } from "../errors/app-error.ts";
import { exampleSettings, printedSettings, settingsMarkdown } from "./describe.ts";
import { loadConfig, readConfigFile } from "./load.ts";
import { nearestName } from "./nearest.ts";
import { count, duration, envName, secretFile, size } from "./setting.ts";
import { formatAmount, parseAmount } from "./units.ts";

const schema = Type.Object({
  log: Type.Object({
    level: Type.Union([Type.Literal("info"), Type.Literal("debug")], {
      default: "info",
      description: "How much is logged.",
    }),
  }),
  grpc: Type.Object({
    host: Type.String({ default: "127.0.0.1", description: "Address." }),
    listenPort: count({ description: "Port.", default: 0, minimum: 0, maximum: 65_535 }),
    timeoutMs: duration("ms", { description: "Limit.", default: 2000, minimum: 1, maximum: 60000 }),
    tls: Type.Boolean({ default: true, description: "TLS." }),
    peers: Type.Array(Type.String(), { default: [], description: "Peers." }),
  }),
  vault: Type.Object({
    mapBytes: size({ description: "Map.", default: 1024, minimum: 1024, maximum: 2 ** 40 }),
    passphraseFile: secretFile({ description: "Passphrase." }),
    dir: Type.String({ description: "Folder." }),
  }),
});
const given = { "vault.dir": "v" };

function faultOf(run: () => unknown): AppError {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error("no fault");
}

describe("loading", () => {
  it("takes flag before environment before file before default", () => {
    const loaded = loadConfig(schema, {
      flags: { ...given, "grpc.timeoutMs": "250ms", "grpc.host": undefined },
      env: { PANTUN_GRPC_TIMEOUT_MS: "3s", PANTUN_GRPC_LISTEN_PORT: "99", HOME: "/" },
      file: {
        name: "f.json",
        content: { grpc: { timeoutMs: 7, listenPort: 7, host: "h" }, vault: { mapBytes: "64MiB" } },
      },
    });
    expect(loaded.value.grpc).toEqual({
      host: "h",
      listenPort: 99,
      timeoutMs: 250,
      tls: true,
      peers: [],
    });
    expect(loaded.value.vault.mapBytes).toBe(67_108_864);
    expect(loaded.sources.get("grpc.timeoutMs")).toBe("flag");
    expect(loaded.sources.get("grpc.listenPort")).toBe("environment");
    expect(loaded.sources.get("grpc.host")).toBe("file");
    expect(loaded.sources.get("log.level")).toBe("default");
  });

  it("reads booleans and lists from text", () => {
    const env = { PANTUN_GRPC_TLS: "false", PANTUN_GRPC_PEERS: "a, b", PANTUN_CONFIG: "x" };
    const { value } = loadConfig(schema, { flags: given, env });
    expect([value.grpc.tls, value.grpc.peers]).toEqual([false, ["a", "b"]]);
    const json = loadConfig(schema, { flags: { ...given, "grpc.peers": '["c,d"]' } });
    expect(json.value.grpc.peers).toEqual(["c,d"]);
  });

  it("does not share a default between two loads", () => {
    const first = loadConfig(schema, { flags: given }).value;
    first.grpc.peers.push("x");
    expect(loadConfig(schema, { flags: given }).value.grpc.peers).toEqual([]);
  });

  const wrong: [string, Parameters<typeof loadConfig>[1], RegExp][] = [
    [
      "file name",
      { file: { name: "f", content: { grpc: { hots: 1 } } } },
      /grpc\.hots in f .*grpc\.host is/,
    ],
    [
      "env name",
      { env: { PANTUN_GRPC_HOTS: "x" } },
      /PANTUN_GRPC_HOTS is not .*PANTUN_GRPC_HOST is/,
    ],
    [
      "flag name",
      { flags: { "log.levle": "x" } },
      /--set log\.levle is not a setting, log\.level is/,
    ],
    ["nothing near", { env: { PANTUN_ZZZZZZZZ: "x" } }, /PANTUN_ZZZZZZZZ is not a setting(;|$)/],
    ["choice", { flags: { "log.level": "loud" } }, /--set log\.level must be one of info, debug/],
    ["range", { env: { PANTUN_GRPC_LISTEN_PORT: "70000" } }, /a whole number from 0 to 65535/],
    [
      "unit",
      { env: { PANTUN_GRPC_TIMEOUT_MS: "2 weeks" } },
      /an amount from 1ms to 1m \(ms, s, m, h\)/,
    ],
    ["boolean", { env: { PANTUN_GRPC_TLS: "yes" } }, /PANTUN_GRPC_TLS must be true or false/],
    [
      "list",
      { file: { name: "f", content: { grpc: { peers: 3 } } } },
      /grpc\.peers in f must be a list/,
    ],
    ["type", { file: { name: "f", content: { grpc: { host: 3 } } } }, /must be a text/],
    ["not an object", { file: { name: "f", content: [] } }, /f is not a JSON object/],
    ["missing", {}, /vault\.dir must be set/],
  ];
  it.each(wrong)("refuses a wrong %s in one sentence", (_name, input, message) => {
    const fault = faultOf(() => loadConfig(schema, input));
    expect(fault.code).toBe("CONFIG_INVALID");
    expect(fault.message).toMatch(message);
  });

  it("sends a secret in the environment to a file, and never repeats a value", () => {
    const env = { PANTUN_VAULT_PASSPHRASE: "hunter2", PANTUN_GRPC_LISTEN_PORT: "hunter3" };
    const fault = faultOf(() => loadConfig(schema, { env, flags: given }));
    expect(fault.message).toContain("name its file in PANTUN_VAULT_PASSPHRASE_FILE");
    expect(fault.message).not.toContain("hunter");
  });

  it("tells at most five faults and how many more there are", () => {
    const env = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`PANTUN_QQ${i}`, "x"]));
    const fault = faultOf(() => loadConfig(schema, { env, flags: given }));
    expect(fault.message).toMatch(/; and 4 more$/);
    expect(fault.details).toEqual({ problems: 9 });
  });

  it("reads a file, and says what is wrong with one", () => {
    const dir = mkdtempSync(join(tmpdir(), "config-"));
    const name = join(dir, "pantun.json");
    writeFileSync(name, '{"grpc":{"listenPort":7}}');
    const loaded = loadConfig(schema, { flags: given, file: readConfigFile(name) });
    expect(loaded.value.grpc.listenPort).toBe(7);
    writeFileSync(name, '{"secret": hunter2');
    const fault = faultOf(() => readConfigFile(name));
    expect([fault.code, fault.message.includes("hunter")]).toEqual(["CONFIG_INVALID", false]);
    expect(faultOf(() => readConfigFile(join(dir, "none"))).code).toBe("FILE_UNREADABLE");
    rmSync(dir, { recursive: true });
  });
});

describe("explaining", () => {
  it("prints each value with its source, and secrets only as set", () => {
    const flags = { ...given, "vault.passphraseFile": "/run/secret" };
    const printed = printedSettings(schema, loadConfig(schema, { flags }));
    const byPath = new Map(printed.map((row) => [row.path, row]));
    expect(byPath.get("vault.passphraseFile")?.value).toBe("(set)");
    expect(byPath.get("grpc.timeoutMs")).toEqual({
      path: "grpc.timeoutMs",
      env: "PANTUN_GRPC_TIMEOUT_MS",
      value: "2s",
      source: "default",
    });
  });

  it("makes a table and an example that loads", () => {
    const table = settingsMarkdown(schema);
    expect(table).toContain("| `vault.dir` | `PANTUN_VAULT_DIR` | must be set |");
    expect(table).toContain("| `vault.mapBytes` | `PANTUN_VAULT_MAP_BYTES` | `1KiB` |");
    const content = JSON.parse(exampleSettings(schema));
    content.vault.dir = "v";
    expect(loadConfig(schema, { file: { name: "f", content } }).value.grpc.timeoutMs).toBe(2000);
  });
});

describe("amounts", () => {
  it("survive being written and read", () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.constantFrom("ms", "s", "bytes"), (amount, unit) => {
        expect(parseAmount(formatAmount(amount, unit), unit)).toBe(amount);
      }),
    );
  });
  it("take fractions only where they are whole in the unit", () => {
    expect(parseAmount("1.5s", "ms")).toBe(1500);
    expect(parseAmount("1.5ms", "ms")).toBeNull();
    for (const text of ["", "-1s", "1 2", "1kb", "s", "1e3"]) {
      expect(parseAmount(text, "ms")).toBeNull();
    }
  });
});

describe("names", () => {
  it("map to the environment", () => {
    expect(envName("grpc.listenPort")).toBe("PANTUN_GRPC_LISTEN_PORT");
  });
  it("are only suggested when they are near", () => {
    expect(nearestName("prot", ["port", "host"])).toBe("port");
    expect(nearestName("something", ["port", "host"])).toBeNull();
  });
});
