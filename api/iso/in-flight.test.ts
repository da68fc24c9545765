// Property: a ticket belongs to one message at a time, and answering it twice is noticed.
import fc from "fast-check";
import { expect, test } from "vitest";
import { InFlight, START_BYTES } from "./in-flight.ts";

test("tickets are distinct while they are held, whatever the order of answers", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 200 }), (moves) => {
      const inFlight = new InFlight(8);
      const held = new Map<number, number>();
      for (const [i, move] of moves.entries()) {
        if (move % 2 === 0 && !inFlight.full) {
          const starts = Buffer.from(`ISO${String(i).padStart(9, "0")}`, "latin1");
          const ticket = inFlight.take(starts, 0, 100 + i, 0);
          expect(held.has(ticket)).toBe(false);
          held.set(ticket, i);
        } else if (held.size > 0) {
          const [ticket, from] = [...held][move % held.size]!;
          const at = ticket * START_BYTES;
          expect(Number(inFlight.heads.toString("latin1", at + 3, at + START_BYTES))).toBe(from);
          expect(inFlight.mtis[ticket]).toBe(100 + from);
          inFlight.release(ticket);
          held.delete(ticket);
        }
        expect([inFlight.count, inFlight.full]).toEqual([held.size, held.size === 8]);
      }
    }),
  );
});

test("a broken dispatcher is noticed", () => {
  const inFlight = new InFlight(1);
  const ticket = inFlight.take(Buffer.alloc(START_BYTES), 0, 100, 0);
  expect(() => inFlight.take(Buffer.alloc(START_BYTES), 0, 100, 0)).toThrow("no ticket");
  inFlight.release(ticket);
  expect(() => inFlight.release(ticket)).toThrow("twice");
});
