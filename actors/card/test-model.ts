// The rules for cards and tokens written down a second time, as simply as they can be said: no
// expiry, no shards, no events. The property tests hold the actor to it.

export type Cause =
  | "ISSUER"
  | "ISSUER_TOKEN"
  | "TOKEN_REQUESTOR"
  | "CARDHOLDER"
  | "ADMIN"
  | "FRAUD_CONTROL";

export interface ModelToken {
  readonly name: string;
  readonly trid: string;
  /** The card whose actor it belongs to, and the one that stands behind it now. */
  readonly home: number;
  card: number;
  deleted: boolean;
  neverActive: boolean;
  primary: boolean;
  readonly causes: Set<Cause>;
}

interface ModelCard {
  status: "ACTIVE" | "SUSPENDED" | "DELETED";
  /** The card that the actor of this one's first PAN stands for now. */
  current: number;
  /** Cards whose tokens came to stand behind this one's PAN, in that order. */
  readonly links: Set<number>;
}

function fresh(card: number): ModelCard {
  return { status: "ACTIVE", current: card, links: new Set() };
}

/** What a command gave: an error code, or whether anything changed. */
export type Outcome = string | boolean;

export class NaiveModel {
  readonly cards = new Map<number, ModelCard>();
  readonly tokens: ModelToken[] = [];

  statusOf(token: ModelToken): string {
    if (token.deleted) return "DELETED";
    if (token.causes.size > 0) return "SUSPENDED";
    return token.neverActive ? "INACTIVE" : "ACTIVE";
  }

  #behind(card: number): ModelToken[] {
    return this.tokens.filter((token) => token.card === card && !token.deleted);
  }

  #isReplaced(card: number): boolean {
    const known = this.cards.get(card);
    return known !== undefined && known.current !== card;
  }

  /** The token that is given, or an error code; a new one is called `name`. */
  provision(card: number, trid: string, active: boolean, name: string): string | ModelToken {
    const known = this.cards.get(card);
    if (this.#isReplaced(card) || (known !== undefined && known.status !== "ACTIVE")) {
      return "CARD_NOT_ALLOWED";
    }
    const primaries = this.#behind(card).filter((token) => token.trid === trid && token.primary);
    const own = primaries.find((token) => token.home === card) ?? primaries[0];
    if (own !== undefined) return own;
    this.cards.set(card, known ?? fresh(card));
    const causes = new Set<Cause>();
    const made = { name, trid, home: card, card, deleted: false, primary: true, causes };
    const token = { ...made, neverActive: !active };
    this.tokens.push(token);
    return token;
  }

  suspendToken(token: ModelToken, cause: Exclude<Cause, "ISSUER">): Outcome {
    if (token.deleted) return "TOKEN_DELETED";
    const byRequestor = cause === "TOKEN_REQUESTOR";
    if (byRequestor && this.statusOf(token) === "INACTIVE") return "TOKEN_STATE_CONFLICT";
    if (token.causes.has(cause)) return false;
    token.causes.add(cause);
    return true;
  }

  resumeToken(token: ModelToken, cause: Exclude<Cause, "ISSUER">): Outcome {
    if (token.deleted) return "TOKEN_DELETED";
    const byRequestor = cause === "TOKEN_REQUESTOR";
    if (byRequestor && this.statusOf(token) === "INACTIVE") return "TOKEN_STATE_CONFLICT";
    return token.causes.delete(cause);
  }

  activateToken(token: ModelToken): Outcome {
    if (token.deleted) return "TOKEN_DELETED";
    if (this.statusOf(token) === "SUSPENDED") return "TOKEN_STATE_CONFLICT";
    const changed = token.neverActive;
    token.neverActive = false;
    return changed;
  }

  deleteToken(token: ModelToken): Outcome {
    const changed = !token.deleted;
    token.deleted = true;
    return changed;
  }

  suspendCard(card: number): Outcome {
    const known = this.cards.get(card) ?? fresh(card);
    if (this.#isReplaced(card) || known.status === "DELETED") return false;
    const changed = known.status === "ACTIVE";
    known.status = "SUSPENDED";
    this.cards.set(card, known);
    let touched = changed;
    for (const token of this.#behind(card)) {
      if (!token.causes.has("ISSUER")) touched = true;
      token.causes.add("ISSUER");
    }
    return touched;
  }

  resumeCard(card: number): Outcome {
    const known = this.cards.get(card);
    if (known === undefined) return "CARD_NOT_FOUND";
    if (this.#isReplaced(card) || known.status === "DELETED") return "CARD_NOT_ALLOWED";
    if (known.status === "ACTIVE") return false;
    known.status = "ACTIVE";
    for (const token of this.#behind(card)) token.causes.delete("ISSUER");
    return true;
  }

  deleteCard(card: number): Outcome {
    const known = this.cards.get(card) ?? fresh(card);
    if (this.#isReplaced(card) || known.status === "DELETED") return false;
    known.status = "DELETED";
    this.cards.set(card, known);
    for (const token of this.#behind(card)) token.deleted = true;
    return true;
  }

  updatePan(card: number, to: number): Outcome {
    if (card === to) return false;
    const old = this.cards.get(card);
    if (old === undefined) return "CARD_NOT_FOUND";
    if (this.#isReplaced(card)) return old.current === to ? false : "CARD_NOT_ALLOWED";
    if (old.status === "DELETED") return "CARD_NOT_ALLOWED";
    const target = this.cards.get(to);
    if (target?.status === "DELETED" || this.#isReplaced(to)) return "CARD_NOT_ALLOWED";
    const next = target ?? fresh(to);
    this.cards.set(to, next);
    // The actors behind the old PAN move one after another: the linked ones first, then its own.
    for (const home of [...old.links, card]) this.#move(home, card, to, next);
    old.links.clear();
    return true;
  }

  #move(home: number, from: number, to: number, next: ModelCard): void {
    const there = this.#behind(to);
    const moving = this.#behind(from).filter((token) => token.home === home);
    if (moving.length > 0) next.links.add(home);
    for (const token of moving) {
      const rivals = there.filter((one) => one.trid === token.trid && one.primary);
      if (token.primary) {
        if (rivals.some((one) => one.home !== to)) token.primary = false;
        for (const rival of rivals) if (rival.home === to) rival.primary = false;
      }
      token.card = to;
      if (token.causes.size === 0) continue;
      if (next.status === "SUSPENDED") token.causes.add("ISSUER");
      else token.causes.delete("ISSUER");
    }
    this.cards.get(home)!.current = to;
  }
}
