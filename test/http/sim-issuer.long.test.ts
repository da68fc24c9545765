// Defends: the simulated issuer says over the JSON API what it says over ISO 8583, in the order of
// its file, and tells by its exit code whether all of it was done; it prints no card number.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { simulateIssuer } from "../../cmd/sim/issuer/command.ts";
import { luhnPan, panBytes, viewNow } from "../grpc/cards.ts";
import { type HttpWorld, openHttpWorld } from "./requestor.ts";

let world: HttpWorld;
beforeAll(async () => {
  world = await openHttpWorld({ tokens: 2 });
  const { secret, signing, kid } = world.bank;
  const jwk = { ...signing.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" };
  writeFileSync(join(world.files, "secret"), secret, { mode: 0o600 });
  writeFileSync(join(world.files, "key"), JSON.stringify({ keys: [jwk] }), { mode: 0o600 });
});
afterAll(() => world?.close());
afterEach(() => {
  process.exitCode = 0;
  vi.restoreAllMocks();
});

async function run(lines: readonly object[], access: object = {}) {
  const file = join(world.files, "actions.jsonl");
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0);
  await simulateIssuer({
    ...{ host: "127.0.0.1", port: 1, framing: "raw2", institution: "589001", json: true, file },
    ...{ url: `http://${world.address}`, clientId: "bank" },
    secretFile: join(world.files, "secret"),
    signingKey: join(world.files, "key"),
    ...access,
  });
  const text = written.join("");
  expect(text).not.toMatch(/[0-9]{13}/);
  return JSON.parse(text).outcomes;
}

test("a file of actions is carried out in its order", async () => {
  const { tokenRef } = world.tokens[0]!;
  const { vault } = world.service.engine.opened;
  const pan = panBytes(vault, tokenRef).toString("latin1");
  const newPan = luhnPan("9999995778");
  const outcomes = await run([
    { pan, action: "SUSP", reason: "LOST", reference: "E-1", causedAt: "20260101100000" },
    { pan, action: "RESM", causedAt: "20260101090000" },
    { pan, action: "INQY" },
    { pan, action: "EXPU", newExpiry: "3412" },
    { pan, action: "PANU", reason: "REPL", newPan, newExpiry: "3512" },
  ]);
  const codes = outcomes.map(({ response }: { response: string }) => response);
  expect(codes).toEqual(["00", "00", "00", "00", "00"]);
  expect(outcomes[0]).toMatchObject({ tokensAffected: 2, cardStatus: "S", stale: false });
  expect(outcomes[1]).toMatchObject({ tokensAffected: 0, cardStatus: "S", stale: true });
  expect(outcomes[2]).toMatchObject({ cardStatus: "S" });
  expect(panBytes(vault, tokenRef).toString("latin1")).toBe(newPan);
  expect(viewNow(vault, tokenRef)).toMatchObject({ status: "ACTIVE", cardExpiry: "3512" });
  expect(process.exitCode ?? 0).toBe(0);
});

test("what the service refuses is told by its code", async () => {
  const pan = luhnPan("9999995779");
  const [unknown] = await run([{ pan, action: "RESM" }]);
  expect(unknown).toMatchObject({ response: "CARD_NOT_FOUND", cardStatus: "" });
  expect(process.exitCode).toBe(1);
  const foreign = await run([{ pan: luhnPan("4111"), action: "DELT" }]);
  expect(foreign).toMatchObject([{ response: "PAN_NOT_OWNED" }]);
  await expect(run([{ pan, action: "INQY" }], { clientId: undefined })).rejects.toMatchObject({
    code: "USAGE",
  });
  await expect(run([{ pan, action: "INQY" }], { clientId: "nobody" })).rejects.toMatchObject({
    code: "INVALID_CREDENTIALS",
  });
});
