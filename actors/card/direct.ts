// Card commands without a log: decide, evolve and project in one transaction of the vault. For a
// vault that no log belongs to: commands on a folder, bulk loads, tests. Never beside a runtime,
// whose actors would not hear of it.

import type { ClearPAN } from "../../codec/pan/mod.ts";
import {
  type AgreementName,
  type CardReasonName,
  type KnownCardRow,
  type SuspensionCause,
  type TokenView,
  type Vault,
  viewToken,
} from "../../vault/mod.ts";
import type { Answer, Reply } from "../runtime/actor-kind.ts";
import type { Caller, CardAction, CardCommand, Provision, TokenAction } from "./commands.ts";
import type { CardEvent } from "./events.ts";
import { type CardKind, type CardKindOptions, createCardKind } from "./kind.ts";
import type { Route } from "./routing.ts";
import type { CardState } from "./state.ts";
import { cardSteps, provisionSteps, type Steps, tokenSteps, updatePanSteps } from "./steps.ts";

export interface ProvisionRequest extends Partial<Omit<Provision, "command" | "agreement">> {
  readonly pan: ClearPAN;
  /** YYMM as a number. */
  readonly panExpiry: number;
  readonly trid: string;
  readonly assurance: number;
  readonly agreement?: AgreementName & { readonly types: number };
  readonly agreementSource?: "PROVISION" | "MIGRATION";
}

export interface CardRequest {
  /** The issuer that asks; without it the administrator does. */
  readonly issuerId?: string;
  readonly reason?: CardReasonName;
  /** YYMM as a number. */
  readonly expiry?: number;
  readonly causedAtMs?: number;
  readonly expectVersion?: number;
}

export interface TokenRequest {
  /** The requestor that asks; without it the administrator does. */
  readonly trid?: string;
  readonly reason?: CardReasonName;
  readonly expectVersion?: number;
}

export interface TokenChange {
  /** False where the token was in that state already; that is no error. */
  readonly changed: boolean;
  readonly token: TokenView;
}

type Cause = Exclude<SuspensionCause, "ISSUER">;

/** Every call is one flushed transaction; what is refused is thrown and leaves nothing behind. */
export class DirectCards {
  readonly #vault: Vault;
  readonly #kind: CardKind;
  readonly #onEvents: (to: Route, events: readonly CardEvent[]) => void;
  #commands = 0;

  constructor(
    vault: Vault,
    options: CardKindOptions = {},
    onEvents: (to: Route, events: readonly CardEvent[]) => void = () => {},
  ) {
    this.#vault = vault;
    this.#kind = createCardKind(vault, options);
    this.#onEvents = onEvents;
  }

  provision(request: ProvisionRequest): { readonly token: TokenView; readonly reused: boolean } {
    const { agreement, agreementSource = "PROVISION", ...rest } = request;
    const command: Provision = {
      active: true,
      verified: false,
      async: false,
      ...rest,
      command: "provision",
      agreement: agreement && { ...agreement, source: agreementSource },
    };
    const answer = this.#run(provisionSteps(this.#vault, command, this.#nextId()));
    const ref = String(answer.tokenRef);
    return { token: viewToken(this.#vault, ref), reused: answer.reused === true };
  }

  /** For a bulk load: a row of a card that is there already. */
  provisionKnown(row: KnownCardRow): { readonly reused: boolean } {
    return this.provision({ ...row, agreementSource: "MIGRATION" });
  }

  token(
    action: TokenAction["action"],
    ref: string,
    cause: Cause,
    { trid, reason = "NONE", expectVersion }: TokenRequest = {},
  ): TokenChange {
    const caller: Caller = trid === undefined ? { who: "ADMIN" } : { who: "REQUESTOR", trid };
    const more = { action, caller, cause, reason, expectVersion };
    const answer = this.tokenCommand(ref, (bytes) => ({ command: "token", ref: bytes, ...more }));
    return { changed: answer.changed === true, token: viewToken(this.#vault, ref) };
  }

  /** Any command to a token's actor. */
  tokenCommand(ref: string, commandOf: (ref: Buffer) => CardCommand): Answer {
    return this.#run(tokenSteps(this.#vault, ref, commandOf, this.#nextId()));
  }

  card(action: CardAction["action"], pan: ClearPAN, request: CardRequest = {}): Answer {
    const { issuerId, reason = "NONE", expiry = 0, causedAtMs = 0, expectVersion } = request;
    const said = { issuerId, reason, expiry, causedAtMs, expectVersion };
    const links = { asLink: false, linksServed: 0 };
    const command: CardAction = { command: "card", action, pan, ...said, ...links };
    return this.#run(cardSteps(this.#vault, command, this.#nextId()));
  }

  updatePan(
    pan: ClearPAN,
    newPan: ClearPAN,
    newExpiry: number,
    { issuerId, reason = "REPLACEMENT" }: Pick<CardRequest, "issuerId" | "reason"> = {},
  ): Answer {
    const said = { pan, newPan, newExpiry, issuerId, reason };
    const command = { command: "updatePan", ...said, asLink: false, linksServed: 0 } as const;
    return this.#run(updatePanSteps(this.#vault, command, this.#nextId()));
  }

  /** What an actor's timer would do now: tokens past their expiry become EXPIRED. */
  clock(ref: string): Answer {
    return this.tokenCommand(ref, () => ({ command: "clock" }));
  }

  /** The actor as its next command finds it. */
  load(actor: Buffer): CardState {
    this.#vault.freshRead();
    return this.#kind.load(actor);
  }

  /** One command to one actor: what became of it. */
  submit(to: Route, command: CardCommand): Reply {
    const { load, gather, decide, evolve, project } = this.#kind;
    return this.#vault.env.write((): Reply => {
      const nowMs = this.#vault.clock.nowMs();
      let state = load(to.actor);
      const decision = decide(state, command, gather(state, command), nowMs);
      if (decision.kind === "reject") return { ok: false, error: decision.error };
      decision.events.forEach((event, ord) => {
        const after = evolve(state, event, nowMs);
        const position = { incarnation: 0, shard: to.shard, seq: 0, ord };
        project(to.actor, state, after, event, position);
        state = after;
      });
      this.#onEvents(to, decision.events);
      const position = { incarnation: 0, shard: to.shard, seq: 0, ord: 0 };
      return { ok: true, answer: decision.answer, position, repeated: false };
    });
  }

  #run(steps: Steps): Answer {
    return this.#vault.env.write(() => {
      let next = steps.next();
      while (!next.done) next = steps.next(this.submit(next.value.to, next.value.command));
      if (!next.value.ok) throw next.value.error;
      return next.value.answer;
    });
  }

  /** Nothing repeats a command here, so any id that differs will do. */
  #nextId(): Buffer {
    const id = Buffer.alloc(16);
    id.writeUIntBE(++this.#commands, 10, 6);
    return id;
  }
}
