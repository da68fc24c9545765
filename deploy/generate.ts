// Writes what is made from the metric table: `npm run generate`; with `--check` it writes
// nothing and fails where a file differs from what it would write.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dashboardJson } from "./dashboard.ts";
import { alertsMarkdown, rulesYaml } from "./prometheus-rules.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Path from the root to content. The chart carries its own copies: Helm reads only its folder. */
export function generated(): ReadonlyMap<string, string> {
  return new Map([
    ["deploy/prometheus/rules.yaml", rulesYaml()],
    ["deploy/helm/pantun/files/rules.yaml", rulesYaml()],
    ["deploy/grafana/pantun.json", dashboardJson()],
    ["deploy/helm/pantun/files/dashboard.json", dashboardJson()],
    ["docs/guides/alerts.md", alertsMarkdown()],
  ]);
}

function current(path: string): string {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch {
    return "";
  }
}

function main(check: boolean): void {
  for (const [path, content] of generated()) {
    if (current(path) === content) continue;
    if (check) {
      process.stderr.write(`${path} differs: run npm run generate\n`);
      process.exitCode = 1;
      continue;
    }
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
    process.stdout.write(`${path}\n`);
  }
}

if (import.meta.main) main(process.argv.includes("--check"));
