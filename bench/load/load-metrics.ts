// A run as Prometheus text on loopback, so that a dashboard shows load and service side by side.
import { once } from "node:events";
import { createServer } from "node:http";
import type { OpenLoop } from "./open-loop.ts";
import type { Door } from "./wire.ts";

export interface LoadMetrics {
  close(): void;
}

/** The text of one scrape; latency covers the run so far. */
export function metricsText(loop: OpenLoop, door: Door): string {
  const { sent, right, declined, refused, wrong } = loop.tally;
  const label = `door="${door}"`;
  const counter = (name: string, help: string, values: readonly [string, number][]) =>
    `# HELP ${name} ${help}\n# TYPE ${name} counter\n` +
    values.map(([labels, value]) => `${name}{${label}${labels}} ${value}\n`).join("");
  const { p50, p90, p99, p999, max } = loop.latency.percentiles();
  const quantiles: readonly [string, number][] = [
    ["0.5", p50],
    ["0.9", p90],
    ["0.99", p99],
    ["0.999", p999],
    ["1", max],
  ];
  const name = "pantun_load_latency_seconds";
  return (
    counter("pantun_load_sent_total", "Payments sent.", [["", sent]]) +
    counter("pantun_load_answers_total", "Answers, by what they were.", [
      [',outcome="approved"', right - declined],
      [',outcome="declined"', declined],
      [',outcome="refused"', refused],
      [',outcome="wrong"', wrong],
    ]) +
    `# HELP ${name} From the moment a payment was due to its answer.\n# TYPE ${name} summary\n` +
    quantiles
      .map(([q, ms]) => `${name}{${label},quantile="${q}"} ${(ms / 1_000).toFixed(6)}\n`)
      .join("") +
    `${name}_count{${label}} ${loop.latency.count}\n`
  );
}

export async function serveMetrics(port: number, loop: OpenLoop, door: Door): Promise<LoadMetrics> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(metricsText(loop, door));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { close: () => server.close() };
}
