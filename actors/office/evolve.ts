// The office after an event. Total: what was decided once is accepted for ever.
import type { RegistryRow } from "../../vault/mod.ts";
import { thingOf } from "./decide.ts";
import { type Change, type Effect, isFinal, type Office, type OfficeEvent } from "./office.ts";
import { withUser } from "./users.ts";

export function evolveOffice(office: Office, event: OfficeEvent): Office {
  if (event.event === "setup") return { ...office, users: event.users };
  const { change } = event;
  const lastChange = Math.max(office.lastChange, change.id);
  const rest = office.open.filter(({ id }) => id !== change.id);
  const open = isFinal(change) ? rest : [...rest, change].sort((a, b) => a.id - b.id);
  const after = { ...office, lastChange, open };
  if (event.event !== "moved" || event.effect === undefined) return after;
  return withEffect(after, change, event.effect);
}

function withEffect(office: Office, { kind, subject }: Change, effect: Effect): Office {
  const thing = thingOf(kind, subject);
  return {
    ...office,
    open: office.open.map((one) =>
      thingOf(one.kind, one.subject) === thing ? { ...one, stale: true } : one,
    ),
    users: effect.user === undefined ? office.users : withUser(office.users, effect.user),
    policy: effect.policy ?? office.policy,
    numbers: numbersAfter(office.numbers, effect.rows ?? []),
  };
}

function numbersAfter(before: Office["numbers"], rows: readonly RegistryRow[]): Office["numbers"] {
  const numbers = { ...before };
  for (const { kind, number } of rows) numbers[kind] = Math.max(numbers[kind] ?? 0, number);
  return numbers;
}
