// The other process of the vault's tests: opens the folder that it is told, does one job, prints
// JSON lines. Started by `startChild` of `test-vault.ts`.
import { randomBytes } from "node:crypto";
import {
  provision,
  resumeCard,
  suspendCard,
  suspendToken,
  updatePan,
} from "../actors/card/test-rig.ts";
import { isAppError, systemClock } from "../platform/mod.ts";
import { generateTokens } from "./bulk/generate.ts";
import { testPan, testRing, trid } from "./test-vault.ts";
import { Vault } from "./vault.ts";

const [dir = "", job = "", argument = ""] = process.argv.slice(2);
const vault = Vault.open({ dir, ring: testRing(), clock: systemClock, random: randomBytes });

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** The same card numbers as the rival process, at the same time. */
function provisionMany(): void {
  for (let card = 0; card < Number(argument); card++) {
    const made = provision(vault, { pan: testPan(card), panExpiry: 3512, trid, assurance: 12 });
    say({ card, ref: made.token.ref, reused: made.reused });
  }
}

/** Changes without end, for a parent that kills: a line is printed when the change is done. */
function churn(): void {
  const base = Number(argument) * 1_000_000;
  for (let i = 0; ; i++) {
    const pan = testPan(base + 2 * i);
    const made = provision(vault, { pan, panExpiry: 3512, trid, assurance: 12 });
    say({ ref: made.token.ref, status: "ACTIVE" });
    suspendCard(vault, pan);
    say({ ref: made.token.ref, status: "SUSPENDED" });
    if (i % 2 === 0) resumeCard(vault, pan);
    else updatePan(vault, { pan, newPan: testPan(base + 2 * i + 1), newExpiry: 3512 });
    say({ ref: made.token.ref, status: "ACTIVE" });
  }
}

async function fill(): Promise<void> {
  try {
    await generateTokens(vault, { tokens: Number(argument), batchRows: 5_000 });
    say({ code: "none" });
  } catch (error) {
    say({ code: isAppError(error) ? error.code : String(error) });
  }
}

if (job === "provision") provisionMany();
else if (job === "suspend") say(suspendToken(vault, argument, "ADMIN"));
else if (job === "churn") churn();
else if (job === "fill") await fill();
await vault.close();
