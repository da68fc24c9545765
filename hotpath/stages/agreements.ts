// Stage: the agreement behind a merchant-initiated payment, one get for each that is still open.
// Key: token, acquirer, merchant, agreement id; the rules then judge the type.
import type { Vault } from "../../vault/mod.ts";
import { agreementAt, agreementBytes, agreementKeyAt, agreementKeyBytes } from "../../vault/mod.ts";
import { type Rows, work } from "../rows.ts";
import { isMit, tag } from "../verification-table.ts";

/** An agreement lapses 13 months after its last use (13 of 31 days: never too early). */
export const agreementLifeSeconds = 13 * 31 * 86_400;

const keyBytes = Buffer.alloc(agreementKeyBytes);
/** Words of an agreement: types and source, created, last used, revoked. */
const value = new Int32Array(agreementBytes / 4);

export function findAgreements(vault: Vault, rows: Rows): void {
  for (let row = 0; row < rows.count; row++) {
    if (!rows.open(row, work.VERIFY) || !isMit(rows, row)) continue;
    if (!rows.views[row]!.tags.has(tag.AGREEMENT)) continue;
    writeAgreementKey(rows, row, keyBytes);
    if (!vault.findAgreement(keyBytes, value, 0)) continue;
    const used = Math.max(at(agreementAt.lastUsedAt), at(agreementAt.createdAt));
    const live = at(agreementAt.revokedAt) === 0;
    if (live && used + agreementLifeSeconds >= rows.nowSeconds) {
      rows.agreementTypes[row] = at(agreementAt.types) & 0xff;
    }
  }
}

function at(offset: number): number {
  return (value[offset >> 2] as number) >>> 0;
}

function writeAgreementKey(rows: Rows, row: number, key: Buffer): void {
  const view = rows.views[row]!;
  const { buf, tags } = view;
  key.fill(0);
  rows.index.copy(key, agreementKeyAt.index, row * 16, row * 16 + 16);
  const acquirer = view.offset(32);
  key[agreementKeyAt.acquirerLength] = view.length(32);
  buf.copy(key, agreementKeyAt.acquirer, acquirer, acquirer + view.length(32));
  const merchant = view.offset(42);
  buf.copy(key, agreementKeyAt.merchant, merchant, merchant + view.length(42));
  const id = tags.offset(tag.AGREEMENT);
  key[agreementKeyAt.idLength] = tags.length(tag.AGREEMENT);
  buf.copy(key, agreementKeyAt.id, id, id + tags.length(tag.AGREEMENT));
}
