// Defends: an installation is the same everywhere: exact versions, a lockfile with checksums that
// names no download address, and install scripts only where they were approved.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./tree.ts";

interface LockEntry {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
  packages: Record<string, LockEntry>;
};
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
};
const entries = Object.entries(lock.packages).filter(([path]) => path !== "");

describe("packages", () => {
  it("are locked by checksum and by no address", () => {
    expect(entries.length).toBeGreaterThan(50);
    const bad = entries.filter(([, entry]) => "resolved" in entry && entry.link !== true);
    expect(bad.map(([path]) => path)).toEqual([]);
    const unchecked = entries.filter(
      ([, entry]) => entry.integrity === undefined && !entry.link && !entry.inBundle,
    );
    expect(unchecked.map(([path]) => path)).toEqual([]);
  });

  it("are asked for in exact versions", () => {
    for (const version of Object.values({
      ...manifest.dependencies,
      ...manifest.devDependencies,
    })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it("were approved to run install scripts only where they are installed and have one", () => {
    const scripted = entries
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    for (const name of Object.keys(manifest.allowScripts)) expect(scripted).toContain(name);
  });

  it("are each explained in the reference", () => {
    const page = readFileSync(join(root, "docs/reference/dependencies.md"), "utf8");
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(page).toContain(`\`${name}\``);
    }
  });
});
