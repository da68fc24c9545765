// What all connections of one server share.
import type { CardDesk } from "../../actors/mod.ts";
import type { PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import type { Clock } from "../../platform/mod.ts";
import type { AnswerDesk } from "./answer-desk.ts";
import type { Connection } from "./connection.ts";
import type { KeyExchange } from "./key-exchange.ts";
import type { IsoLimits } from "./limits.ts";
import type { LineSettings } from "./peer-settings.ts";
import type { IsoStats } from "./stats.ts";

export interface Door {
  readonly dispatcher: PaymentDispatcher;
  readonly desk: AnswerDesk;
  readonly limits: IsoLimits;
  readonly stats: IsoStats;
  readonly clock: Clock;
  /** Null: no peer may change its key over the line. */
  keyExchange: KeyExchange | null;
  /** Takes what issuers say of their cards; null where no commands are taken. */
  readonly cards: CardDesk | null;
  lineOf(peer: Peer): LineSettings;
  /** Writes a request of our own (DE70 `code`) into the desk's buffer and returns its length. */
  writeRequest(peer: Peer, code: number, stan: number): number;
  onClosed(connection: Connection): void;
  /** Seconds from reading a payment to its answer; called for a share of them. */
  answered(seconds: number): void;
}
