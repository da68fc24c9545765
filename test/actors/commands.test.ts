// Defends: commands reach the thread that runs the actors, and every one is answered, also when
// that thread dies in the middle; one process owns a vault's actors, the others of the machine hand
// over, and take its place when it ends.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { connectSocket, socketPath, systemTurns } from "../../actors/mod.ts";
import { envelope, gist } from "../../actors/runtime/test-rig.ts";
import type { Commands } from "../../cmd/service/commands.ts";
import { isAppError, systemClock } from "../../platform/mod.ts";
import { makeVaultFolder, openCommands } from "./command-rig.ts";

let folder: Awaited<ReturnType<typeof makeVaultFolder>>;
const opened: Commands[] = [];
const children: Child[] = [];
beforeEach(async () => {
  folder = await makeVaultFolder();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill();
  for (const commands of opened.splice(0)) await commands.stop();
  folder.remove();
});

async function open(places: string[] = []): Promise<Commands> {
  const commands = await openCommands(folder.dir, { place: (place) => places.push(place) });
  opened.push(commands);
  return commands;
}

const deposit = (account: number, key: string) =>
  envelope(account % 16, account, { do: "deposit", amount: 1 }, { key });

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`waited in vain: ${what}`);
}

interface Child {
  readonly lines: { place?: string; key?: string; gist?: string }[];
  send(line: object): void;
  kill(): void;
}

function startChild(): Child {
  const file = fileURLToPath(new URL("./command-child.ts", import.meta.url));
  const child = spawn(process.execPath, [file, folder.dir], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: Child["lines"] = [];
  createInterface({ input: child.stdout }).on("line", (line) => lines.push(JSON.parse(line)));
  const made: Child = {
    lines,
    send: (line) => child.stdin.write(`${JSON.stringify(line)}\n`),
    kill: () => child.kill("SIGKILL"),
  };
  children.push(made);
  return made;
}

describe("the thread of the actors", () => {
  test("answers each command of many callers once, and the same again under one id", async () => {
    const commands = await open();
    expect(commands.place).toBe("here");
    const keys = Array.from({ length: 500 }, (_, i) => `k${i}`);
    const first = await Promise.all(keys.map((key, i) => commands.submit(deposit(i % 50, key))));
    expect(first.filter((reply) => reply.ok)).toHaveLength(500);
    const again = await Promise.all(keys.map((key, i) => commands.submit(deposit(i % 50, key))));
    expect(again.map(gist)).toEqual(first.map((reply) => `${gist(reply)} again`));
  });

  test("that dies leaves nobody without an answer, and is started again", async () => {
    const places: string[] = [];
    const commands = await open(places);
    expect(gist(await commands.submit(deposit(1, "before")))).toBe('{"balance":1,"changes":1}');
    const die = envelope(0, 0, { do: "die" } as never);
    const many = [1, 2, 3].map((n) => commands.submit(deposit(1, `with ${n}`)));
    const replies = await Promise.all([...many, commands.submit(die)]);
    for (const reply of replies) {
      expect(["OUTCOME_UNKNOWN", "SERVICE_UNAVAILABLE", "ok"]).toContain(
        reply.ok ? "ok" : reply.error.code,
      );
    }
    expect(gist(replies[3]!)).toBe("OUTCOME_UNKNOWN");
    await until("the thread's restart", () => places.at(-1) === "here" && places.length === 3);
    expect(places).toEqual(["here", "nowhere", "here"]);
    const again = await Promise.all([1, 2, 3].map((n) => commands.submit(deposit(1, `with ${n}`))));
    expect(again.every((reply) => reply.ok)).toBe(true);
    const look = await commands.submit(envelope(1, 1, { do: "look" }));
    expect(gist(look)).toBe('{"balance":4,"changes":4}');
  });
});

describe("another process", () => {
  test("hands over to the owner, and takes its place when it is gone", async () => {
    const commands = await open();
    await commands.submit(deposit(1, "mine"));
    const child = startChild();
    await until("the child's place", () => child.lines.length > 0);
    expect(child.lines).toEqual([{ place: "elsewhere" }]);
    const command = { do: "deposit", amount: 1 };
    child.send({ shard: 1, account: 1, command, key: "theirs" });
    await until("the answer", () => child.lines.length > 1);
    expect(child.lines[1]).toEqual({ key: "theirs", gist: '{"balance":2,"changes":2}' });
    await commands.stop();
    opened.pop();
    await until("the child's turn", () => child.lines.at(-1)?.place === "here");
    child.send({ shard: 1, account: 1, command, key: "mine" });
    await until("the old answer", () => child.lines.at(-1)?.key === "mine");
    expect(child.lines.at(-1)?.gist).toBe('{"balance":1,"changes":1} again');
  });

  test("that owned the actors and was killed is succeeded, with all it had answered", async () => {
    const child = startChild();
    await until("the child's place", () => child.lines.length > 0);
    expect(child.lines[0]).toEqual({ place: "here" });
    child.send({ shard: 1, account: 1, command: { do: "deposit", amount: 5 }, key: "a" });
    await until("the answer", () => child.lines.length > 1);
    const places: string[] = [];
    const commands = await open(places);
    expect(commands.place).toBe("elsewhere");
    child.kill();
    await until("the succession", () => places.at(-1) === "here");
    const look = await commands.submit(envelope(1, 1, { do: "look" }));
    expect(gist(look)).toBe('{"balance":5,"changes":1}');
  });
});

describe("the socket", () => {
  test("is its user's alone, and bytes that are no commands end the connection", async () => {
    const commands = await open();
    const path = socketPath(folder.dir);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const bytes of [Buffer.alloc(64, 0xff), Buffer.from("00000008ffffffffffffffff", "hex")]) {
      const socket = connect(path);
      socket.on("error", () => {});
      socket.resume();
      socket.write(bytes);
      await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    }
    const other = await connectSocket(folder.dir, { clock: systemClock, turns: systemTurns });
    expect(other.pid).toBe(process.pid);
    expect((await other.submit(deposit(3, "x"))).ok).toBe(true);
    const late = { ...deposit(3, "late"), timeoutMs: 0 };
    expect(gist(await other.submit(late))).toBe("DEADLINE_EXCEEDED");
    await commands.stop();
    opened.pop();
    await other.ended;
    expect(gist(await other.submit(deposit(3, "y")))).toBe("SERVICE_UNAVAILABLE");
  });

  test("of a process that hangs is not waited for", async () => {
    const silent = createServer(() => {}).listen(socketPath(folder.dir));
    await once(silent, "listening");
    // A hundred times as fast: the limit is a person's.
    const turns = {
      ...systemTurns,
      after: (ms: number, work: () => void) => systemTurns.after(ms / 100, work),
    };
    const fault = await connectSocket(folder.dir, { clock: systemClock, turns }).catch(
      (error: unknown) => error,
    );
    expect(isAppError(fault, "NOT_REACHABLE")).toBe(true);
    expect((fault as Error).message).toContain("does not answer");
    silent.close();
  });

  test("of nobody is said to be so", async () => {
    const options = { clock: systemClock, turns: systemTurns };
    const fault = await connectSocket(folder.dir, options).catch((error: unknown) => error);
    expect(isAppError(fault, "NOT_REACHABLE")).toBe(true);
  });
});
