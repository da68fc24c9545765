// Acquirers over which token numbers, requestors or cryptograms are tried out: told of, never
// refused. A token can be flagged, since nobody but its requestor pays with it; an acquirer that
// were refused for bad messages would be a weapon for whoever sends a few over a large one.
import { reason } from "../../platform/mod.ts";
import { rowAt, rowKind } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";

export interface Scan {
  /** DE32. */
  readonly acquirer: string;
  /** Payments of this minute that met no token, another's, a deleted one, or a wrong cryptogram. */
  readonly guesses: number;
  readonly payments: number;
  /** Unix milliseconds at which the minute began. */
  readonly minuteMs: number;
}

/** So many in one minute, and so large a part of what the acquirer sends: one in ten. */
export const guessesMin = 100;
const partMin = 0.1;
const minuteMs = 60_000;

/** More are not watched within the minute; a network has some dozens. */
const acquirersMax = 4_096;

interface Counted {
  guesses: number;
  payments: number;
  told: boolean;
}

/** A reason that somebody meets who tries what he does not know. */
function isGuess(code: number): boolean {
  switch (code) {
    case reason.TOKEN_UNKNOWN:
    case reason.TRID_MISMATCH:
    case reason.TOKEN_DELETED:
    case reason.PTAV_KEY:
    case reason.PTAV_INVALID:
      return true;
    default:
      return false;
  }
}

/** Counts in memory, by the rows' own minutes, as the folds of one process bring them. */
export class ScanWatch {
  readonly #told: (scan: Scan) => void;
  #counts = new Map<number, Counted>();
  #minute = 0;

  /** `told`: once a minute and acquirer. */
  constructor(told: (scan: Scan) => void) {
    this.#told = told;
  }

  row(row: RowView): void {
    if (row.kind !== rowKind.verification) return;
    const minute = Math.floor(row.timeMs / minuteMs);
    // Rows of several journals come in any order; those of a minute that is over are passed over.
    if (minute < this.#minute) return;
    if (minute > this.#minute) {
      this.#minute = minute;
      this.#counts.clear();
    }
    const counted = this.#countedOf(row);
    if (counted === undefined) return;
    counted.payments++;
    if (!isGuess(row.reason)) return;
    counted.guesses++;
    const { guesses, payments, told } = counted;
    if (told || guesses < guessesMin || guesses < partMin * payments) return;
    counted.told = true;
    const length = row.bytes[row.at + rowAt.acquirerLength]!;
    const acquirer = row.text(rowAt.acquirer, Math.min(length, 11));
    this.#told({ acquirer, guesses, payments, minuteMs: minute * minuteMs });
  }

  #countedOf({ bytes, at }: RowView): Counted | undefined {
    const length = bytes[at + rowAt.acquirerLength]!;
    // Digits as a number, so that no row costs a text; the length keeps leading zeros apart.
    let key = 0;
    for (let i = 0; i < length && i < 11; i++)
      key = key * 10 + (bytes[at + rowAt.acquirer + i]! & 15);
    key = key * 12 + length;
    let counted = this.#counts.get(key);
    if (counted === undefined) {
      if (this.#counts.size >= acquirersMax) return undefined;
      counted = { guesses: 0, payments: 0, told: false };
      this.#counts.set(key, counted);
    }
    return counted;
  }
}
