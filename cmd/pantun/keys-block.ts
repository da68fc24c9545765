// `pantun keys block`: what an X9.143 key block is for, and the check value of the key in it.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { keyCheckValue, loadComponent, openKeyBlock } from "../../crypto/mod.ts";
import { printResult } from "./vault-access.ts";

interface BlockFlags {
  readonly protection: string;
  readonly json?: boolean;
}

/** X9.143 table 3, the usages that payment networks exchange. */
const usages: Readonly<Record<string, string>> = {
  B0: "base derivation key",
  B1: "initial DUKPT key",
  C0: "card verification key",
  D0: "data encryption key",
  K0: "key encryption key",
  K1: "key block protection key",
  M1: "MAC key, ISO 9797-1 algorithm 1",
  M3: "MAC key, ISO 9797-1 algorithm 3",
  M6: "MAC key, CMAC",
  M7: "HMAC key",
  P0: "PIN encryption key",
  V0: "PIN verification key",
};

/** X9.143 tables 4 to 6. */
const algorithms: Readonly<Record<string, string>> = { A: "AES", D: "DES", H: "HMAC", T: "TDES" };
const modes: Readonly<Record<string, string>> = {
  B: "both ways",
  C: "makes and checks",
  D: "decrypts",
  E: "encrypts",
  G: "makes",
  N: "no restriction",
  V: "checks",
  X: "derives",
};
const exports: Readonly<Record<string, string>> = {
  E: "under a trusted key",
  N: "not at all",
  S: "under any key",
};

export function registerKeyBlock(keys: Command): void {
  keys
    .command("block [file]")
    .description("Open an X9.143 key block (version D) and show what its key is for, not the key.")
    .requiredOption("--protection <file>", "the key block protection key in hex")
    .option("--json", "one JSON document")
    .action(showBlock);
}

function showBlock(file: string | undefined, flags: BlockFlags): void {
  const text = readFileSync(file === undefined || file === "-" ? 0 : file, "latin1").trim();
  const protection = loadComponent(flags.protection, 32, 24, 16);
  try {
    const { key, ...header } = openKeyBlock(protection, text);
    const kcv = keyCheckValue(key);
    const bits = 8 * key.length;
    key.fill(0);
    printResult(flags, { ...header, bits, kcv }, [
      ["usage", meaningOf(header.usage, usages)],
      ["algorithm", `${meaningOf(header.algorithm, algorithms)}, ${bits} bits`],
      ["mode", meaningOf(header.mode, modes)],
      ["version", header.version],
      ["exportable", meaningOf(header.exportability, exports)],
      ["check value", kcv],
    ]);
  } finally {
    protection.fill(0);
  }
}

function meaningOf(code: string, table: Readonly<Record<string, string>>): string {
  return `${code} (${table[code] ?? "no meaning known here"})`;
}
