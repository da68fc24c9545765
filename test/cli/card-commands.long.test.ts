// Defends: the commands on cards, tokens and the outbox work on a running service through its
// socket and on a vault that no service has open; both are one vault with one log; no card number
// is on a command line or in an output.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { demoParties, openWorld, type World } from "../../cmd/demo/world.ts";
import { register as registerArt } from "../../cmd/pantun/art.ts";
import { register as registerCard } from "../../cmd/pantun/card.ts";
import { register as registerOutbox } from "../../cmd/pantun/outbox.ts";
import { register as registerToken } from "../../cmd/pantun/token.ts";
import { register as registerVault } from "../../cmd/pantun/vault.ts";
import { type Service, startService } from "../../cmd/service/service.ts";
import type { SimToken } from "../../cmd/sim/tokens.ts";
import { createLogger, exitCode, isAppError } from "../../platform/mod.ts";
import { luhnPan, panBytes, tokensByCard, viewNow } from "../grpc/cards.ts";
import { startPantun } from "./run-pantun.ts";

let world: World;
let service: Service;
let tokens: readonly SimToken[];
let scratch: string;
let panFile: string;

beforeAll(async () => {
  world = await openWorld({ tokens: 8 });
  service = world.service;
  tokens = tokensByCard(world);
  scratch = mkdtempSync(join(tmpdir(), "pantun-cards-"));
  panFile = join(scratch, "number");
  writeFileSync(panFile, panOf(0), { mode: 0o600 });
});

afterAll(async () => {
  await service.stop();
  await world.close();
  rmSync(scratch, { recursive: true });
});

const vault = () => service.engine.opened.vault;
const view = (place: number) => viewNow(vault(), tokens[place]!.tokenRef);
const panOf = (place: number) => panBytes(vault(), tokens[place]!.tokenRef).toString();

interface Ran {
  readonly code: string;
  readonly document: Record<string, unknown>;
}

/** Runs a command in this process, as its own would: the socket is the same. */
async function run(...args: string[]): Promise<Ran> {
  const program = new Command("pantun").exitOverride();
  for (const register of [
    registerArt,
    registerCard,
    registerToken,
    registerOutbox,
    registerVault,
  ]) {
    register(program);
  }
  let out = "";
  const written = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  const flags = ["--dir", world.dir, "--passphrase-file", world.passphraseFile, "--json"];
  try {
    await program.parseAsync([...args, ...flags], { from: "user" });
  } catch (error) {
    if (!isAppError(error)) throw error;
    expect(error.message).not.toMatch(numberInClear);
    return { code: error.code, document: {} };
  } finally {
    written.mockRestore();
  }
  expect(out).not.toMatch(numberInClear);
  return { code: "DONE", document: JSON.parse(out) };
}

const numberInClear = /(?<![0-9])[0-9]{16,19}(?![0-9])/;

test("act on a running service, which sees it at once", async () => {
  const suspended = await run("card", "suspend", "--pan-file", panFile, "--reason", "LOST");
  expect(suspended.document).toMatchObject({ changed: true, status: "SUSPENDED", repeated: false });
  expect(view(0).status).toBe("SUSPENDED");
  const shown = await run("card", "show", "--pan-file", panFile);
  expect(shown.document).toMatchObject({ status: "SUSPENDED" });
  expect(shown.document.tokens).toHaveLength(2);
  const twice = ["card", "resume", "--pan-file", panFile, "--idempotency-key", "once"];
  expect((await run(...twice)).document).toMatchObject({ changed: true, repeated: false });
  expect((await run(...twice)).document).toMatchObject({ changed: true, repeated: true });
  expect(view(0).status).toBe("ACTIVE");
  const { tokenRef } = tokens[2]!;
  const token = await run("token", "suspend", tokenRef, "--cause", "FRAUD_CONTROL");
  expect(token.document).toMatchObject({ changed: true, token: { status: "SUSPENDED" } });
  expect(view(2).suspendedBy).toEqual(["FRAUD_CONTROL"]);
  const expiry = await run("card", "expiry", "--pan-file", panFile, "--expiry", "3311");
  expect(expiry.document).toMatchObject({ changed: true });
  expect(view(0).cardExpiry).toBe("3311");
});

