// Look-up and claim beside the bare lmdb package, over the generated vault.

import { ClaimLanes, claim, claimKeyBytes, claimKind, tokenWords } from "../../vault/mod.ts";
import { microsSince } from "../lib/measure.ts";
import { PipelineRig } from "../lib/pipeline-rig.ts";
import { Chooser } from "../lib/random.ts";
import { claimKeys, RawClaims } from "../lib/raw-lmdb.ts";
import type { Row } from "../lib/row.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";
import { deckAt } from "../lib/token-deck.ts";

/** Look-ups of a run: more than the leaf pages of a million tokens. */
const lookUps = 131_072;
const lookUpsQuick = 32_768;

async function lookUp(context: BenchContext): Promise<Row[]> {
  const rig = new PipelineRig(await context.vault());
  const { vault } = rig.opened;
  const { deck } = rig.vault;
  const count = context.quick ? lookUpsQuick : lookUps;
  const choose = new Chooser(2);
  const into = new Int32Array(tokenWords);
  const draw = () => Uint32Array.from({ length: count }, () => choose.next(deck.count));
  const subject = () => {
    const tokens = draw();
    vault.freshRead();
    const begin = process.hrtime.bigint();
    for (let i = 0; i < count; i++) {
      const at = deck.at(tokens[i] as number) + deckAt.index;
      if (!vault.findToken(deck.bytes, at, into, 0)) throw new Error("a token is not there");
    }
    return microsSince(begin) / count;
  };
  const baseline = () => {
    const keys = Array.from(draw(), (token) => deck.index(token));
    vault.freshRead();
    const begin = process.hrtime.bigint();
    for (const key of keys) {
      if (vault.tables.tokens.getBinary(key) === undefined) throw new Error("not there");
    }
    return microsSince(begin) / count;
  };
  const row = await compare(context, {
    scenario: "lookup",
    metric: "a random token's record",
    unit: "µs",
    subject: { name: "findToken", run: subject },
    baseline: { name: "lmdb getBinary", run: baseline },
  });
  await rig.close();
  return [row];
}

const claimBatches = [1, 64] as const;
const claimsOfRun = 16_384;
const claimsOfRunQuick = 4_096;

function fillLanes(lanes: ClaimLanes, keys: readonly Buffer[], from: number, to: number): void {
  lanes.count = to - from;
  for (let row = 0; row < lanes.count; row++) {
    (keys[from + row] as Buffer).copy(lanes.keys, row * claimKeyBytes);
    (keys[from + row] as Buffer).copy(lanes.fingerprints, row * 16);
    lanes.kinds[row] = claimKind.PTAV;
    lanes.peers[row] = 1;
  }
}

async function claims(context: BenchContext): Promise<Row[]> {
  const rig = new PipelineRig(await context.vault());
  const raw = new RawClaims(rig.dir);
  const { replay } = rig.opened;
  const count = context.quick ? claimsOfRunQuick : claimsOfRun;
  const rows: Row[] = [];
  for (const size of claimBatches) {
    const lanes = new ClaimLanes(size);
    const subject = async () => {
      // Also waits for the fence and raises the horizon.
      await rig.messages(1, false);
      const keys = claimKeys(count, Math.floor(Date.now() / 1_000));
      const begin = process.hrtime.bigint();
      for (let from = 0; from < count; from += size) {
        fillLanes(lanes, keys, from, Math.min(count, from + size));
        replay.claim(lanes);
        if (lanes.results[0] !== claim.NEW) throw new Error("a fresh claim was refused");
      }
      return microsSince(begin) / count;
    };
    const baseline = () => {
      const keys = claimKeys(count, Math.floor(Date.now() / 1_000));
      const begin = process.hrtime.bigint();
      for (let from = 0; from < count; from += size) {
        raw.claim(keys, from, Math.min(count, from + size));
      }
      return microsSince(begin) / count;
    };
    rows.push(
      await compare(context, {
        scenario: "claim",
        metric: `a new claim, ${size} a transaction`,
        unit: "µs",
        subject: { name: "ReplayStore.claim", run: subject },
        baseline: { name: "lmdb get, put", run: baseline },
      }),
    );
  }
  await raw.close();
  await rig.close();
  return rows;
}

export const storageScenarios: readonly Scenario[] = [
  {
    name: "lookup",
    usual: true,
    group: "micro",
    about: "a token record by its index, beside lmdb's getBinary",
    run: lookUp,
  },
  {
    name: "claim",
    group: "micro",
    about: "claims, 1 and 64 a transaction, beside lmdb's get and put",
    run: claims,
  },
];
