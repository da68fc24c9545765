// Requests of a block over several connections: as fast as they are answered, or when they are due.
import { microsSince } from "../lib/measure.ts";
import type { LaneListener, LoadPoint } from "../load/open-loop.ts";
import { OpenLoop, realTurns } from "../load/open-loop.ts";
import { Schedule } from "../load/schedule.ts";
import type { WireBlock } from "../load/wire.ts";
import { HttpLane, type Judge } from "./http-lane.ts";

const graceMs = 3_000;

/** Who hears of the answers; another one each run. */
class Ear implements LaneListener {
  to: LaneListener | null = null;

  answered(message: number, reasonCode: number): void {
    this.to?.answered(message, reasonCode);
  }

  failed(message: number, why: string): void {
    this.to?.failed(message, why);
  }

  broken(error: Error): void {
    this.to?.broken(error);
  }
}

export class HttpLoad {
  readonly #lanes: readonly HttpLane[];
  readonly #ear: Ear;
  readonly #judging: { judge: Judge };

  private constructor(lanes: readonly HttpLane[], ear: Ear, judging: { judge: Judge }) {
    this.#lanes = lanes;
    this.#ear = ear;
    this.#judging = judging;
  }

  static async open(address: string, connections: number): Promise<HttpLoad> {
    const ear = new Ear();
    const judging: { judge: Judge } = { judge: () => "no request is under way" };
    const lanes: HttpLane[] = [];
    for (let i = 0; i < connections; i++) {
      lanes.push(await HttpLane.open(address, (...answer) => judging.judge(...answer), ear));
    }
    return new HttpLoad(lanes, ear, judging);
  }

  /** One request under way on each connection; requests a second. Throws on any wrong answer. */
  async rate(block: WireBlock, judge: Judge): Promise<number> {
    this.#judging.judge = judge;
    const count = block.expected.length;
    let sent = 0;
    let answered = 0;
    const begin = process.hrtime.bigint();
    await new Promise<void>((resolve, reject) => {
      const next = () => {
        const mine = sent;
        if (mine < count && this.#lanes.some((lane) => lane.send(block, mine, mine + 1, mine))) {
          sent++;
        }
      };
      this.#ear.to = {
        answered: (_message, code) => {
          if (code !== 0) reject(new Error("a request was refused"));
          else if (++answered === count) resolve();
          else next();
        },
        failed: (_message, why) => reject(new Error(why)),
        broken: reject,
      };
      for (let i = 0; i < this.#lanes.length; i++) next();
    });
    this.#ear.to = null;
    return count / (microsSince(begin) / 1e6);
  }

  /** At a rate, from intended start; the block holds the warm-up and the whole run. */
  async point(schedule: Schedule, block: WireBlock, judge: Judge): Promise<LoadPoint> {
    this.#judging.judge = judge;
    const loop = new OpenLoop();
    this.#ear.to = loop;
    const { perSecond } = schedule;
    // A second's requests are a part of the one block.
    const source = {
      block: (second: number) => partOf(block, second * perSecond, perSecond),
      release: () => {},
    };
    const lanes = this.#lanes;
    const point = await loop.run({ schedule, source, lanes, turns: realTurns, graceMs });
    this.#ear.to = null;
    if (point.wrong > 0) throw new Error(`${point.wrong} wrong answers: ${point.firstWrong}`);
    return point;
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }
}

function partOf(block: WireBlock, from: number, count: number): WireBlock {
  return {
    bytes: block.bytes,
    offsets: block.offsets.subarray(from, from + count + 1),
    expected: block.expected.subarray(from, from + count),
    firstSequence: 0,
  };
}

export const scheduleOf = (rate: number, seconds: number) =>
  new Schedule({ rate, batch: 1, seconds, warmUpSeconds: 1 });