test("move a card to another number", async () => {
  const both = join(scratch, "both");
  const newPan = luhnPan("999999555");
  writeFileSync(both, `${panOf(4)}\n${newPan}\n`, { mode: 0o600 });
  const moved = await run("card", "pan", "--pan-file", both, "--expiry", "3402");
  expect(moved.document).toMatchObject({ changed: true, tokensAffected: 2 });
  expect(panOf(4)).toBe(newPan);
});

test("refuse by name what cannot be done", async () => {
  const unknown = await run("token", "suspend", "019b76da-a800-7a53-b039-74be80370ba4");
  expect(unknown.code).toBe("TOKEN_NOT_FOUND");
  expect((await run("card", "delete", "--pan-file", panFile)).code).toBe("USAGE");
  const typo = join(scratch, "typo");
  writeFileSync(typo, "9999990000000000\n");
  expect((await run("card", "suspend", "--pan-file", typo)).code).toBe("PAN_INVALID");
  expect((await run("outbox", "replay", "99900000001")).code).toBe("SUBSCRIBER_NOT_FOUND");
  expect((await run("outbox", "list")).document).toEqual({ subscribers: [] });
});

test("read the number from standard input, as a process of their own", async () => {
  const flags = ["--dir", world.dir, "--passphrase-file", world.passphraseFile];
  const { child, finished } = startPantun(["card", "suspend", ...flags], {}, "pipe");
  child.stdin!.end(`${panOf(6)}\n`);
  const { code, stdout } = await finished;
  expect(code).toBe(exitCode.DONE);
  expect(stdout).toMatch(/^changed +yes$/m);
  expect(stdout).not.toMatch(numberInClear);
  expect(view(6).status).toBe("SUSPENDED");
  // What would write past the actors is refused while they run.
  const past = await startPantun(["vault", "generate", "--tokens", "1", ...flags]).finished;
  expect(past.stderr).toContain("VAULT_IN_USE");
});

test("act on a vault that no service has open; the next service goes on", async () => {
  await service.stop();
  const again = ["card", "resume", "--pan-file", panFile, "--idempotency-key", "once"];
  expect((await run(...again)).document).toMatchObject({ changed: true, repeated: true });
  const { tokenRef } = tokens[2]!;
  const resumed = await run("token", "resume", tokenRef, "--cause", "FRAUD_CONTROL");
  expect(resumed.document).toMatchObject({ changed: true, token: { status: "ACTIVE" } });
  const suspended = await run("card", "suspend", "--pan-file", panFile);
  expect(suspended.document).toMatchObject({ changed: true, status: "SUSPENDED" });
  const log = createLogger({ level: "error", pretty: false, destination: process.stderr });
  service = await startService({ settings: world.settings, parties: demoParties(), log });
  expect(view(0).status).toBe("SUSPENDED");
  expect(view(2).status).toBe("ACTIVE");
  const healed = await run("card", "resume", "--pan-file", panFile);
  expect(healed.document).toMatchObject({ changed: true, status: "ACTIVE" });
  expect((await run("vault", "verify")).document).toMatchObject({ problemCount: 0 });
});

test("card art is drawn, shown and written to a file, by the one id", async () => {
  const issuer = ["--issuer", "TESTBANK"];
  expect((await run("art", "show", "--issuer", "NOBODY")).code).toBe("ASSET_NOT_FOUND");
  expect((await run("art", "put", "--issuer", "NOBODY")).code).toBe("INVALID_FIELD");
  const made = await run("art", "put", ...issuer, "--background", "660022");
  const { look } = made.document as { look: { assetId: string } };
  expect(look).toMatchObject({ background: "660022", foreground: "FFFFFF", isGeneric: true });
  expect((await run("art", "show", ...issuer)).document).toMatchObject({ looks: [look] });
  const file = join(scratch, "card.png");
  expect((await run("art", "get", look.assetId, file)).code).toBe("DONE");
  const again = await run("art", "put", ...issuer, "--picture", file, "--alt", "The same");
  expect(again.document).toMatchObject({ changed: true, look: { altText: "The same" } });
  writeFileSync(file, "no picture");
  expect((await run("art", "put", ...issuer, "--picture", file)).code).toBe("PICTURE_REFUSED");
});
