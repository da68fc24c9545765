// Defends: a process killed at any moment leaves a whole vault that has everything it reported as
// done; a full disk refuses the write, keeps what was there and lets it be read. Real processes.
import { afterEach, beforeEach, expect, test } from "vitest";
import { provision } from "../actors/card/test-rig.ts";
import {
  createTestVault,
  parseLines,
  runChild,
  startChild,
  type TestVault,
  testPan,
  trid,
} from "./test-vault.ts";
import { viewToken } from "./token-view.ts";
import { verifyVault } from "./upkeep/verify.ts";

let t: TestVault;
beforeEach(() => {
  t = createTestVault();
});
afterEach(() => t.remove());

interface Done {
  readonly ref: string;
  readonly status: "ACTIVE" | "SUSPENDED";
}

test("kill -9 in the middle of changes, again and again", async () => {
  let reported = 0;
  for (let round = 0; round < 5; round++) {
    const child = startChild(t.dir, "churn", String(round));
    let text = "";
    child.stdout!.on("data", (chunk) => {
      text += String(chunk);
      // A moment that has nothing to do with the child's own.
      if (text.length > 600 * (round + 1)) child.kill("SIGKILL");
    });
    await new Promise((resolve) => child.on("close", resolve));
    const last = new Map<string, string>();
    const done = parseLines<Done>(text);
    for (const { ref, status } of done) last.set(ref, status);
    reported += done.length;
    t.vault.freshRead();
    expect(verifyVault(t.vault).problems).toEqual([]);
    const refs = [...last.keys()];
    for (const ref of refs) {
      const { status } = viewToken(t.vault, ref);
      // The last token may have come one step further than the child could say.
      if (ref !== refs.at(-1)) expect(status).toBe(last.get(ref));
      else expect(["ACTIVE", "SUSPENDED"]).toContain(status);
    }
  }
  expect(reported).toBeGreaterThan(50);
}, 30_000);

test("a full disk refuses the load in our words and keeps the tokens of before", async () => {
  const { token } = provision(t.vault, { pan: testPan(1), panExpiry: 3512, trid, assurance: 12 });
  // Blocks of 512 bytes: half a MiB is enough to begin and not to end.
  const [answer] = await runChild<{ code: string }>(t.dir, "fill", "20000", "ulimit -f 1000;");
  expect(answer?.code).toBe("DISK_FULL");
  t.vault.freshRead();
  expect(viewToken(t.vault, token.ref).status).toBe("ACTIVE");
  expect(verifyVault(t.vault).problems).toEqual([]);
  const second = provision(t.vault, { pan: testPan(2), panExpiry: 3512, trid, assurance: 12 });
  expect(viewToken(t.vault, second.token.ref).status).toBe("ACTIVE");
}, 30_000);
