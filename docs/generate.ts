// Writes the reference pages that are made from tables: `npm run generate`; with `--check` it
// writes nothing and fails where a page differs from what it would write.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { adminOpenApi } from "../api/admin/mod.ts";
import { openApi } from "../api/http/mod.ts";
import { switchOpenApi } from "../api/switch/mod.ts";
import { uatOpenApi } from "../api/uat/mod.ts";
import { settingsSchema } from "../cmd/pantun/settings.ts";
import { codeTable } from "../codec/iso8583/mod.ts";
import {
  errorTable,
  exitCode,
  labelNames,
  type MetricRow,
  metricTable,
  type ReasonRow,
  reasonTable,
  reasonText,
  runtimeMetrics,
  seriesMax,
  settingsMarkdown,
} from "../platform/mod.ts";
import { cliPage } from "./cli-page.ts";
import { dialectSchemaText, iso8583Page } from "./iso8583-page.ts";
import { issuerApiPage } from "./issuer-api-page.ts";
import { migrationApiPage } from "./migration-api-page.ts";
import { requestorApiPage } from "./requestor-api-page.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function made(from: string): string {
  return `Made by \`npm run generate\` from \`${from}\`; do not edit.`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function de39Cell(row: ReasonRow): string {
  if (row.de39 === "") return "–";
  return [row.de39, ...row.variants.map(({ de39, when }) => `${de39} when ${when}`)].join("; ");
}

const retryWords = {
  never: "no",
  later: "yes, later",
  "new-ptav": "with a new PTAV",
  corrected: "when corrected",
} as const;

function errorsPage(): string {
  const reasons = [...reasonTable.values()].map((row) => [
    reasonText(row.code),
    row.name,
    de39Cell(row),
    row.ptavResult ?? "by message",
    retryWords[row.retry],
    row.historyOnly ? `${row.meaning} Never an answer.` : row.meaning,
    row.action,
  ]);
  const calls = [...errorTable.values()].filter((row) => row.kind !== "start-up");
  const starts = [...errorTable.values()].filter((row) => row.kind === "start-up");
  const exits: [number, string][] = [
    [exitCode.DONE, "done"],
    [exitCode.FAILED, "failed; the sentence on stderr says why"],
    [exitCode.USAGE, "wrong usage; see `--help`"],
    [exitCode.REJECTED_ROWS, "done, but some rows were refused"],
    [exitCode.NOT_REACHABLE, "the service does not answer"],
    ...starts.map((row): [number, string] => [row.exitCode, `\`${row.code}\`: ${row.meaning}`]),
    [exitCode.INTERRUPTED, "interrupted by Ctrl-C"],
  ];
  return `# Reasons, errors and exit codes

${made("platform/errors/")}

## Reasons of a payment

Every answer to a payment carries a 4-digit reason: DE120 tag 13 over ISO 8583, \`reason_code\` over
gRPC. A decline is an answer, not an error. The card number is in the answer only with 0000. The
switch sees the full reason and passes it to nobody. The PTAV result (DE120 tag 12) is the one below
for payments of a cardholder; a merchant-initiated payment always has N.

${table(["reason", "name", "DE39", "PTAV result", "retry", "meaning", "what to do"], reasons)}

## What is wrong with a message (9001)

Every fault of an ISO 8583 message has a code, the path of its element (\`120.04\`: tag 04 of DE120)
and an offset; \`pantun iso describe\` shows them. Where enough of the message was readable it is
answered with DE39 30, otherwise it is counted and the connection is closed. The last three concern
messages that we write.

${table(
  ["code", "what follows", "meaning"],
  Object.entries(codeTable).map(([code, row]) => [
    code,
    row.action === "answer" ? "answer 30" : "close",
    `${row.text.charAt(0).toUpperCase()}${row.text.slice(1)}.`,
  ]),
)}

## Errors of calls

A call that got no decision ends with one of these codes: as \`reason\` of google.rpc.ErrorInfo over
gRPC, as \`code\` of a problem document over HTTP, as DE39 in the answer to an issuer's file
action (0312). Their texts never hold a card number or a token.

${table(
  ["code", "kind", "gRPC", "HTTP", "DE39", "exit", "retry", "meaning"],
  calls.map((row) => [
    row.code,
    row.kind,
    row.grpcName,
    row.http,
    row.de39,
    row.exitCode,
    row.retryable ? "yes" : "no",
    row.meaning,
  ]),
)}

## Exit codes

${table(["code", "meaning"], exits)}
`;
}

