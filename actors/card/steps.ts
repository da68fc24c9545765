// Requests that take several commands, as generators: each yields the next command with the actor
// it is for and gets the reply. Whoever runs them decides how a command gets there: the doors
// through the runtime, one process alone straight into the vault.
import { createHash } from "node:crypto";
import { appError, type ErrorCode } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import type { Answer, Envelope, Reply } from "../runtime/actor-kind.ts";
import { commandCodec } from "./command-codec.ts";
import type { CardAction, CardCommand, Provision, PutAgreement, UpdatePan } from "./commands.ts";
import { completionOf, linkOf, stepId } from "./decide-pan.ts";
import { cardKindNumber } from "./kind.ts";
import { loadCard } from "./load.ts";
import { type Route, routeLinks, routePan, routeToken } from "./routing.ts";

export interface Step {
  readonly to: Route;
  readonly command: CardCommand;
  /** Command id, 16 bytes. */
  readonly id: Buffer;
}

export type Steps = Generator<Step, Reply, Reply>;

/** A step as the runtime takes it. */
export function envelopeOf({ to, command, id }: Step, timeoutMs: number): Envelope {
  const body = commandCodec.encode(command);
  return { id, kind: cardKindNumber, shard: to.shard, actor: to.actor, body, timeoutMs };
}

/** Runs the steps one after another, each when the one before it is durable and applied. */
export async function runSteps(
  steps: Steps,
  submit: (envelope: Envelope) => Promise<Reply>,
  timeoutMs: number,
): Promise<Reply> {
  let next = steps.next();
  while (!next.done) next = steps.next(await submit(envelopeOf(next.value, timeoutMs)));
  return next.value;
}

/** Id of a command that serves another one, the same whenever that one is repeated. */
function idFor(id: Buffer, purpose: string | Buffer): Buffer {
  return createHash("sha256").update(id).update(purpose).digest().subarray(0, 16);
}

/**
 * An issuer's word about a PAN: the linked cards first, then the PAN's own actor. It answers when
 * all have it, with the tokens of all counted together.
 */
export function* cardSteps(vault: Vault, command: CardAction, id: Buffer): Steps {
  const own = routePan(vault, command.pan);
  const links = routeLinks(vault, own.actor);
  const answers: Answer[] = [];
  for (const to of links) {
    const linked = { ...command, asLink: true, expectVersion: undefined };
    const reply = yield { to, command: linked, id: idFor(id, to.actor) };
    if (!reply.ok) return reply;
    answers.push(reply.answer);
  }
  const reply = yield { to: own, command: { ...command, linksServed: links.length }, id };
  return reply.ok ? { ...reply, answer: withLinked(reply.answer, answers) } : reply;
}

function withLinked(own: Answer, linked: readonly Answer[]): Answer {
  if (linked.length === 0) return own;
  const all = [...linked, own];
  const sum = (name: string) => all.reduce((total, one) => total + Number(one[name] ?? 0), 0);
  return {
    ...own,
    changed: all.some((one) => one.changed === true),
    tokensAffected: sum("tokensAffected"),
    tokensUnchangedCount: sum("tokensUnchangedCount"),
    tokensUnchanged: all.flatMap((one) => (one.tokensUnchanged ?? []) as unknown[]),
    eventsQueued: sum("eventsQueued"),
  };
}

/** A PAN update: of the linked cards first, then of the PAN's own; each in its three steps. */
export function* updatePanSteps(vault: Vault, command: Omit<UpdatePan, "id">, id: Buffer): Steps {
  const own = routePan(vault, command.pan);
  const links = routeLinks(vault, own.actor);
  const answers: Answer[] = [];
  for (const to of links) {
    const linked = { ...command, asLink: true };
    const reply = yield* moveSteps(vault, to, linked, idFor(id, to.actor));
    if (!reply.ok) return reply;
    answers.push(reply.answer);
  }
  const last = { ...command, linksServed: links.length };
  const reply = yield* moveSteps(vault, own, last, id);
  return reply.ok ? { ...reply, answer: withMoved(reply.answer, answers) } : reply;
}

