// A vault in a temporary folder with keys that every process of a test makes the same, and the
// commands on it.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Commands, type CommandsEvents } from "../../cmd/service/commands.ts";
import { KeyPage, KeyRing, keyUsages, usageRules } from "../../crypto/mod.ts";
import { systemClock } from "../../platform/mod.ts";
import { Vault } from "../../vault/mod.ts";

const mapBytes = 2 ** 27;

export function testRing(): KeyRing {
  const usages = keyUsages.filter((usage) => !usageRules[usage].labelled);
  return new KeyRing(
    usages.map((usage, n) => {
      const bytes = Buffer.alloc(usageRules[usage].bytes, n + 1);
      return { usage, label: "", version: 1, state: "ACTIVE" as const, kcv: "", bytes };
    }),
  );
}

/** Makes the vault; the caller removes the folder. */
export async function makeVaultFolder(): Promise<{ dir: string; remove: () => void }> {
  const dir = mkdtempSync(join(tmpdir(), "pantun-cmd-"));
  const vault = Vault.open({
    dir,
    create: true,
    ring: testRing(),
    clock: systemClock,
    random: randomBytes,
    mapSizeBytes: mapBytes,
  });
  await vault.close();
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

export function openCommands(dir: string, events: CommandsEvents = {}): Promise<Commands> {
  const keys = new KeyPage();
  keys.publish(testRing());
  const kindModules = [new URL("./account-module.ts", import.meta.url).href];
  const apart = { cluster: null, payments: null };
  const setup = { dir, vaultMapBytes: mapBytes, keys: keys.shared, kindModules, ...apart };
  return Commands.open(setup, events);
}
