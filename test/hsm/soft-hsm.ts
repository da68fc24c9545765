// A SoftHSM2 of a test's own: its tokens in a temporary folder, its PIN in a file.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HsmAccess, loadPin } from "../../crypto/mod.ts";
import { obtain } from "../../deploy/tools/obtain.ts";
import { getTool } from "../../deploy/tools/tool-table.ts";

function need(name: string): string {
  const path = obtain(getTool(name));
  // No skip: these tests are about an HSM and cannot do without one.
  if (path === null) throw new Error(`${name} could not be found or installed`);
  return path;
}

export interface SoftHsm {
  readonly dir: string;
  readonly module: string;
  readonly pinFile: string;
  readonly access: HsmAccess;
  /** Environment for other processes. */
  readonly env: Readonly<Record<string, string>>;
  addToken(label: string): void;
  writeFile(name: string, text: string): string;
  remove(): void;
}

export const pin = "pin-7391";

/** One token called "pantun". The library reads its configuration's place from the environment. */
export function startSoftHsm(): SoftHsm {
  const dir = mkdtempSync(join(tmpdir(), "pantun-hsm-"));
  const tokens = join(dir, "tokens");
  mkdirSync(tokens);
  const writeFile = (name: string, text: string): string => {
    const path = join(dir, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const conf = writeFile("softhsm2.conf", `directories.tokendir = ${tokens}\nlog.level = ERROR\n`);
  const env = { SOFTHSM2_CONF: conf };
  process.env.SOFTHSM2_CONF = conf;
  const module = need("libsofthsm2.so");
  const util = need("softhsm2-util");
  const addToken = (label: string): void => {
    const pins = ["--so-pin", "so-pin-1", "--pin", pin];
    const args = ["--module", module, "--init-token", "--free", "--label", label, ...pins];
    const ran = spawnSync(util, args, { encoding: "utf8", env: { ...process.env, ...env } });
    if (ran.status !== 0) throw new Error(`softhsm2-util: ${ran.stdout}${ran.stderr}`);
  };
  addToken("pantun");
  const pinFile = writeFile("pin", `${pin}\n`);
  const access = { module, tokenLabel: "pantun", tokenSerial: "", pin: () => loadPin(pinFile) };
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  return { dir, module, pinFile, access, env, addToken, writeFile, remove };
}
