// A disk that is full soon: a tmpfs where the machine lets us mount one, else a limit on the size
// of files that the process may write. Either way LMDB and the journal meet a write that really
// fails.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk {
  readonly dir: string;
  readonly kind: "tmpfs" | "file size limit";
  /** Where it is a limit of the process: set it, once the process is there. */
  limit(pid: number): void;
  /** Makes room, as an operator would. */
  enlarge(pid: number): void;
  remove(): void;
}

function run(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** `kind`: a tmpfs becomes a file size limit where nothing may be mounted. */
export function makeSmallDisk(kib: number, kind: SmallDisk["kind"]): SmallDisk {
  const dir = mkdtempSync(join(tmpdir(), "pantun-small-"));
  if (kind === "tmpfs" && run("mount", "-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", dir)) {
    return {
      dir,
      kind: "tmpfs",
      limit: () => {},
      enlarge: () => {
        if (!run("mount", "-o", "remount,size=64m", dir)) throw new Error("cannot remount");
      },
      remove: () => {
        run("umount", "-l", dir);
        rmSync(dir, { recursive: true, force: true });
      },
    };
  }
  const bytes = kib * 1_024;
  const prlimit = (pid: number, soft: string): void => {
    if (!run("prlimit", "--pid", String(pid), `--fsize=${soft}:unlimited`)) {
      throw new Error("neither mount nor prlimit works here: this test needs one of them");
    }
  };
  return {
    dir,
    kind: "file size limit",
    limit: (pid) => prlimit(pid, String(bytes)),
    enlarge: (pid) => prlimit(pid, "unlimited"),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
