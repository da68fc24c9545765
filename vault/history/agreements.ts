// Agreements that the journal sets up, uses and revokes.
import { reason } from "../../platform/mod.ts";
import { agreementKeyAt, agreementKeyBytes, mitType } from "../agreement-key.ts";
import { rowAt } from "../journal/row.ts";
import type { RowView } from "../journal/row-view.ts";
import type { Ledger } from "./ledger.ts";
import type { HistorySinks } from "./ports.ts";
import { adviceKeepSeconds, u32Seconds } from "./tables.ts";

/** DE39 of an issuer that let the purchase stand: approved, partly, nothing against it. */
const goodAnswers = new Set(["00", "10", "85"]);

/** What one fold found out, gathered so that the vault takes it as one change. */
export class Findings {
  readonly #calls: ((sinks: HistorySinks) => void)[] = [];
  // Only the last of each counts: a busy token is touched once a fold, not once a payment.
  readonly #touched = new Map<string, { readonly key: Buffer; seconds: number }>();
  readonly #flagged = new Map<string, { readonly index: Buffer; until: number }>();

  put(key: Buffer, agreement: { readonly types: number; readonly createdAt: number }): void {
    this.#calls.push((sinks) => sinks.agreements.put(key, agreement));
  }

  revoke(key: Buffer, createdAt: number, revokedAt: number): void {
    this.#calls.push((sinks) => sinks.agreements.revoke(key, createdAt, revokedAt));
  }

  touch(key: Buffer, seconds: number): void {
    const name = key.toString("latin1");
    const before = this.#touched.get(name);
    if (before === undefined) this.#touched.set(name, { key, seconds });
    else before.seconds = Math.max(before.seconds, seconds);
  }

  flag(index: Buffer, until: number): void {
    const name = index.toString("latin1");
    const before = this.#flagged.get(name);
    if (before === undefined) this.#flagged.set(name, { index: Buffer.from(index), until });
    else before.until = Math.max(before.until, until);
  }

  /** Hands everything over, set-ups first; nothing at all where nothing was found. */
  deliver(sinks: HistorySinks, nowSeconds: number): void {
    const flags = [...this.#flagged.values()].filter(({ until }) => until > nowSeconds);
    if (this.#calls.length + this.#touched.size + flags.length === 0) return;
    sinks.batch(() => {
      for (const call of this.#calls) call(sinks);
      for (const { key, seconds } of this.#touched.values()) sinks.agreements.touch(key, seconds);
      for (const { index, until } of flags) sinks.flags.flag(index, until);
    });
  }
}

/** The agreement that a row names: token, acquirer, merchant and agreement id. */
export function agreementKeyOf(row: RowView): Buffer | undefined {
  const acquirer = row.bytes[row.at + rowAt.acquirerLength]!;
  const id = row.bytes[row.at + rowAt.agreementLength]!;
  if (acquirer === 0 || acquirer > 11 || id === 0 || id > 36) return undefined;
  const key = Buffer.alloc(agreementKeyBytes);
  row.index.copy(key, agreementKeyAt.index);
  key[agreementKeyAt.acquirerLength] = acquirer;
  row.slice(rowAt.acquirer, acquirer).copy(key, agreementKeyAt.acquirer);
  row.slice(rowAt.merchant, 15).copy(key, agreementKeyAt.merchant);
  key[agreementKeyAt.idLength] = id;
  row.slice(rowAt.agreementId, id).copy(key, agreementKeyAt.id);
  return key;
}

/** An approved 0100 or 0200: a CIT may set an agreement up, an MIT uses one. */
export function applyVerified(ledger: Ledger, row: RowView, findings: Findings): void {
  const key = agreementKeyOf(row);
  if (key === undefined) return;
  const seconds = Math.floor(row.timeMs / 1_000);
  if (row.letter(rowAt.initiation) === "M") {
    findings.touch(key, seconds);
    return;
  }
  if (!row.has("agreementSetup")) return;
  const letter = row.letter(rowAt.mitType);
  const types = letter === "R" || letter === "I" || letter === "U" ? mitType[letter] : 0;
  if (types === 0) return;
  const id = Buffer.from(row.verificationId);
  // The advice may have been journalled by another process and read first.
  const advice = ledger.advices.find(id);
  if (advice !== undefined && !goodAnswers.has(advice.toString("latin1", 4, 6))) return;
  const setup = Buffer.alloc(8 + agreementKeyBytes);
  setup.writeUInt32LE(u32Seconds(seconds + adviceKeepSeconds), 0);
  setup.writeUInt32LE(u32Seconds(seconds), 4);
  key.copy(setup, 8);
  ledger.tables.setups.putSync(id, setup);
  findings.put(key, { types, createdAt: seconds });
}

/** An outcome advice: the issuer declined, so what the CIT set up falls. */
export function applyAdvice(ledger: Ledger, row: RowView, findings: Findings): void {
  if (row.reason !== reason.VERIFIED) return;
  const seconds = Math.floor(row.timeMs / 1_000);
  const id = Buffer.from(row.reference);
  const answer = row.text(rowAt.responseCode, 2);
  const good = goodAnswers.has(answer);
  // Most advices tell of nothing that has to be kept; a good one may take a bad one's place.
  if (!good || ledger.advices.find(id) !== undefined) {
    const value = Buffer.alloc(6);
    value.writeUInt32LE(u32Seconds(seconds + adviceKeepSeconds), 0);
    value.write(answer, 4, "latin1");
    ledger.advices.put(id, value);
  }
  if (good) return;
  const setup = ledger.tables.setups.getBinary(id);
  if (setup === undefined) return;
  findings.revoke(Buffer.from(setup.subarray(8)), setup.readUInt32LE(4), seconds);
}
