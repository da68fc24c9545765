// The test account as a kind that a command worker loads, with one command more: `die` ends the
// thread in the middle of a decision.
import type { MakeKind } from "../../actors/mod.ts";
import type { AnyKind } from "../../actors/runtime/kinds.ts";
import { type AccountCommand, accountKind } from "../../actors/runtime/test-account.ts";

export const makeKind: MakeKind = (_vault, store) => {
  const account = accountKind(store);
  const kind: AnyKind = {
    ...account,
    decide: (state, command, gathered, nowMs) => {
      if ((command as { readonly do: string }).do === "die") process.exit(9);
      const known = command as AccountCommand;
      return account.decide(state as never, known, gathered as undefined, nowMs);
    },
  };
  return kind;
};
