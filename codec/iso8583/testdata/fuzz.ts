// Rounds of the comparison of scanner and slow decoder: good messages of every dialect, and the
// same after damage. One seed gives the same inputs.
import type { Codec } from "../codec.ts";
import { CodecError } from "../errors.ts";
import { bytesOfMTI } from "../wire-size.ts";
import { expectAgreement } from "./agreement.ts";
import { damage, type Random, seededRandom } from "./random.ts";
import { randomMessage } from "./values.ts";

/** Longest message that is damaged: most bytes of a long one are far from any decision. */
const lengthMax = 1_200;

function makeMessages(codec: Codec, random: Random, count: number, out: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let tries = 0; messages.length < count && tries < 20 * count; tries++) {
    try {
      const message = randomMessage(codec.spec, random, 4 + random(60));
      const end = codec.encode(message, out, 0);
      if (end <= lengthMax) messages.push(Buffer.from(out.subarray(0, end)));
    } catch (error) {
      if (!(error instanceof CodecError) || error.code !== "OUTPUT_FULL") throw error;
    }
  }
  return messages;
}

/** Compares `cases` inputs, spread over the codecs; counts the outcomes by code. */
export function compareRandomly(
  codecs: readonly Codec[],
  seed: number,
  cases: number,
  damages = 60,
): Map<string, number> {
  const random = seededRandom(seed);
  const outcomes = new Map<string, number>();
  const out = Buffer.alloc(65_535);
  const count = (code: string): void => {
    outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  };
  const perMessage = damages + 1;
  const batch = 8;
  let done = 0;
  for (let turn = 0; done < cases; turn++) {
    const codec = codecs[turn % codecs.length]!;
    const view = codec.createView();
    const bitmapAt = bytesOfMTI(codec.spec.mti.encoding);
    for (const message of makeMessages(codec, random, batch, out)) {
      count(expectAgreement(codec, view, message, true));
      for (let i = 0; i < damages; i++) {
        count(expectAgreement(codec, view, damage(random, message, bitmapAt), true));
      }
      done += perMessage;
    }
  }
  return outcomes;
}
