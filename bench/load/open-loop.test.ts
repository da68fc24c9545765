// Defends: latency counts from the moment at which a payment was due. A service that stalls is
// charged for every payment that was due meanwhile, not only for those it had in its hands; wrong,
// refused and missing answers are told apart.
import { describe, expect, it } from "vitest";
import { reason } from "../../platform/mod.ts";
import { type Lane, OpenLoop, type Source, type Turns } from "./open-loop.ts";
import { Schedule } from "./schedule.ts";
import type { WireBlock } from "./wire.ts";

/** Time that passes from event to event. */
class Simulation implements Turns {
  #nowMs = 0;
  readonly #events: { atMs: number; work: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(ms: number, work: () => void): void {
    // What comes again at once costs a hundredth of a millisecond, as polling does.
    const atMs = this.#nowMs + Math.max(ms, 0.01);
    const event = { atMs, work };
    let place = this.#events.length;
    while (place > 0 && (this.#events[place - 1]?.atMs ?? 0) > atMs) place--;
    this.#events.splice(place, 0, event);
  }

  /** Runs until nothing is left to happen. */
  async pass(): Promise<void> {
    for (;;) {
      await Promise.resolve();
      const event = this.#events.shift();
      if (event === undefined) return;
      this.#nowMs = Math.max(this.#nowMs, event.atMs);
      event.work();
    }
  }
}

function sourceOf(schedule: Schedule, expected: (message: number) => number = () => 0) {
  const released: number[] = [];
  const blocks = Array.from(
    { length: 20 },
    (_, second): WireBlock => ({
      bytes: new Uint8Array(0),
      offsets: new Uint32Array(0),
      firstSequence: 1,
      expected: Uint16Array.from({ length: schedule.perSecond }, (_, i) =>
        expected(second * schedule.perSecond + i),
      ),
    }),
  );
  const source: Source = {
    block: (second) => blocks[second] ?? null,
    release: (second) => released.push(second),
  };
  return { source, released };
}

/** Takes `serviceMs` a message, one at a time, and stands still for a while. */
function serviceOf(
  time: Simulation,
  loop: OpenLoop,
  { serviceMs = 0.1, stallFrom = -1, stallMs = 0, windowMax = Number.POSITIVE_INFINITY },
) {
  let freeAt = 0;
  let underWay = 0;
  /** What a generator that starts its clock when it sends would have measured. */
  const closed: number[] = [];
  const lane: Lane = {
    send(_block, first, end, numberOfFirst) {
      if (underWay + end - first > windowMax) return false;
      for (let i = 0; i < end - first; i++) {
        const sentAt = time.nowMs();
        let begin = Math.max(sentAt, freeAt);
        if (begin >= stallFrom && begin < stallFrom + stallMs) begin = stallFrom + stallMs;
        freeAt = begin + serviceMs;
        underWay++;
        time.after(freeAt - sentAt, () => {
          underWay--;
          closed.push(time.nowMs() - sentAt);
          loop.answered(numberOfFirst + i, 0);
        });
      }
      return true;
    },
  };
  return { lane, closed };
}

const oneThousand = { rate: 1_000, batch: 1, seconds: 10, warmUpSeconds: 1 };

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] as number;
}

async function runAgainst(service: Parameters<typeof serviceOf>[2], load = oneThousand) {
  const time = new Simulation();
  const schedule = new Schedule(load);
  const loop = new OpenLoop();
  const { source, released } = sourceOf(schedule);
  const { lane, closed } = serviceOf(time, loop, service);
  const ended = loop.run({ schedule, source, lanes: [lane], turns: time, graceMs: 1_000 });
  await time.pass();
  return { point: await ended, closed, released, schedule };
}

describe("an open loop", () => {
  it("measures the service's time where nothing waits", async () => {
    const { point, released } = await runAgainst({});
    expect(point.latency.p50).toBeCloseTo(0.1, 1);
    expect(point.latency.max).toBeLessThan(0.3);
    expect(point).toMatchObject({ offered: 1_000, achieved: 1_000, answered: 11_000 });
    expect(released).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("charges a stall to all that was due in it, though few could be sent", async () => {
    const stall = { stallFrom: 5_000, stallMs: 1_000, windowMax: 16 };
    const { point, closed } = await runAgainst(stall);
    // A tenth of the payments was due in the stall: p90 is untouched, p99 is nearly all of it.
    expect(point.latency.p50).toBeLessThan(0.3);
    expect(point.latency.p99).toBeGreaterThan(850);
    expect(point.latency.max).toBeGreaterThan(990);
    // Sixteen payments waited: a clock that starts when a payment leaves does not see the rest.
    expect(percentile(closed, 99)).toBeLessThan(5);
    expect(point.late.max).toBeGreaterThan(900);
  });

  it("shows a service that is too slow as a rate that is not achieved", async () => {
    const { point } = await runAgainst({ serviceMs: 1.25 });
    expect(point.achieved).toBeLessThan(820);
    expect(point.latency.p99).toBeGreaterThan(1_500);
    expect(point.unanswered).toBeGreaterThan(500);
  });

  it("sends bursts whole and lets all of a burst be due together", async () => {
    const { point, schedule } = await runAgainst({}, { ...oneThousand, batch: 50 });
    expect(schedule.dueMs(49)).toBe(schedule.dueMs(0));
    expect(schedule.dueMs(50)).toBe(50);
    expect(point.latency.max).toBeCloseTo(5, 1);
  });
});

describe("answers", () => {
  it("are right, declined as they should be, refused, wrong or missing", async () => {
    const time = new Simulation();
    const schedule = new Schedule({ rate: 10, batch: 1, seconds: 1, warmUpSeconds: 0 });
    const loop = new OpenLoop();
    const { source } = sourceOf(schedule, (message) => (message === 3 ? reason.TRID_MISMATCH : 0));
    const answers = [0, 0, reason.TRID_MISMATCH, reason.TRID_MISMATCH, reason.OVERLOADED, 0];
    const lane: Lane = {
      send(_block, _first, _end, message) {
        const code = answers[message];
        if (code !== undefined) time.after(1, () => loop.answered(message, code));
        if (message === 6) time.after(1, () => loop.failed(message, "an answer that is none"));
        return true;
      },
    };
    const ended = loop.run({ schedule, source, lanes: [lane], turns: time, graceMs: 100 });
    await time.pass();
    expect(await ended).toMatchObject({
      answered: 4,
      declined: 1,
      refused: 1,
      wrong: 2,
      unanswered: 3,
      firstWrong: `answered ${reason.TRID_MISMATCH} where 0 was due`,
    });
  });

  it("end the run with an error where a connection breaks", async () => {
    const time = new Simulation();
    const schedule = new Schedule({ rate: 10, batch: 1, seconds: 1, warmUpSeconds: 0 });
    const loop = new OpenLoop();
    const lane: Lane = {
      send() {
        time.after(1, () => loop.broken(new Error("gone")));
        return true;
      },
    };
    const { source } = sourceOf(schedule);
    const ended = loop.run({ schedule, source, lanes: [lane], turns: time, graceMs: 100 });
    const gone = expect(ended).rejects.toThrow("gone");
    await time.pass();
    await gone;
  });
});
