// Fetches the other implementations, unmodified, through their own package managers, and builds the
// small programs that drive them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

function run(command: string, args: readonly string[], cwd: string): void {
  try {
    execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  } catch (cause) {
    const message = `${command} ${args[0] ?? ""} failed: Java 17, Maven and Go 1.24 are needed.`;
    throw new Error(message, { cause });
  }
}

/** Class path of the jPOS program. */
export function buildJpos(folder: string): string {
  const lib = join(folder, "jpos-lib");
  const classes = join(folder, "jpos-classes");
  mkdirSync(classes, { recursive: true });
  const pom = join(here, "jpos", "pom.xml");
  if (!existsSync(lib)) {
    const goal = ["-q", "-B", "-f", pom, "dependency:copy-dependencies"];
    run("mvn", [...goal, `-DoutputDirectory=${lib}`], folder);
  }
  const source = join(here, "jpos", "JposPeer.java");
  run("javac", ["-cp", `${lib}/*`, "-d", classes, source], folder);
  return `${classes}:${lib}/*`;
}

/** Path of the moov program. */
export function buildMoov(folder: string): string {
  const program = join(folder, "moov-peer");
  run("go", ["build", "-o", program, "."], join(here, "moov"));
  return program;
}