function withMoved(own: Answer, linked: readonly Answer[]): Answer {
  const all = [...linked, own];
  const affected = all.reduce((total, one) => total + Number(one.tokensAffected ?? 0), 0);
  const merged = all.flatMap((one) => (one.mergedTokens ?? []) as unknown[]);
  const changed = all.some((one) => one.changed === true);
  return { changed, tokensAffected: affected, mergedTokens: merged };
}

function* moveSteps(vault: Vault, to: Route, command: Omit<UpdatePan, "id">, id: Buffer): Steps {
  const begun = yield { to, command: { ...command, id: idFor(id, "exchange") }, id };
  if (!begun.ok || begun.answer.exchange === undefined) return begun;
  vault.freshRead();
  const { card, pending, tokens } = loadCard(vault, to.actor);
  // Over by now, as a repetition finds it: what became of it is read off the card.
  if (pending === undefined) {
    if (card?.index.equals(routePan(vault, command.pan).actor)) {
      return failed("CARD_NOT_ALLOWED", "The PAN update was refused.");
    }
    const tokensAffected = tokens.filter((token) => token.status !== "DELETED").length;
    return { ...begun, answer: { changed: true, tokensAffected, mergedTokens: [] } };
  }
  return yield* exchangeSteps(vault, to);
}

/**
 * Steps two and three of the PAN update that is under way at this actor. A link that is refused for
 * the present leaves it under way: the timer takes it up again.
 */
export function* exchangeSteps(vault: Vault, to: Route): Steps {
  vault.freshRead();
  const state = loadCard(vault, to.actor);
  const { pending } = state;
  const link = linkOf(state, vault.nowSeconds());
  if (pending === undefined || link === undefined) return finished;
  const next = { shard: pending.shard, actor: pending.index };
  const linked = yield { to: next, command: link, id: stepId(pending.id, link) };
  const completion = completionOf(pending.id, linked);
  if (completion === undefined) {
    const text = "The PAN update is under way; it goes on by itself.";
    return linked.ok ? failed("REQUEST_IN_PROGRESS", text) : linked;
  }
  const id = stepId(pending.id, completion);
  const completed = yield { to, command: completion, id };
  if (!completed.ok) return completed;
  if (!linked.ok) return linked;
  const { mergedTokens } = linked.answer;
  return { ...completed, answer: { ...completed.answer, mergedTokens } };
}

const nowhere = { incarnation: 0, shard: 0, seq: 0, ord: 0 };
const finished: Reply = {
  ok: true,
  answer: { changed: true, tokensAffected: 0 },
  position: nowhere,
  repeated: true,
};

function failed(code: ErrorCode, message: string): Reply {
  return { ok: false, error: appError(code, message) };
}

/**
 * Provisioning at the PAN's own actor. Where a linked card has the token already, an agreement that
 * came along goes to that card's actor.
 */
export function* provisionSteps(vault: Vault, command: Provision, id: Buffer): Steps {
  const reply = yield { to: routePan(vault, command.pan), command, id };
  if (!reply.ok || reply.answer.linked !== true || command.agreement === undefined) return reply;
  const to = routeToken(vault, String(reply.answer.tokenRef));
  if (to === undefined) return failed("TOKEN_NOT_FOUND", "There is no such token.");
  const caller = { who: "REQUESTOR", trid: command.trid } as const;
  const put: PutAgreement = {
    command: "putAgreement",
    ref: to.ref,
    caller,
    agreement: command.agreement,
  };
  const attested = yield { to, command: put, id: idFor(id, "agreement") };
  return attested.ok ? reply : attested;
}

/** One command to a token's actor; TOKEN_NOT_FOUND where nobody has the token. */
export function* tokenSteps(
  vault: Vault,
  ref: string,
  commandOf: (ref: Buffer) => CardCommand,
  id: Buffer,
): Steps {
  const to = routeToken(vault, ref);
  if (to === undefined) return failed("TOKEN_NOT_FOUND", "There is no such token.");
  return yield { to, command: commandOf(to.ref), id };
}