function configPage(): string {
  return `# Settings

${made("cmd/pantun/settings.ts")}

A value is taken from the first place that has it: the command line (\`--set path=value\`), the
environment, the settings file (\`--config FILE\` or \`PANTUN_CONFIG\`, JSON with one object a
group), the default. Unknown names are errors. Amounts take a suffix (\`250ms\`, \`64MiB\`). Secrets
are read from files only. \`pantun config print\` shows every value and where it came from.

${settingsMarkdown(settingsSchema)}`;
}

function labelCell(row: MetricRow): string {
  if ("openLabels" in row) return row.openLabels.map((name) => `\`${name}\``).join(", ") || "–";
  const cells = labelNames(row).map((name) => {
    const values = row.labels[name] ?? [];
    const shown = values.length > 12 ? `${values.length} values` : values.join(", ");
    return `\`${name}\`: ${shown}`;
  });
  return cells.join("; ") || "–";
}

function metricsPage(): string {
  const rows: MetricRow[] = Object.values(metricTable);
  const series = rows.reduce((sum, row) => sum + seriesMax(row), 0);
  return `# Metrics

${made("platform/metrics/metric-table.ts")}

Served as Prometheus text at \`/metrics\` of the admin port. Labels come from closed sets or from
configuration and never hold a card number, a token or an address. All of it is at most
${series.toLocaleString("en")} series; what would exceed a row's limit counts as \`other\`.

${table(
  ["metric", "type", "labels", "series at most", "meaning"],
  rows.map((row) => [`\`${row.name}\``, row.kind, labelCell(row), seriesMax(row), row.help]),
)}

The runtime adds its usual ones; these are used by the dashboard and the alerts:
${runtimeMetrics.map((name) => `\`${name}\``).join(", ")}.
`;
}

/** Its version is the interface's own: the path's v1, then what was added. */
function openApiText(whose: Parameters<typeof openApi>[1]): string {
  return `${JSON.stringify(openApi("1.0", whose), null, 2)}\n`;
}

/** Path from the root to content. */
export async function pages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["docs/reference/cli.md", await cliPage()],
    ["docs/reference/errors.md", errorsPage()],
    ["docs/reference/config.md", configPage()],
    ["docs/reference/metrics.md", metricsPage()],
    ["docs/reference/iso8583.md", iso8583Page()],
    ["docs/reference/iso8583-dialect.schema.json", dialectSchemaText()],
    ["docs/reference/requestor-api.md", requestorApiPage(made("api/http/"))],
    ["docs/reference/requestor-api.openapi.json", openApiText("requestors")],
    ["docs/reference/issuer-api.md", issuerApiPage(made("api/http/"))],
    ["docs/reference/issuer-api.openapi.json", openApiText("issuers")],
    ["docs/reference/migration-api.md", migrationApiPage(made("api/uat/"))],
    [
      "docs/reference/migration-api.openapi.json",
      `${JSON.stringify(uatOpenApi("1.0"), null, 2)}\n`,
    ],
    [
      "docs/reference/switch-api.openapi.json",
      `${JSON.stringify(switchOpenApi("1.0"), null, 2)}\n`,
    ],
    ["docs/reference/admin-api.openapi.json", `${JSON.stringify(adminOpenApi("1.0"), null, 2)}\n`],
  ]);
}

async function main(check: boolean): Promise<void> {
  for (const [path, content] of await pages()) {
    const full = join(root, path);
    const current = existsSync(full) ? readFileSync(full, "utf8") : "";
    if (current === content) continue;
    if (check) {
      process.stderr.write(`${path} differs: run npm run generate\n`);
      process.exitCode = 1;
    } else {
      writeFileSync(full, content);
      process.stdout.write(`${path}\n`);
    }
  }
}

if (import.meta.main) await main(process.argv.includes("--check"));
