// Fetches the peers, unmodified, through their own package managers into a cache folder, and builds
// the programs that drive them. What is there already is used again.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** As the programs are built; the other two stand in pom.xml and go.mod. */
export const versions = { jpos: "2.1.10", jmh: "1.37", moov: "v0.25.0", npm: "2.6.7" } as const;

export interface Peers {
  readonly jposClassPath: string;
  readonly moovProgram: string;
  /** Folder with node_modules. */
  readonly npmHome: string;
}

function run(command: string, args: readonly string[], cwd: string, needed: string): void {
  try {
    execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  } catch (cause) {
    throw new Error(`${command} ${args[0] ?? ""} failed; needed: ${needed}.`, { cause });
  }
}

function fetchJpos(cache: string): string {
  const needed = "Java 17 and Maven 3";
  const lib = join(cache, `jpos-${versions.jpos}-jmh-${versions.jmh}`);
  const source = join(here, "jpos");
  if (!existsSync(lib)) {
    const goal = ["-q", "-B", "-f", join(source, "pom.xml"), "dependency:copy-dependencies"];
    run("mvn", [...goal, `-DoutputDirectory=${lib}`], cache, needed);
  }
  const classes = join(cache, "jpos-classes");
  mkdirSync(classes, { recursive: true });
  // JMH makes its classes while the compiler runs.
  run(
    "javac",
    ["-cp", join(lib, "*"), "-d", classes, join(source, "JposBench.java")],
    cache,
    needed,
  );
  return [classes, join(lib, "*")].join(delimiter);
}

function fetchMoov(cache: string): string {
  const program = join(cache, "moov.test");
  run("go", ["test", "-c", "-o", program, "."], join(here, "moov"), "Go 1.24");
  return program;
}

function fetchNpm(cache: string): string {
  const home = join(cache, `npm-${versions.npm}`);
  if (!existsSync(join(home, "node_modules"))) {
    mkdirSync(home, { recursive: true });
    const dependencies = { iso_8583: versions.npm };
    writeFileSync(join(home, "package.json"), JSON.stringify({ private: true, dependencies }));
    run("npm", ["install", "--silent", "--ignore-scripts"], home, "npm and a registry");
  }
  return home;
}

export function fetchPeers(cache: string): Peers {
  mkdirSync(cache, { recursive: true });
  return {
    jposClassPath: fetchJpos(cache),
    moovProgram: fetchMoov(cache),
    npmHome: fetchNpm(cache),
  };
}
