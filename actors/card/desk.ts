// What doors and tools ask of cards: requests that may take several commands, each handed to
// whoever takes commands, and what the vault has of them when they are answered.
import { createHash } from "node:crypto";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import {
  type BinRange,
  getToken,
  refText,
  type TokenView,
  type Vault,
  viewOf,
} from "../../vault/mod.ts";
import type { CommandPort } from "../handover/command-client.ts";
import { readLogMeta } from "../log/log-meta.ts";
import type { Answer, Position, Reply } from "../runtime/actor-kind.ts";
import { CursorRows } from "../runtime/cursor.ts";
import { IdemRows } from "../runtime/idem-rows.ts";
import { lmdbStore } from "../store/lmdb.ts";
import { commandCodec } from "./command-codec.ts";
import type { CardAction, CardCommand, Provision, UpdatePan } from "./commands.ts";
import { cardKindNumber } from "./kind.ts";
import { loadCard } from "./load.ts";
import { routeLinks, routePan } from "./routing.ts";
import type { CardState } from "./state.ts";
import { cardSteps, provisionSteps, type Steps, tokenSteps, updatePanSteps } from "./steps.ts";

/** Who asks, under which key, until when. */
export interface DeskCall {
  /** Whose keys these are; two clients may use the same key for different things. */
  readonly client: string;
  readonly idempotencyKey: string;
  /** SHA-256 of what a provisioning says beside its command; a repetition must say the same. */
  readonly request?: Buffer;
  /** By the machine's monotonic clock, milliseconds. */
  readonly deadlineMs: number;
}

export interface Done {
  readonly answer: Answer;
  readonly position: Position;
  /** True where the answer is that of an earlier call with the same key. */
  readonly repeated: boolean;
}

export interface CardDeskPorts {
  /** Opened by this thread; what a reply says is applied can be read here. */
  readonly vault: Vault;
  readonly commands: CommandPort;
  readonly clock: Clock;
}

/** A card as its issuer may see it. */
export interface CardView {
  readonly status: "ACTIVE" | "SUSPENDED" | "DELETED" | undefined;
  readonly tokens: readonly TokenView[];
}

/** Tokens of one card that are shown; opening each costs some 20 µs. */
export const shownTokensMax = 500;

/** The command's id: the first 16 bytes of SHA-256(client ‖ 0x00 ‖ idempotency key). */
export function commandId(client: string, idempotencyKey: string): Buffer {
  const all = Buffer.from(`${client}\0${idempotencyKey}`);
  return createHash("sha256").update(all).digest().subarray(0, 16);
}

export class CardDesk {
  readonly #ports: CardDeskPorts;
  readonly #idem: IdemRows;
  readonly #cursors: CursorRows;

  constructor(ports: CardDeskPorts) {
    this.#ports = ports;
    const store = lmdbStore(ports.vault.env);
    this.#idem = new IdemRows(store);
    this.#cursors = new CursorRows(store);
  }

  provision(call: DeskCall, command: Provision): Promise<Done> {
    const whole = { ...command, request: call.request };
    return this.#run(call, (vault, id) => provisionSteps(vault, whole, id));
  }

  token(call: DeskCall, ref: string, commandOf: (ref: Buffer) => CardCommand): Promise<Done> {
    return this.#run(call, (vault, id) => tokenSteps(vault, ref, commandOf, id));
  }

  card(call: DeskCall, action: Omit<CardAction, "command" | "asLink" | "linksServed">) {
    const command = { ...action, command: "card", asLink: false, linksServed: 0 } as const;
    return this.#run(call, (vault, id) => cardSteps(vault, command, id));
  }

  updatePan(call: DeskCall, update: Omit<UpdatePan, "command" | "id" | "asLink" | "linksServed">) {
    const command = { ...update, command: "updatePan", asLink: false, linksServed: 0 } as const;
    return this.#run(call, (vault, id) => updatePanSteps(vault, command, id));
  }

  /** TOKEN_NOT_FOUND for another requestor's token too. */
  viewToken(ref: string, trid?: string): TokenView {
    const { vault } = this.#ports;
    vault.freshRead();
    const { index, record } = getToken(vault, ref, trid);
    return viewOf(vault, index, record);
  }

  /** The issuer whose range the PAN lies in. */
  rangeOf(pan: ClearPAN): BinRange | undefined {
    const digits = Buffer.alloc(19);
    const { vault } = this.#ports;
    vault.freshRead();
    const range = vault.registry().findRange(digits, 0, pan.copyTo(digits, 0));
    digits.fill(0);
    return range;
  }

