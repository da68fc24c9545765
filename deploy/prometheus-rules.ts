// Alert rules as the YAML that Prometheus and its operator read.
import { type Alert, alerts } from "./alerts.ts";

/** A YAML scalar that is right whatever the text holds: JSON strings are YAML. */
function scalar(text: string): string {
  return JSON.stringify(text);
}

function ruleLines(alert: Alert, runbook: string): string[] {
  return [
    `- alert: ${alert.name}`,
    `  expr: ${scalar(alert.expr)}`,
    `  for: ${alert.for}`,
    "  labels:",
    `    severity: ${alert.severity}`,
    "  annotations:",
    `    summary: ${scalar(alert.summary)}`,
    `    description: ${scalar(alert.action)}`,
    `    runbook: ${scalar(`${runbook}#${alert.name.toLowerCase()}`)}`,
  ];
}

/** The rules file; also the `groups` of a PrometheusRule. */
export function rulesYaml(): string {
  const lines = ["# Made by `npm run generate` from deploy/alerts.ts.", "groups:"];
  lines.push("  - name: pantun", "    rules:");
  for (const alert of alerts) {
    for (const line of ruleLines(alert, "docs/guides/alerts.md")) lines.push(`      ${line}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The page that every alert's runbook link leads to. */
export function alertsMarkdown(): string {
  const lines = [
    "# Alerts",
    "",
    "What each alert means and what to look at first. Made from `deploy/alerts.ts` by",
    "`npm run generate`; the rules themselves are in `deploy/prometheus/rules.yaml`.",
    "`page` wakes someone; `ticket` waits for the morning.",
  ];
  for (const alert of alerts) {
    // The labels mean nothing on a page.
    const summary = alert.summary.replace(/\{\{ \$labels\.(\w+) \}\}/g, "*$1*");
    lines.push("", `## ${alert.name}`, "", `${summary} ${alert.action}`, "");
    lines.push(`Severity \`${alert.severity}\`, after ${alert.for} of:`, "");
    lines.push("```promql", alert.expr, "```");
  }
  return `${lines.join("\n")}\n`;
}
