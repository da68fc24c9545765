// The Grafana dashboard, as data: four rows that ask whether it is up, fast, safe and full.
import { type MetricKey, metricTable } from "../platform/mod.ts";

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  readonly kind: "timeseries" | "stat";
  readonly unit: "s" | "bytes" | "percentunit" | "short" | "ops";
  readonly queries: readonly Query[];
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

// Grafana's own variable, not ours: the reader picks the data source.
const datasource = ["$", "{datasource}"].join("");
const scope = 'instance=~"$instance"';

/** A metric's exported name with the dashboard's selector: `m("shed")`. */
function m(key: MetricKey, suffix = ""): string {
  return `${metricTable[key].name}${suffix}{${scope}}`;
}

function rate(key: MetricKey, by: string): Query {
  const expr = `sum by (${by}) (rate(${m(key)}[$__rate_interval]))`;
  return { expr, legend: by === "" ? metricTable[key].name : `{{${by}}}` };
}

function quantile(q: number, key: MetricKey, by = ""): Query {
  const groups = by === "" ? "le" : `le, ${by}`;
  const inner = `sum by (${groups}) (rate(${m(key, "_bucket")}[$__rate_interval]))`;
  const name = `p${q * 100}`;
  return {
    expr: `histogram_quantile(${q}, ${inner})`,
    legend: by === "" ? name : `${name} {{${by}}}`,
  };
}

function gauge(expr: string, legend: string): Query {
  return { expr, legend };
}

function share(used: MetricKey, max: MetricKey, legend: string): Query {
  return { expr: `max(${m(used)} / ${m(max)})`, legend };
}

function series(title: string, unit: Panel["unit"], ...queries: Query[]): Panel {
  return { title, kind: "timeseries", unit, queries };
}

function stat(title: string, unit: Panel["unit"], ...queries: Query[]): Panel {
  return { title, kind: "stat", unit, queries };
}

const reasons = (list: string): Query => ({
  expr:
    `sum by (reason) (rate(${metricTable.outcomes.name}` +
    `{${scope},reason=~"${list}"}[$__rate_interval]))`,
  legend: "{{reason}}",
});

