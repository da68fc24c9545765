// The decision on any command: one switch over the subjects.
import type { CardCommand } from "./commands.ts";
import { decideCard } from "./decide-card.ts";
import {
  decideCompletePan,
  decideLinkPan,
  decideResumePan,
  decideUpdatePan,
} from "./decide-pan.ts";
import { decideProvision } from "./decide-provision.ts";
import {
  decideClock,
  decideFlag,
  decidePutAgreement,
  decideRevokeAgreement,
  decideToken,
} from "./decide-token.ts";
import type { CardDecision } from "./decision.ts";
import type { Gathered } from "./gather.ts";
import type { CardState } from "./state.ts";

/** Pure. `nowMs`: Unix milliseconds. */
export function decideCommand(
  state: CardState,
  command: CardCommand,
  gathered: Gathered,
  nowMs: number,
): CardDecision {
  switch (command.command) {
    case "provision":
      return decideProvision(state, command, gathered, nowMs);
    case "token":
      return decideToken(state, command, gathered, nowMs);
    case "card":
      return decideCard(state, command, gathered, nowMs);
    case "updatePan":
      return decideUpdatePan(state, command, gathered, nowMs);
    case "linkPan":
      return decideLinkPan(state, command, gathered, nowMs);
    case "completePan":
      return decideCompletePan(state, command, gathered, nowMs);
    case "resumePan":
      return decideResumePan(state, command, nowMs);
    case "clock":
      return decideClock(state, gathered, nowMs);
    case "flag":
      return decideFlag(state, command, gathered);
    case "putAgreement":
      return decidePutAgreement(state, command, gathered, nowMs);
    case "revokeAgreement":
      return decideRevokeAgreement(state, command, gathered, nowMs);
  }
}
