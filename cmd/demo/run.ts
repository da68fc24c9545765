// `pantun demo`: builds the world, plays the story, puts load on it, and says where to look next.
import { exitCode } from "../../platform/mod.ts";
import { type CircleAccess, makeParties } from "./circle/parties.ts";
import { playCircle } from "./circle/play.ts";
import { loadLines } from "./load.ts";
import { playMigration } from "./migration.ts";
import { Story, type StoryLine } from "./story.ts";
import { openWorld, type World } from "./world.ts";

export interface DemoOptions {
  readonly keep: boolean;
  readonly tokens: number;
  readonly loadSeconds: number;
}

const print = (text = ""): void => {
  process.stdout.write(`${text}\n`);
};

export async function runDemo(options: DemoOptions): Promise<number> {
  const startMs = performance.now();
  print("Pantun: a token service provider on this machine, with test cards only.");
  let access: CircleAccess | undefined;
  const prepare = async (dir: string) => {
    const made = await makeParties(dir);
    access = made.access;
    return made.parts;
  };
  const world = await openWorld({ tokens: options.tokens, prepare });
  let wrong = 0;
  try {
    introduce(world, performance.now() - startMs);
    print("\nPayments over ISO 8583 (TCP, a MAC on every message) and gRPC:");
    wrong = await Story.play(world, (line) => print(sentence(line)));
    print("\nThe whole way of a card, every party a simulator, over real sockets:");
    wrong += await playCircle(world, access!, (line) => print(sentence(line)));
    print("\nCards that a requestor has stored already:");
    const migrated = await playMigration(world);
    if (!migrated.right) wrong += 1;
    print(sentence(migrated));
    if (options.loadSeconds > 0) {
      print(`\nLoad, generated on this machine by another process, every answer checked:`);
      const load = await loadLines(world, options.loadSeconds);
      for (const line of load.lines) print(`  ${line}`);
      wrong += load.wrong;
    }
    farewell(world, options.keep, wrong);
    if (options.keep) await interrupted();
  } finally {
    await world.close();
  }
  return wrong === 0 ? exitCode.DONE : exitCode.FAILED;
}

function sentence({ name, right, says }: StoryLine): string {
  return `  ${right ? "ok   " : "WRONG"} ${name.padEnd(26)} ${says}`;
}

function introduce(world: World, tookMs: number): void {
  const { addresses } = world.service;
  const seconds = (tookMs / 1000).toFixed(1);
  print(`  ready in ${seconds} s: ${world.tokens.length} tokens in a new vault`);
  print(`  ISO 8583        ${addresses.iso.host}:${addresses.iso.port}`);
  print(`  gRPC, switch    ${addresses.switch}`);
  print(`  gRPC, requestor ${addresses.requestor}`);
  print(`  gRPC, issuer    ${addresses.issuer}`);
  print(`  JSON            ${addresses.http}, ${addresses.switchHttp} (switch)`);
}

function farewell(world: World, keep: boolean, wrong: number): void {
  const { addresses } = world.service;
  print(wrong === 0 ? "\nEvery answer was right." : `\n${wrong} answers were WRONG.`);
  print("Where to look next:");
  print(`  metrics    ${addresses.admin}/metrics${keep ? "" : "  (with --keep)"}`);
  print(`  reflection ${addresses.adminGrpc}, gRPC${keep ? "" : "  (with --keep)"}`);
  print("  npm start -- --keep          the same, and goes on serving");
  print("  npx pantun iso describe      what is in an ISO 8583 message");
  print("  npx pantun sim switch --help play the switch yourself");
  print("  docs/start.md                the first ten minutes");
  if (keep) {
    print(`\nServing. The vault is ${world.dir}; Ctrl-C ends it and removes that folder.`);
  }
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
