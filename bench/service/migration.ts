// A migration of stored cards: files dropped where the SFTP server puts them, the program in a
// process of its own, the issuers' host in this one. Beside it a file of as many rows whose cards
// nobody is asked about: decryption, checks and result alone.
import { type ChildProcess, fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readStatus } from "../../api/migration/status.ts";
import { luhnPan } from "../../test/grpc/cards.ts";
import {
  cardRow,
  dropUpload,
  makeWorld,
  openHost,
  uploadText,
  type World,
} from "../../test/migration/world.ts";
import type { Row } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";

const child = fileURLToPath(new URL("../../test/migration/desk-child.ts", import.meta.url));
const rowsOfRun = 10_000;
const rowsOfRunQuick = 3_000;
/** Records a second with a host that answers at once. */
const target = 1_000;
const lookMs = 50;

/** Rows a second from the taking of the file to its acknowledgement. */
class Files {
  readonly #world: World;
  readonly #desk: ChildProcess;
  #number = 0;

  constructor(world: World, desk: ChildProcess) {
    this.#world = world;
    this.#desk = desk;
  }

  async rate(range: string, count: number): Promise<number> {
    this.#number += 1;
    const from = this.#number * count;
    const rows = Array.from({ length: count }, (_, i) => {
      return cardRow(i + 1, luhnPan(`${range}${String(from + i).padStart(9, "0")}`));
    });
    const stem = await dropUpload(this.#world, uploadText(rows), this.#number);
    for (;;) {
      const status = this.#statusOf(stem);
      if (status?.finishedAt !== undefined) {
        const tookMs = Date.parse(status.finishedAt) - Date.parse(status.startedAt);
        const { TOKENISED: made, NOT_ELIGIBLE: outside } = status.counts;
        if (made + outside !== count) throw new Error("a record has another result");
        return (count * 1_000) / tookMs;
      }
      if (this.#desk.exitCode !== null) throw new Error("the program ended");
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  #statusOf(stem: string) {
    const runs = this.#world.folder("runs");
    const name = existsSync(runs)
      ? readdirSync(runs).find((run) => run.startsWith(`${stem}-`))
      : undefined;
    return name === undefined ? undefined : readStatus(join(runs, name));
  }
}

async function migration(context: BenchContext): Promise<Row[]> {
  const world = await makeWorld();
  const host = await openHost();
  const desk = fork(child, [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = new Promise((resolve) => desk.once("exit", resolve));
  desk.send({ flags: world.settings(host.port), killAt: null });
  const files = new Files(world, desk);
  const count = context.quick ? rowsOfRunQuick : rowsOfRun;
  try {
    const row = await compare(context, {
      scenario: "migration",
      metric: "records checked with a simulated issuer and tokenised",
      unit: "records/s",
      target,
      subject: { name: "migration", run: () => files.rate("999999", count) },
      baseline: { name: "rows that nobody is asked about", run: () => files.rate("777777", count) },
    });
    return [row];
  } finally {
    if (desk.connected) desk.disconnect();
    await ended;
    await host.close();
    world.remove();
  }
}

export const migrationScenario: Scenario = {
  name: "migration",
  group: "service",
  about: "files of stored cards into tokens, each card checked with a simulated issuer",
  run: migration,
};
