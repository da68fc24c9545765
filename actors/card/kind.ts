// The card as a kind of actor: what the runtime gets.
import {
  type CapacityAlarm,
  liveTokensMaxDefault,
  monthEndSeconds,
  type Vault,
} from "../../vault/mod.ts";
import type { ActorKind, Timer } from "../runtime/actor-kind.ts";
import { commandCodec } from "./command-codec.ts";
import type { CardCommand } from "./commands.ts";
import { decideCommand } from "./decide.ts";
import { cardEventType, cardEventTypes } from "./event-codec.ts";
import type { CardEvent } from "./events.ts";
import { evolveCard } from "./evolve.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type CardPolicy, type Gathered, gatherCard } from "./gather.ts";
import { loadCard } from "./load.ts";
import { Minter } from "./minter.ts";
import { projectCard } from "./project.ts";
import type { CardState } from "./state.ts";

/** Part of stored keys; never another kind's. */
export const cardKindNumber = 1;

export type CardKind = ActorKind<CardState, CardCommand, CardEvent, Gathered>;

export interface CardKindOptions {
  readonly policy?: Partial<CardPolicy>;
  /** A sub-range of the token BIN reached its alarm level. */
  readonly onAlarm?: (alarm: CapacityAlarm) => void;
}

const timerId = { clock: 1, resumePan: 2 } as const;

/**
 * The card's actors over this vault. One object a process: it knows what was drawn and not stored.
 */
export function createCardKind(vault: Vault, options: CardKindOptions = {}): CardKind {
  const policy: CardPolicy = {
    liveTokensMax: liveTokensMaxDefault,
    issuerResumeClearsAll: false,
    ...options.policy,
  };
  const minter = new Minter(vault, options.onAlarm);
  const ports = { vault, minter, policy };
  return {
    name: "card",
    number: cardKindNumber,
    commands: commandCodec,
    typeOf: cardEventType,
    eventTypes: cardEventTypes,
    load: (key) => loadCard(vault, key),
    gather: (state, command) => gatherCard(ports, state, command),
    decide: decideCommand,
    evolve: evolveCard,
    project: (_key, before, after, event) => projectCard(vault, before, after, event),
    timers: timersOf,
    fingerprint: fingerprintOf,
  };
}

/** The next TPAN expiry, and a PAN update that is under way. */
export function timersOf(state: CardState): Timer<CardCommand>[] {
  const timers: Timer<CardCommand>[] = [];
  let expiry = Number.POSITIVE_INFINITY;
  for (const token of state.tokens) {
    if (token.status === "DELETED" || token.status === "EXPIRED") continue;
    expiry = Math.min(expiry, token.expiry);
  }
  if (expiry !== Number.POSITIVE_INFINITY) {
    const dueMs = monthEndSeconds(expiry) * 1000;
    timers.push({ id: timerId.clock, dueMs, command: { command: "clock" } });
  }
  const { pending } = state;
  if (pending !== undefined) {
    const command = { command: "resumePan", id: pending.id } as const;
    timers.push({ id: timerId.resumePan, dueMs: pending.dueMs, command });
  }
  return timers;
}
