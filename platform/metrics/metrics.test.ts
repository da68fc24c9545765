// Defends: what any thread counts is exported exactly once, under the names of the table, and no
// label can make the number of series grow without a bound.
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { MetricCells } from "./metric-cells.ts";
import { labelNames, seriesMax } from "./metric-row.ts";
import { metricTable, runtimeMetrics } from "./metric-table.ts";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  it("adds up counters of several blocks", async () => {
    const metrics = createMetrics({ runtime: false });
    metrics.counter("outcomes", { reason: "0000" }).add(2);
    const other = new MetricCells(metrics.addBlock());
    other.counter("outcomes", { reason: "0000" }).add(3);
    other.counter("outcomes", { reason: "2006" }).add(1);
    const text = await metrics.text();
    expect(text).toContain('pantun_outcomes_total{reason="0000"} 5');
    expect(text).toContain('pantun_outcomes_total{reason="2006"} 1');
    expect(text).toContain("# TYPE pantun_outcomes_total counter");
  });

  it("counts in a real worker thread through the shared block", async () => {
    const metrics = createMetrics({ runtime: false });
    const shared = metrics.addBlock();
    const code = `
      const { workerData } = require("node:worker_threads");
      import(workerData.file).then(({ MetricCells }) => {
        const cells = new MetricCells(workerData.shared);
        cells.counter("claims", { result: "new" }).add(41);
        cells.counter("claims", { result: "new" }).add(1);
      });`;
    const file = new URL("./metric-cells.ts", import.meta.url).href;
    await new Promise((resolve, reject) => {
      new Worker(code, { eval: true, workerData: { shared, file } })
        .once("exit", resolve)
        .once("error", reject);
    });
    expect(metrics.total("claims", { result: "new" })).toBe(42);
  });

  it("exports cumulative buckets, sum and count", async () => {
    const metrics = createMetrics({ runtime: false });
    const batches = metrics.histogram("batchMessages", { place: "pool" });
    for (const size of [1, 2, 3, 64, 1000]) batches.observe(size);
    const text = await metrics.text();
    expect(text).toContain('pantun_batch_messages_bucket{le="1",place="pool"} 1');
    expect(text).toContain('pantun_batch_messages_bucket{le="4",place="pool"} 3');
    expect(text).toContain('pantun_batch_messages_bucket{le="256",place="pool"} 4');
    expect(text).toContain('pantun_batch_messages_bucket{le="+Inf",place="pool"} 5');
    expect(text).toContain('pantun_batch_messages_sum{place="pool"} 1070');
    expect(text).toContain('pantun_batch_messages_count{place="pool"} 5');
    expect(metrics.total("batchMessages", { place: "pool" })).toBe(5);
  });

  it("merges gauges as their row says", () => {
    const metrics = createMetrics({ runtime: false });
    const other = new MetricCells(metrics.addBlock());
    metrics.gauge("queueMessages", {}).set(4);
    other.gauge("queueMessages", {}).set(5);
    metrics.gauge("replayBytes", {}).set(10);
    other.gauge("replayBytes", {}).set(7);
    expect(metrics.total("queueMessages", {})).toBe(9);
    expect(metrics.total("replayBytes", {})).toBe(10);
  });

  it("counts what exceeds the limit of open labels as other", async () => {
    const metrics = createMetrics({ runtime: false });
    for (let i = 0; i < 200; i++) metrics.counter("panReleased", { caller: `c${i}` }).add(1);
    const lines = (await metrics.text())
      .split("\n")
      .filter((line) => line.startsWith("pantun_pan_released_total{"));
    expect(lines).toHaveLength(64);
    expect(lines.at(-1)).toBe('pantun_pan_released_total{caller="other"} 137');
  });

  it("refuses values outside a closed set, and open labels in a worker's block", () => {
    const cells = new MetricCells();
    const wrong = { reason: "1234" } as unknown as { reason: "0000" };
    expect(() => cells.counter("outcomes", wrong)).toThrow(/no such value/);
    expect(() => cells.counter("panReleased", { caller: "x" })).toThrow(/main thread/);
  });

  it("refreshes gauges before an export, until it is told to stop", async () => {
    const metrics = createMetrics({ runtime: false });
    let calls = 0;
    const stop = metrics.onCollect(() => {
      calls++;
      metrics.gauge("vaultTokens", {}).set(calls * 10);
    });
    expect(await metrics.text()).toContain("pantun_vault_tokens 10");
    stop();
    expect(await metrics.text()).toContain("pantun_vault_tokens 10");
    expect(calls).toBe(1);
  });

  it("exports the runtime's own metrics that dashboards use", async () => {
    const text = await createMetrics().text();
    for (const name of runtimeMetrics) expect(text).toContain(`# TYPE ${name} `);
  });
});

describe("the table", () => {
  const rows = Object.values(metricTable);

  it("names follow the rules of Prometheus", () => {
    for (const row of rows) {
      expect(row.name).toMatch(/^(pantun|grpc_server)_[a-z0-9_]+$/);
      expect(row.name.endsWith("_total")).toBe(row.kind === "counter");
      if (row.unit === "seconds") expect(row.name).toMatch(/_seconds$/);
      if (row.unit === "bytes") expect(row.name).toMatch(/_bytes(_max)?$/);
      if (row.unit === "ratio") expect(row.name).toMatch(/_ratio$/);
      expect(row.help.endsWith(".")).toBe(true);
    }
    expect(new Set(rows.map((row) => row.name)).size).toBe(rows.length);
  });

  it("stays under 5,000 series in all, and puts the service level on an edge", () => {
    const series = rows.reduce((sum, row) => sum + seriesMax(row), 0);
    expect(series).toBeLessThan(5_000);
    expect(metricTable.verifySeconds.buckets).toContain(0.002);
  });

  it("has no label that could hold card data", () => {
    const banned = ["pan", "token", "tpan", "ptav", "ip", "address", "message", "error"];
    for (const row of rows) {
      for (const label of labelNames(row)) expect(banned).not.toContain(label);
    }
  });
});
