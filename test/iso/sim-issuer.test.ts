// Defends: the simulated issuer says to a service over a real socket what its file says, in order,
// and tells by its exit code whether all of it was done; it prints no card number.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { issuerName, openWorld, type World } from "../../cmd/demo/world.ts";
import { simulateIssuer } from "../../cmd/sim/issuer/command.ts";
import { panBytes, viewNow } from "../grpc/cards.ts";

let world: World;
beforeAll(async () => {
  // On this address there is nobody but the issuer.
  world = await openWorld({
    tokens: 2,
    issuer: { iso: { addresses: ["127.0.0.1"] } },
    macPeers: [issuerName],
  });
  const key = world.ring.active("mac", issuerName).bytes;
  writeFileSync(join(world.dir, "mac.hex"), key.toString("hex"), { mode: 0o600 });
});
afterAll(() => world?.close());
afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});

async function run(lines: readonly object[]): Promise<string> {
  const file = join(world.dir, "actions.jsonl");
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  const { port } = world.service.addresses.iso;
  const macKeyFile = join(world.dir, "mac.hex");
  const more = { host: "127.0.0.1", framing: "raw2", institution: "589001", json: true };
  await simulateIssuer({ ...more, port, file, macKeyFile });
  return written.join("");
}

test("a file of actions is carried out in its order", async () => {
  const { tokenRef } = world.tokens[0]!;
  const { vault } = world.service.engine.opened;
  const pan = panBytes(vault, tokenRef).toString("latin1");
  const text = await run([
    { pan, action: "SUSP", reason: "LOST", reference: "E-1", causedAt: "20260101100000" },
    { pan, action: "RESM", causedAt: "20260101090000" },
    { pan, action: "INQY" },
    { pan, action: "EXPU", newExpiry: "3412" },
  ]);
  expect(text).not.toMatch(/[0-9]{13}/);
  const { outcomes } = JSON.parse(text);
  expect(outcomes.map((one: { response: string }) => one.response)).toEqual([
    "00",
    "00",
    "00",
    "00",
  ]);
  expect(outcomes[0]).toMatchObject({ tokensAffected: 2, cardStatus: "S", stale: false });
  expect(outcomes[1]).toMatchObject({ tokensAffected: 0, cardStatus: "S", stale: true });
  expect(outcomes[2]).toMatchObject({ cardStatus: "S" });
  expect(viewNow(vault, tokenRef)).toMatchObject({ status: "SUSPENDED", cardExpiry: "3412" });
  expect(process.exitCode ?? 0).toBe(0);
  await run([{ pan, action: "EXPU" }]);
  expect(process.exitCode).toBe(1);
});

test("a line that is none is named by its number, and nothing is sent", async () => {
  const wrong = run([{ pan: "12", action: "SUSP" }]);
  await expect(wrong).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringMatching(/^Line 1: /),
  });
});
