// Defends: dashboards, alerts and the chart speak of metrics and settings that exist, and the files
// made from the tables are the ones that are committed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { settingsSchema } from "../../cmd/pantun/settings.ts";
import { alerts } from "../../deploy/alerts.ts";
import { rows } from "../../deploy/dashboard.ts";
import { generated } from "../../deploy/generate.ts";
import { pages } from "../../docs/generate.ts";
import {
  envName,
  labelNames,
  type MetricRow,
  metricTable,
  runtimeMetrics,
  settingPaths,
  stopTimeoutMs,
} from "../../platform/mod.ts";
import { isCode, isTest, readTree, root } from "./tree.ts";

const byName = new Map<string, MetricRow>(
  Object.values(metricTable).map((row) => [row.name, row as MetricRow]),
);
const runtime = new Set<string>(runtimeMetrics);

/** What a PromQL expression names that no table has. */
function unknownNames(expr: string): string[] {
  return [...expr.matchAll(/\b(?:pantun|grpc|nodejs|process)_[a-z0-9_]+/g)]
    .map(([name]) => name)
    .filter((name) => {
      if (labelsAndVariables.has(name)) return false;
      const base = name.replace(/_(bucket|sum|count)$/, "");
      const row = byName.get(name) ?? byName.get(base);
      const histogramPart = name !== base && byName.get(base)?.kind === "histogram";
      const known = row !== undefined && (row.kind !== "histogram" || histogramPart);
      return !known && !runtime.has(name) && !runtime.has(base);
    });
}

const labelsAndVariables = new Set([...byName.values()].flatMap((row) => [...labelNames(row)]));

/** Labels that an expression groups by or selects on, without those every series has. */
function labelsUsed(expr: string): string[] {
  const groups = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = ""]) =>
    list.split(","),
  );
  const selectors = [...expr.matchAll(/[{,](\w+)=~?"/g)].map(([, label = ""]) => label);
  const everywhere = new Set(["", "le", "instance", "job"]);
  return [...groups.map((label) => label.trim()), ...selectors].filter((l) => !everywhere.has(l));
}

const expressions = [
  ...alerts.map((alert) => alert.expr),
  ...rows.flatMap((row) => row.panels.flatMap((panel) => panel.queries.map((q) => q.expr))),
];

describe("queries", () => {
  it("name only metrics of the table", () => {
    expect(expressions.length).toBeGreaterThan(40);
    expect(expressions.flatMap(unknownNames)).toEqual([]);
  });

  it("use only labels that some metric has", () => {
    const known = new Set([...labelsAndVariables]);
    for (const expr of expressions) {
      for (const label of labelsUsed(expr)) expect([...known], expr).toContain(label);
    }
  });

  it("would be refused with a name that is not in the table", () => {
    expect(unknownNames("rate(pantun_no_such_total[5m])")).toEqual(["pantun_no_such_total"]);
    expect(unknownNames("rate(pantun_verify_seconds[5m])")).toEqual(["pantun_verify_seconds"]);
    expect(unknownNames("rate(pantun_verify_seconds_bucket[5m])")).toEqual([]);
  });

  it("watch what must be watched", () => {
    const names = alerts.map((alert) => alert.name);
    for (const must of ["TridMismatchJump", "ReplayJump", "FailedTags", "ClockStep", "Shedding"]) {
      expect(names).toContain(`Pantun${must}`);
    }
    expect(names).toContain("PantunReplayStoreFull");
    expect(names).toContain("PantunTokenRangeFull");
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("metrics", () => {
  it("are all counted somewhere: one that is always 0 would keep an alert silent", () => {
    const rooms = /^(api|cmd|hotpath|vault)\//;
    const code = readTree()
      .filter((file) => rooms.test(file.path) && isCode(file.path) && !isTest(file.path))
      .map((file) => file.text)
      .join("\n");
    const silent = Object.keys(metricTable).filter((key) => !code.includes(`"${key}"`));
    expect(silent).toEqual([]);
  });
});

describe("made files", async () => {
  it.each([...generated(), ...(await pages())])("%s is up to date", (path, content) => {
    const current = readFileSync(join(root, path), "utf8");
    expect(current === content, `run node ${path.split("/", 1)[0]}/generate.ts`).toBe(true);
  });
});

describe("the chart", () => {
  const templates = join(root, "deploy/helm/pantun/templates");
  const text = readFileSync(join(templates, "statefulset.yaml"), "utf8");
  const known = new Set(settingPaths(settingsSchema).map(envName));

  it("sets only settings that exist", () => {
    const doors = ["SWITCH", "REQUESTOR", "ISO"];
    const names = [...text.matchAll(/name: (PANTUN_\S*(?: upper \S+ \}\}\w+)?)/g)].flatMap(
      ([, name = ""]) =>
        name.includes("{{") ? doors.map((door) => name.replace(/\{\{.*\}\}/, door)) : [name],
    );
    expect(names.length).toBeGreaterThan(15);
    for (const name of names) expect([...known]).toContain(name);
  });

  it("value sets of its tests do the same", () => {
    const paths = settingPaths(settingsSchema);
    for (const file of readdirSync(join(root, "deploy/helm/pantun/ci"))) {
      const values = readFileSync(join(root, "deploy/helm/pantun/ci", file), "utf8");
      const env = /^env:\n((?: {2}.*\n)*)/m.exec(values)?.[1] ?? "";
      for (const [, path = ""] of env.matchAll(/^ {2}([\w.]+):/gm)) expect(paths).toContain(path);
    }
  });

  it("gives a stop more time than the program takes for it", () => {
    const values = readFileSync(join(root, "deploy/helm/pantun/values.yaml"), "utf8");
    const number = (key: string): number =>
      Number(new RegExp(`^${key}: (\\d+)$`, "m").exec(values)?.[1]);
    const graceMs = number("terminationGracePeriodSeconds") * 1000;
    expect(graceMs).toBeGreaterThan(stopTimeoutMs + number("preStopSeconds") * 1000);
  });

  it("closes the pod: no root, no write, no capability, no token", () => {
    for (const line of [
      "runAsNonRoot: true",
      "readOnlyRootFilesystem: true",
      "allowPrivilegeEscalation: false",
      "drop: [ALL]",
      "type: RuntimeDefault",
      "automountServiceAccountToken: false",
      "enableServiceLinks: false",
    ]) {
      expect(text).toContain(line);
    }
  });
});
