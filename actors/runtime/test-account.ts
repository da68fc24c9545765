// A small kind of actor for tests, the simulator and benches: an account that takes money in, gives
// out no more than it has, and can be locked until a timer opens it.
import { appError } from "../../platform/mod.ts";
import type { Rows, Store } from "../store/port.ts";
import type { ActorKind, Codec, EventType } from "./actor-kind.ts";

export interface AccountState {
  readonly balance: number;
  /** Deposits and withdrawals so far. */
  readonly changes: number;
  /** Unix milliseconds; 0 where it is not locked. */
  readonly lockedUntilMs: number;
}

export type AccountCommand =
  | { readonly do: "deposit" | "withdraw"; readonly amount: number; readonly pad?: string }
  | { readonly do: "lock"; readonly ms: number }
  | { readonly do: "unlock" }
  | { readonly do: "look" }
  /** Emits what no version of the fold can apply. */
  | { readonly do: "break" };

export type AccountEvent =
  | { readonly is: "moved"; readonly by: number; readonly pad?: string }
  | { readonly is: "locked"; readonly untilMs: number }
  | { readonly is: "unlocked" }
  | { readonly is: "broken" };

export const accountNumber = 200;
export const nobody: AccountState = { balance: 0, changes: 0, lockedUntilMs: 0 };

function json<Value>(): Codec<Value> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(bytes.toString()) as Value,
  };
}

function eventType(type: number): EventType<AccountEvent> {
  return { type, version: 1, critical: true, ...json<AccountEvent>() };
}

const types = {
  moved: eventType(51_201),
  locked: eventType(51_202),
  unlocked: eventType(51_203),
  broken: eventType(51_204),
};

export type AccountKind = ActorKind<AccountState, AccountCommand, AccountEvent, undefined>;

export function accountRows(store: Store): Rows {
  return store.rows("accounts");
}

export function accountKind(store: Store): AccountKind {
  const rows = accountRows(store);
  return {
    name: "account",
    number: accountNumber,
    commands: json<AccountCommand>(),
    eventTypes: Object.values(types),
    typeOf: (event) => types[event.is],
    load: (key) => {
      const row = rows.get(key);
      return row === undefined ? nobody : (JSON.parse(row.toString()) as AccountState);
    },
    gather: () => undefined,
    decide,
    evolve,
    project: (key, _before, after, event) => {
      if (event.is === "broken") throw new Error("this event cannot be applied");
      rows.put(key, Buffer.from(JSON.stringify(after)));
    },
    timers: ({ lockedUntilMs }) =>
      lockedUntilMs === 0 ? [] : [{ id: 1, dueMs: lockedUntilMs, command: { do: "unlock" } }],
    fingerprint: (state) =>
      state.changes + state.lockedUntilMs === 0 ? undefined : Buffer.from(JSON.stringify(state)),
  };
}

function decide(
  state: AccountState,
  command: AccountCommand,
  _gathered: undefined,
  nowMs: number,
): ReturnType<AccountKind["decide"]> {
  const accept = (...events: AccountEvent[]) => {
    const { balance, changes } = events.reduce((from, event) => evolve(from, event), state);
    return { kind: "accept" as const, events, answer: { balance, changes } };
  };
  const reject = (message: string) => ({
    kind: "reject" as const,
    error: appError("TOKEN_STATE_CONFLICT", message),
  });
  switch (command.do) {
    case "look":
      return accept();
    case "lock":
      return accept({ is: "locked", untilMs: nowMs + command.ms });
    case "unlock":
      return accept(...(state.lockedUntilMs === 0 ? [] : [{ is: "unlocked" as const }]));
    case "break":
      return { kind: "accept", events: [{ is: "broken" }], answer: {} };
    default: {
      if (state.lockedUntilMs !== 0) return reject("locked");
      const by = command.do === "deposit" ? command.amount : -command.amount;
      if (state.balance + by < 0) return reject("not enough");
      const { pad } = command;
      return accept({ is: "moved", by, ...(pad === undefined ? {} : { pad }) });
    }
  }
}

function evolve(state: AccountState, event: AccountEvent, _atMs = 0): AccountState {
  const { balance, changes, lockedUntilMs } = state;
  switch (event.is) {
    case "moved":
      return { balance: balance + event.by, changes: changes + 1, lockedUntilMs };
    case "locked":
      return { balance, changes, lockedUntilMs: event.untilMs };
    case "unlocked":
      return { balance, changes, lockedUntilMs: 0 };
    case "broken":
      return state;
  }
}
