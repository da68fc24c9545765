// The history's findings written into the vault: agreements into their table, flags into the token.
import { isAppError } from "../../platform/mod.ts";
import { agreementAt, agreementKeyAt, agreementSource } from "../agreement-key.ts";
import { putAgreementRow, revokeAgreement, touchAgreement } from "../agreements.ts";
import { indexBytes, tokenAt, tokenStatus } from "../token-record.ts";
import type { Vault } from "../vault.ts";
import type { AgreementSink, HistorySinks } from "./ports.ts";

/**
 * A last use is written again when it is this much later: an agreement idles for months, and every
 * change of the vault costs a flush.
 */
const touchSecondsMin = 60;

/** A set-up that the vault does not take (the token has its most agreements) is left out. */
export type OnRefused = (code: string) => void;

export function vaultSinks(vault: Vault, onRefused: OnRefused = () => {}): HistorySinks {
  return {
    agreements: vaultAgreements(vault, onRefused),
    flags: { flag: (index, untilSeconds) => flagToken(vault, index, untilSeconds) },
    batch: (work) => vault.env.write(work),
  };
}

/**
 * Raises the fraud flag of a token until a moment; the hot path declines with row 24 until then.
 * No change of the token's version: that counts what its card's actor did.
 */
function flagToken(vault: Vault, index: Buffer, untilSeconds: number): void {
  vault.env.write(() => {
    const record = vault.findTokenRecord(index);
    if (record === undefined || record.readUInt32LE(tokenAt.flaggedUntil) >= untilSeconds) return;
    record.writeUInt32LE(untilSeconds, tokenAt.flaggedUntil);
    vault.tables.tokens.putSync(index, record);
  });
}

function vaultAgreements(vault: Vault, onRefused: OnRefused): AgreementSink {
  const table = vault.tables.agreements;
  return {
    put(key, { types, createdAt }) {
      if (!tokenLives(vault, key)) return;
      const row = table.getBinary(key);
      // Revoked after this CIT: the same row read again must not bring it back.
      if (row !== undefined && row.readUInt32LE(agreementAt.revokedAt) >= createdAt) return;
      try {
        putAgreementRow(vault, key, { types, source: "CIT", atSeconds: createdAt });
      } catch (error) {
        // Anything else, a full disk above all, stops the fold: it comes again when there is room.
        if (!isAppError(error) || error.code !== "TOKEN_LIMIT_REACHED") throw error;
        onRefused(error.code);
      }
    },
    touch(key, lastUsedAt) {
      const row = table.getBinary(key);
      if (row === undefined) return;
      if (lastUsedAt - row.readUInt32LE(agreementAt.lastUsedAt) < touchSecondsMin) return;
      touchAgreement(vault, key, lastUsedAt);
    },
    revoke(key, createdAt, revokedAt) {
      const row = table.getBinary(key);
      if (row === undefined || row[agreementAt.source] !== agreementSource.CIT) return;
      if (row.readUInt32LE(agreementAt.createdAt) !== createdAt) return;
      revokeAgreement(vault, key, revokedAt);
    },
  };
}

/** A deleted token's agreements went with it; a row that is read late sets none up again. */
function tokenLives(vault: Vault, key: Buffer): boolean {
  const index = key.subarray(agreementKeyAt.index, agreementKeyAt.index + indexBytes);
  const record = vault.tables.tokens.getBinary(Buffer.from(index));
  return record !== undefined && record[tokenAt.status] !== tokenStatus.DELETED;
}