  /** The state of the card with this number; undefined where nobody has spoken of it. */
  statusOf(pan: ClearPAN): CardView["status"] {
    return this.#found(pan).status;
  }

  /** The card with this number and the tokens behind it, those of linked cards among them. */
  viewCard(pan: ClearPAN): CardView {
    const { status, current } = this.#found(pan);
    const refs = current.flatMap(({ tokens }) => tokens.map(({ ref }) => refText(ref)));
    return { status, tokens: refs.slice(0, shownTokensMax).map((ref) => this.viewToken(ref)) };
  }

  /** The cards that have this number now, and what its issuer calls the state of the number. */
  #found(pan: ClearPAN): { status: CardView["status"]; current: CardState[] } {
    const { vault } = this.#ports;
    vault.freshRead();
    const own = routePan(vault, pan);
    const actors = [own, ...routeLinks(vault, own.actor)];
    const cards = actors.map(({ actor }) => loadCard(vault, actor));
    const current = cards.filter(({ card }) => card?.index.equals(own.actor));
    // Where a later number took its place, the card with this one is closed.
    const status = current[0]?.card?.status ?? (cards[0]?.card && "DELETED");
    return { status, current };
  }

  /** Whether the vault has everything up to a position of its log. */
  hasReached({ incarnation, shard, seq }: Position): boolean {
    const { vault } = this.#ports;
    vault.freshRead();
    const meta = readLogMeta(lmdbStore(vault.env));
    if (meta === undefined || shard >= meta.shards) return false;
    const cursor = this.#cursors.get("evt", shard, meta);
    return cursor.incarnation > incarnation || cursor.seq >= seq;
  }

  /** The issuer of the card behind a token. */
  issuerOf(ref: string): string | undefined {
    const { vault } = this.#ports;
    vault.freshRead();
    const card = this.#stateOf(ref)?.card;
    return card && vault.registry().issuers[card.issuer]?.id;
  }

  #stateOf(ref: string): CardState | undefined {
    const { vault } = this.#ports;
    const { index, record } = getToken(vault, ref);
    const card = vault.findCardOf(index, record);
    return card && loadCard(vault, card.key);
  }

  async #run(call: DeskCall, begin: (vault: Vault, id: Buffer) => Steps): Promise<Done> {
    const { vault } = this.#ports;
    vault.freshRead();
    const id = commandId(call.client, call.idempotencyKey);
    const steps = begin(vault, id);
    let next = steps.next();
    while (!next.done) {
      const { to, command } = next.value;
      const used = next.value.id.equals(id) && this.#isUsedElsewhere(id, to.shard);
      next = steps.next(used ? keyReused : await this.#submit(call, next.value, command));
    }
    const reply = next.value;
    if (!reply.ok) throw reply.error;
    const { answer, position, repeated } = reply;
    return { answer, position, repeated };
  }

  async #submit(
    call: DeskCall,
    { to, id }: { readonly to: { readonly shard: number; readonly actor: Buffer }; id: Buffer },
    command: CardCommand,
  ): Promise<Reply> {
    const { commands, clock, vault } = this.#ports;
    const body = commandCodec.encode(command);
    const timeoutMs = call.deadlineMs - clock.monotonicMs();
    const { shard, actor } = to;
    const reply = await commands.submit({
      id,
      kind: cardKindNumber,
      shard,
      actor,
      body,
      timeoutMs,
    });
    // It may hold a card number.
    body.fill(0);
    vault.freshRead();
    return reply;
  }

  /** Whether a command with this key was accepted before; its content may have been another. */
  isRepetition({ client, idempotencyKey }: DeskCall): boolean {
    this.#ports.vault.freshRead();
    return this.#isUsedElsewhere(commandId(client, idempotencyKey), -1);
  }

  /**
   * Each shard knows its own commands only; a key that another one knows came with other content.
   */
  #isUsedElsewhere(id: Buffer, shard: number): boolean {
    for (let other = 0; other < this.#ports.vault.shards; other++) {
      if (other !== shard && this.#idem.get(other, id) !== undefined) return true;
    }
    return false;
  }
}

const keyReused: Reply = {
  ok: false,
  error: appError("IDEMPOTENCY_KEY_REUSED", "This key came with another command before."),
};
