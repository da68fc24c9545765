// Defends: the setting decides what an issuer's resume lifts, through the whole command path.
import { randomUUID } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { type CardAction, CardDesk } from "../../actors/mod.ts";
import { openWorld, type World } from "../../cmd/demo/world.ts";
import { systemClock } from "../../platform/mod.ts";
import { testIssuer } from "../../vault/mod.ts";
import { viewNow } from "../grpc/cards.ts";

let world: World | undefined;
afterEach(() => world?.close());

test.each([
  ["false", ["TOKEN_REQUESTOR"]],
  ["true", []],
])("with issuerResumeClearsAll %s a resume leaves %j", async (value, left) => {
  const flags = { "commands.issuerResumeClearsAll": value };
  world = await openWorld({ tokens: 2, flags });
  const { engine, commandPath } = world.service;
  const { vault } = engine.opened;
  const { tokenRef, trid } = world.tokens[0]!;
  const desk = new CardDesk({ vault, commands: commandPath!.commands, clock: systemClock });
  const call = () => ({
    client: "test",
    idempotencyKey: randomUUID(),
    deadlineMs: systemClock.monotonicMs() + 10_000,
  });
  await desk.token(call(), tokenRef, (ref) => ({
    command: "token",
    action: "suspend",
    ref,
    caller: { who: "REQUESTOR", trid },
    cause: "TOKEN_REQUESTOR",
    reason: "NONE",
    expectVersion: undefined,
  }));
  const { pan } = viewNow(vault, tokenRef);
  const card = (action: CardAction["action"]) => {
    const said = { action, pan, issuerId: testIssuer, reason: "NONE", expiry: 0, causedAtMs: 0 };
    return desk.card(call(), said as Parameters<CardDesk["card"]>[1]);
  };
  await card("suspend");
  expect([...viewNow(vault, tokenRef).suspendedBy].sort()).toEqual(["ISSUER", "TOKEN_REQUESTOR"]);
  await card("resume");
  expect(viewNow(vault, tokenRef).suspendedBy).toEqual(left);
});
