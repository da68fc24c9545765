// Defends: zeros are written only where no page is in use, whatever another process has taken since
// the state was saved, and whatever the transaction itself has taken.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openReplayEnvironment, type ReplayEnvironment } from "./replay-environment.ts";
import { ReplayState, stateWord } from "./replay-state.ts";
import { headroomPagesOf } from "./written-room.ts";

const mapSizeBytes = 64 * 1024 ** 2;
const rows = 4_000;

let dir: string;
let environment: ReplayEnvironment;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pantun-room-"));
  environment = openReplayEnvironment(dir, mapSizeBytes);
});
afterEach(async () => {
  environment.room.close();
  await environment.root.close();
  rmSync(dir, { recursive: true });
});

function keyOf(n: number): Buffer {
  const key = Buffer.alloc(12);
  key.writeUInt32BE(Math.imul(n, 0x9e37_79b1) >>> 0, 0);
  key.writeUInt32BE(n, 8);
  return key;
}

function put(from: number, to: number): void {
  for (let n = from; n < to; n++)
    environment.slots[0]!.putSync(keyOf(n), Buffer.alloc(40, n & 255));
}

function damaged(): number {
  environment.root.resetReadTxn();
  let wrong = 0;
  for (let n = 0; n < rows; n++) {
    const value = environment.slots[0]!.getBinary(keyOf(n));
    if (value?.length !== 40 || value.some((byte) => byte !== (n & 255))) wrong++;
  }
  return wrong;
}

/** A state that knows nothing of the pages that others took. */
function staleState(): ReplayState {
  const state = new ReplayState();
  state.raise(stateWord.pagesWritten, 2);
  return state;
}

describe("zeros ahead of the claims", () => {
  it("spare pages that another process took beyond what the state says", () => {
    environment.root.transactionSync(() => put(0, rows));
    const state = staleState();
    environment.root.transactionSync(() => environment.room.ensure(64, state));
    expect(damaged()).toBe(0);
    expect(state.words[stateWord.pagesWritten]).toBeGreaterThan(headroomPagesOf(mapSizeBytes));
  });

  it("spare pages that the transaction itself has taken", () => {
    environment.root.transactionSync(() => put(0, rows / 2));
    environment.root.transactionSync(() => {
      put(rows / 2, rows);
      environment.room.ensure(64, staleState(), rows / 2);
    });
    expect(damaged()).toBe(0);
  });

  it("are looked for at every transaction where the headroom is small", () => {
    const state = staleState();
    let changes = 0;
    for (let n = 0; n < 20; n++) {
      environment.root.transactionSync(() => {
        if (environment.room.ensure(64, state)) changes++;
        put(n * 200, (n + 1) * 200);
      });
    }
    // Without a look the state would not follow the pages taken.
    expect(changes).toBeGreaterThan(10);
    expect(damaged()).toBe(0);
  });
});
