// Defends: the load generator against the real service: payments of every door are answered, the
// bad ones among them with the reason that is due, none twice and none forgotten; and a run can be
// scraped while it goes on.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BenchVault, obtainVault } from "../../bench/lib/bench-vault.ts";
import { Generator } from "../../bench/load/generator-process.ts";
import type { LoadOrder } from "../../bench/load/load-order.ts";
import type { Door } from "../../bench/load/wire.ts";
import { firstAnswer } from "../../bench/service/first-answer.ts";
import { type ServerProcess, startServer } from "../../bench/service/server-process.ts";

let vault: BenchVault;
let server: ServerProcess;
let generator: Generator;

beforeAll(async () => {
  vault = await obtainVault(2_000, () => {});
  server = await startServer(vault, { workers: 0, echo: null });
  generator = new Generator();
});

afterAll(async () => {
  await generator.close();
  await server.stop();
});

function orderOf(door: Door, changes: Partial<LoadOrder> = {}): LoadOrder {
  return {
    door,
    address: server.session,
    isoPort: server.isoPort,
    vaultDir: vault.dir,
    echo: false,
    rate: 200,
    batch: door === "unary" ? 1 : 4,
    connections: 2,
    seconds: 1,
    warmUpSeconds: 1,
    graceMs: 10_000,
    metricsPort: null,
    tickSeconds: 1,
    ...changes,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

describe("the generator", () => {
  it.each<Door>(["session", "unary", "iso-mac"])("gets every answer from %s", async (door) => {
    const metricsPort = await freePort();
    let scraped = Promise.resolve("");
    const begin = () => {
      scraped = fetch(`http://127.0.0.1:${metricsPort}/metrics`).then((one) => one.text());
    };
    const { point } = await generator.run(orderOf(door, { metricsPort }), { begin });
    const answers = { answered: 400, wrong: 0, refused: 0, unanswered: 0, firstWrong: null };
    expect(point).toMatchObject({ offered: 200, ...answers });
    // One in a hundred names another requestor.
    expect(point.declined).toBeGreaterThanOrEqual(4);
    expect(point.latency.max).toBeGreaterThan(0);
    const text = await scraped;
    expect(text).toMatch(new RegExp(`^pantun_load_sent_total\\{door="${door}"\\} [1-9]`, "m"));
    expect(text).toContain(`pantun_load_answers_total{door="${door}",outcome="wrong"} 0\n`);
    expect(text).toContain(`pantun_load_latency_seconds{door="${door}",quantile="0.99"} `);
  });

  it("finds answers wrong where a service approves what it must not", async () => {
    const answer = await firstAnswer(vault, server.session);
    const echo = await startServer(vault, { workers: 0, echo: answer.toString("hex") });
    try {
      const { point } = await generator.run(orderOf("session", { address: echo.session }));
      expect(point.wrong).toBeGreaterThanOrEqual(4);
      expect(point.firstWrong).toMatch(/^answered 0 where \d+ was due$/);
    } finally {
      await echo.stop();
    }
  });

  it("tells what its server's process has used", async () => {
    const usage = await server.usage();
    expect(usage.residentBytes).toBeGreaterThan(2 ** 20);
    expect(usage.allocatedBytes).toBeGreaterThan(usage.heapBytes);
    expect(usage.claimBytes).toBeGreaterThan(0);
  });
});
