// For the tests of this folder: what a second node makes of the same events, and every byte that a
// vault's card tables hold.
import { ClearPAN } from "../../codec/pan/mod.ts";
import { bcdOf, type Vault } from "../../vault/mod.ts";
import type { CardEvent } from "./events.ts";
import { createCardKind } from "./kind.ts";
import type { Route } from "./routing.ts";
import type { CardState } from "./state.ts";

export interface Logged {
  readonly to: Route;
  readonly event: CardEvent;
}

/** Bytes of an event, through its codec, as a log would give them back. */
export function throughLog({ to, event }: Logged): Logged {
  const kind = createCardKind({} as Vault);
  const type = kind.typeOf(event);
  return { to, event: type.decode(type.encode(event)) };
}

/**
 * Folds the events into another vault, in transactions that end after the events whose positions
 * `cuts` names. With `keep`, states stay in memory between events, as an owner has them; else each
 * event loads its actor, as after a restart.
 */
export function fold(
  vault: Vault,
  events: readonly Logged[],
  options: { readonly cuts?: readonly number[]; readonly keep: boolean },
): Map<string, CardState> {
  const kind = createCardKind(vault);
  const states = new Map<string, CardState>();
  const cuts = new Set(options.cuts ?? []);
  const foldOne = ({ to, event }: Logged, ord: number) => {
    const key = to.actor.toString("hex");
    const known = options.keep ? states.get(key) : undefined;
    const before = known ?? kind.load(to.actor);
    const after = kind.evolve(before, event, 0);
    const position = { incarnation: 1, shard: to.shard, seq: 1, ord };
    kind.project(to.actor, before, after, event, position);
    states.set(key, after);
  };
  let from = 0;
  while (from < events.length) {
    let to = from + 1;
    while (to < events.length && !cuts.has(to)) to++;
    const some = events.slice(from, to);
    const start = from;
    vault.env.write(() => {
      some.forEach((one, i) => {
        foldOne(one, start + i);
      });
    });
    from = to;
  }
  return states;
}

/** Every row of the card tables, and how full the sub-ranges are. */
export function dump(vault: Vault): string[] {
  vault.freshRead();
  const lines: string[] = [];
  for (const name of ["cards", "tokens", "refs", "agreements", "cardSides"] as const) {
    for (const { key, value } of vault.tables[name].getRange({})) {
      lines.push(`${name} ${key.toString("hex")} ${value.toString("hex")}`);
    }
  }
  for (const subRange of vault.registry().subRanges) {
    if (subRange === undefined) continue;
    const { number, range, digits } = subRange;
    lines.push(`sub-range ${number} ${range} ${digits} ${vault.meta.subRangeUsed(number)}`);
  }
  return lines;
}

/** A state as plain text, numbers and all: for comparing two. */
export function spell(value: unknown): string {
  if (value instanceof ClearPAN) return bcdOf(value).toString("hex");
  if (Buffer.isBuffer(value)) return value.toString("hex");
  if (Array.isArray(value)) return `[${value.map(spell).join(" ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, part]) => `${name}: ${spell(part)}`).join(", ")}}`;
}