export const rows: readonly Row[] = [
  {
    title: "Is it up",
    panels: [
      stat("Ready", "short", gauge(`sum(${m("ready")})`, "ready")),
      stat("Version", "short", gauge(m("buildInfo"), "{{version}}")),
      series("Payments a second", "ops", rate("outcomes", "reason")),
      series("ISO 8583 messages", "ops", rate("isoMessages", "mti")),
      series(
        "Signed on, connections",
        "short",
        {
          expr: `sum by (peer) (${m("isoSignedOn")})`,
          legend: "signed on {{peer}}",
        },
        { expr: `sum by (door) (${m("connections")})`, legend: "connections {{door}}" },
      ),
      series("gRPC by status", "ops", rate("grpcHandled", "grpc_code")),
    ],
  },
  {
    title: "Is it fast",
    panels: [
      series(
        "Answer time",
        "s",
        quantile(0.5, "verifySeconds", "door"),
        quantile(0.99, "verifySeconds", "door"),
      ),
      series("Stages, p99 of a batch", "s", quantile(0.99, "stageSeconds", "stage")),
      series(
        "Batch size",
        "short",
        quantile(0.5, "batchMessages", "place"),
        quantile(0.99, "batchMessages", "place"),
      ),
      series("gRPC calls, p99", "s", quantile(0.99, "grpcHandlingSeconds", "grpc_method")),
      series(
        "Event loop and collections",
        "s",
        gauge(`max(nodejs_eventloop_lag_p99_seconds{${scope}})`, "loop p99"),
        gauge(
          `sum(rate(nodejs_gc_duration_seconds_sum{${scope}}[$__rate_interval]))`,
          "collecting, s per s",
        ),
      ),
    ],
  },
  {
    title: "Is it safe",
    panels: [
      series("Wrong requestor, unknown tokens", "ops", reasons("1001|1003|1004|1005")),
      series("Cryptograms refused", "ops", reasons("2001|2002|2003|2004|2005")),
      series("Replays and duplicates", "ops", reasons("2006|9409|9003")),
      series("Claims", "ops", rate("claims", "result"), {
        ...rate("repetitions", ""),
        legend: "answered again",
      }),
      series("Card numbers released", "ops", rate("panReleased", "caller")),
      series(
        "Never expected",
        "short",
        gauge(`sum(increase(${m("failedTags")}[1h]))`, "failed tags, 1 h"),
        gauge(`sum(increase(${m("clockSteps")}[1h]))`, "clock steps, 1 h"),
        gauge(`sum(increase(${m("journalFailures")}[1h]))`, "journal failures, 1 h"),
        gauge(`sum(increase(${m("workersReplaced")}[1h]))`, "workers replaced, 1 h"),
      ),
      series("Frames without an answer", "ops", rate("isoUnanswerable", "code")),
      series(
        "Lost on the line",
        "ops",
        rate("isoLate", "peer"),
        rate("isoUnmatched", "peer"),
        rate("isoMissedEchoes", "peer"),
      ),
    ],
  },
  {
    title: "Is it full",
    panels: [
      series(
        "Queue",
        "percentunit",
        share("queueMessages", "queueMessagesMax", "queue"),
        share("replayBytes", "replayBytesMax", "replay store"),
      ),
      series("Shed", "ops", rate("shed", "reason")),
      series("In flight by peer", "short", {
        expr: `sum by (peer) (${m("isoInFlight")})`,
        legend: "{{peer}}",
      }),
      series(
        "Advices that wait",
        "short",
        gauge(`sum by (peer) (${m("forwardDepth")})`, "waiting {{peer}}"),
        gauge(`sum by (peer) (${m("forwardParked")})`, "put aside {{peer}}"),
      ),
      series(
        "Oldest advice that waits",
        "s",
        gauge(`max by (peer) (${m("forwardAge")})`, "{{peer}}"),
      ),
      series("Token sub-ranges", "percentunit", {
        expr: `max by (range) (${m("rangeFillRatio")})`,
        legend: "{{range}}",
      }),
      series(
        "Stores",
        "bytes",
        { expr: `max by (store) (${m("vaultBytes")})`, legend: "{{store}}" },
        { expr: `max(${m("replayBytes")})`, legend: "replay" },
      ),
      series(
        "Tokens, rows behind",
        "short",
        gauge(`max(${m("vaultTokens")})`, "tokens"),
        gauge(`max(${m("historyRowsBehind")})`, "rows not in the history yet"),
      ),
      series(
        "Memory",
        "bytes",
        gauge(`sum(process_resident_memory_bytes{${scope}})`, "resident"),
        gauge(`sum(nodejs_heap_size_used_bytes{${scope}})`, "heap"),
      ),
    ],
  },
];

/** Grafana's grid is 24 wide; three panels a line. */
const panelWidth = 8;
const panelHeight = 8;

function panelJson(panel: Panel, id: number, x: number, y: number): object {
  return {
    id,
    title: panel.title,
    type: panel.kind,
    datasource: { type: "prometheus", uid: datasource },
    gridPos: { x, y, w: panelWidth, h: panelHeight },
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    targets: panel.queries.map((query, i) => ({
      refId: String.fromCharCode(65 + i),
      expr: query.expr,
      legendFormat: query.legend,
    })),
  };
}

function panelsJson(): object[] {
  const panels: object[] = [];
  let y = 0;
  for (const row of rows) {
    const id = panels.length + 1;
    panels.push({ id, title: row.title, type: "row", gridPos: { x: 0, y, w: 24, h: 1 } });
    y += 1;
    row.panels.forEach((panel, i) => {
      const line = Math.floor(i / 3);
      const x = (i % 3) * panelWidth;
      panels.push(panelJson(panel, panels.length + 1, x, y + line * panelHeight));
    });
    y += Math.ceil(row.panels.length / 3) * panelHeight;
  }
  return panels;
}

/** The dashboard as Grafana imports it. */
export function dashboardJson(): string {
  const instance = `label_values(${metricTable.ready.name}, instance)`;
  const dashboard = {
    uid: "pantun",
    title: "Pantun",
    tags: ["pantun"],
    timezone: "utc",
    schemaVersion: 39,
    refresh: "10s",
    time: { from: "now-1h", to: "now" },
    templating: {
      list: [
        { name: "datasource", type: "datasource", query: "prometheus" },
        {
          name: "instance",
          type: "query",
          datasource: { type: "prometheus", uid: datasource },
          query: instance,
          includeAll: true,
          multi: true,
        },
      ],
    },
    panels: panelsJson(),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
