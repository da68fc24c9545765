// Defends: probes tell the truth over real HTTP, metrics are served, and a taken port is one clear
// sentence.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AdminServer, listenError, startAdminServer } from "./admin-server.ts";
import { isAppError } from "./errors/app-error.ts";
import { createHealth, type Health } from "./health.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";

let health: Health;
let metrics: Metrics;
let admin: AdminServer;

beforeEach(async () => {
  health = createHealth();
  metrics = createMetrics({ runtime: false });
  admin = await startAdminServer({ host: "127.0.0.1", port: 0, health, metrics });
});
afterEach(() => admin.close());

describe("admin server", () => {
  it("is alive at once, ready only when told, and not while a condition fails", async () => {
    expect((await fetch(`${admin.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${admin.url}/readyz`)).status).toBe(503);
    health.setState("ready");
    expect((await fetch(`${admin.url}/readyz`)).status).toBe(200);
    health.setCondition({ name: "claims", ok: false, reason: "the disk is full" });
    const answer = await fetch(`${admin.url}/readyz`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({
      ready: false,
      state: "ready",
      conditions: [{ name: "claims", ok: false, reason: "the disk is full" }],
    });
    health.setCondition({ name: "claims", ok: true });
    health.setState("draining");
    expect((await fetch(`${admin.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${admin.url}/healthz`)).status).toBe(200);
  });

  it("serves metrics as Prometheus text", async () => {
    metrics.counter("outcomes", { reason: "0000" }).add(7);
    const answer = await fetch(`${admin.url}/metrics?x=1`);
    expect(answer.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await answer.text()).toContain('pantun_outcomes_total{reason="0000"} 7');
  });

  it("answers nothing else, and only to GET and HEAD", async () => {
    expect((await fetch(`${admin.url}/nope`)).status).toBe(404);
    expect((await fetch(`${admin.url}/metrics`, { method: "POST" })).status).toBe(405);
    const head = await fetch(`${admin.url}/healthz`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("reports a failing collection as 500, without the reason", async () => {
    metrics.onCollect(() => {
      throw new Error("secret detail");
    });
    const answer = await fetch(`${admin.url}/metrics`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain("secret");
  });

  it("says in one sentence that the port is taken", async () => {
    const second = startAdminServer({ host: "127.0.0.1", port: admin.port, health, metrics });
    const error = await second.catch((caught: unknown) => caught);
    expect(isAppError(error, "PORT_IN_USE")).toBe(true);
    expect((error as Error).message).toBe(
      `port ${admin.port} on 127.0.0.1 is in use by another program`,
    );
  });

  it("has a sentence for each way to fail a listen, and passes bugs on", () => {
    const of = (code: string): unknown =>
      listenError(Object.assign(new Error(code), { code }), "h", 1);
    expect(isAppError(of("EACCES"), "PORT_IN_USE")).toBe(true);
    expect(isAppError(of("EADDRNOTAVAIL"), "PORT_IN_USE")).toBe(true);
    expect(isAppError(of("EMFILE"))).toBe(false);
  });
});

describe("health", () => {
  it("tells changes of readiness once each and never leaves draining", () => {
    const told: boolean[] = [];
    const keeper = createHealth();
    const stop = keeper.onChange((ready) => told.push(ready));
    keeper.setState("ready");
    keeper.setState("ready");
    keeper.setCondition({ name: "a", ok: true });
    keeper.setCondition({ name: "a", ok: false });
    keeper.setState("draining");
    expect(told).toEqual([true, false]);
    expect(() => keeper.setState("ready")).toThrow(/draining/);
    stop();
  });
});
