// Which issuer is behind a token: what a directory server asks before 3-D Secure. Rows 4 to 11 of
// the verification table over a message made of the question; no PTAV, and the card stays closed
// unless its issuer can be given it. A card that is opened leaves a row in the journal first, and
// so an entry in the audit chain.
import { mydebit, type View } from "../codec/iso8583/mod.ts";
import type { ClearPAN } from "../codec/pan/mod.ts";
import type { KeyPage } from "../crypto/mod.ts";
import { appError, type Clock, reason } from "../platform/mod.ts";
import {
  beginRow,
  indexBytes,
  type JournalWriter,
  rowAt,
  rowKind,
  type Vault,
  viewOf,
} from "../vault/mod.ts";
import type { Peer } from "./dispatch-types.ts";
import { Rows, work } from "./rows.ts";
import { IndexStage } from "./stages/index-rows.ts";
import { lookUp } from "./stages/look-up.ts";
import { applyChecks } from "./stages/rules.ts";
import { assignIds } from "./verification-id.ts";
import { checks, type Facts } from "./verification-table.ts";

/** What a directory server asks about; the texts are checked, the token need not exist. */
export interface DirectoryQuery {
  readonly tpan: string;
  /** YYMM. */
  readonly tokenExpiry: string;
  readonly trid: string;
  readonly acquirerId: string;
  readonly merchantId: string;
}

export interface DirectoryAnswer {
  /** 0, or the reason of one of rows 4 to 11. */
  readonly reasonCode: number;
  /** "" in a decline. */
  readonly issuerId: string;
  /** Where the directory server sends the authentication: the issuer's id. "" in a decline. */
  readonly acsRoutingKey: string;
  /** For the issuer's access control server and nobody else; undefined where it is not known. */
  readonly pan?: ClearPAN | undefined;
}

const lastRow = "11";
const directoryChecks = checks.slice(0, checks.findIndex((check) => check.row === lastRow) + 1);

/** Sub-range of a TPAN: three digits behind the token BIN. */
const subRangeFrom = 6;
const subRangeTo = 9;
const messageBytes = 512;

export class TokenDirectoryService {
  private readonly vault: Vault;
  private readonly journal: JournalWriter;
  private readonly keys: KeyPage;
  private readonly clock: Clock;
  private readonly rows = new Rows();
  private readonly index = new IndexStage();
  private readonly message = Buffer.alloc(messageBytes);
  private readonly id = Buffer.alloc(16);
  private epoch = 0;

  constructor(parts: { vault: Vault; journal: JournalWriter; keys: KeyPage; clock: Clock }) {
    this.vault = parts.vault;
    this.journal = parts.journal;
    this.keys = parts.keys;
    this.clock = parts.clock;
  }

  /**
   * `opensFor`: whether the card of this issuer is to be opened. SERVICE_UNAVAILABLE where that
   * cannot be written down.
   */
  resolve(
    caller: Pick<Peer, "tag" | "door">,
    query: DirectoryQuery,
    opensFor: (issuerId: string) => boolean,
  ): DirectoryAnswer {
    const { rows, vault } = this;
    vault.freshRead();
    this.refreshKeys();
    rows.reset(1, this.clock.nowMs());
    this.scan(rows.views[0]!, query);
    rows.work[0] = work.VERIFY;
    rows.expiry[0] = Number(query.tokenExpiry);
    this.index.run(rows);
    lookUp(vault, rows);
    applyChecks(directoryChecks, rows, this.facts());
    this.message.fill(0);
    const code = rows.reason[0] as number;
    if (code !== reason.VERIFIED) return { reasonCode: code, issuerId: "", acsRoutingKey: "" };
    const issuerId = this.issuerOf(query.tpan);
    const answer = { reasonCode: code, issuerId, acsRoutingKey: issuerId };
    if (!opensFor(issuerId)) return answer;
    this.writeDown(caller, query);
    return { ...answer, pan: this.panOf(rows.index) };
  }

  private writeDown({ tag, door = 0 }: Pick<Peer, "tag" | "door">, query: DirectoryQuery): void {
    const { rows, journal, id } = this;
    const out = journal.rows;
    beginRow(out, 0, rowKind.resolved);
    assignIds(id, 1, rows.nowMs);
    id.copy(out, rowAt.verificationId);
    out.writeDoubleLE(rows.nowMs, rowAt.timeMs);
    rows.index.copy(out, rowAt.index, 0, indexBytes);
    out.write(query.trid.padStart(12, "0"), rowAt.trid, "hex");
    out.write(query.acquirerId, rowAt.acquirer, "latin1");
    out[rowAt.acquirerLength] = query.acquirerId.length;
    out.write(query.merchantId.padEnd(15, " "), rowAt.merchant, "latin1");
    out.writeUInt32LE(tag, rowAt.peer);
    out[rowAt.door] = door;
    try {
      journal.append(1);
    } catch (cause) {
      const message = "What leaves the vault cannot be written down now.";
      throw appError("SERVICE_UNAVAILABLE", message, { cause });
    }
  }

  /** From the snapshot that the checks looked at: nothing was awaited since. */
  private panOf(indices: Buffer): ClearPAN | undefined {
    const index = Buffer.from(indices.subarray(0, indexBytes));
    const record = this.vault.findTokenRecord(index);
    return record === undefined ? undefined : viewOf(this.vault, index, record).pan;
  }

  /** Nine digits of a TPAN name the BIN range that it serves, and so the issuer. */
  private issuerOf(tpan: string): string {
    const registry = this.vault.registry();
    const subRange = registry.subRanges[Number(tpan.slice(subRangeFrom, subRangeTo))];
    const range = subRange === undefined ? undefined : registry.ranges[subRange.range];
    return range?.issuer.id ?? "";
  }

  /** Only what the checks read is set; the rest of the message is filler. */
  private scan(view: View, query: DirectoryQuery): void {
    const fields = {
      "2": query.tpan,
      "3": "000000",
      "4": "000000000000",
      "7": "0101000000",
      "11": "000001",
      "12": "000000",
      "13": "0101",
      "14": query.tokenExpiry,
      "18": "0000",
      "22": "812",
      "25": "59",
      "32": query.acquirerId,
      "37": "000000000000",
      "42": query.merchantId.padEnd(15, " "),
      "49": "458",
      "120": { "03": query.trid, "05": "C", "07": "N" },
    };
    const end = mydebit.encode({ mti: "0100", fields }, this.message, 0);
    const status = mydebit.scanMessage(view, this.message, 0, end);
    if (status !== 0) throw mydebit.error(status, view);
  }

  private facts(): Facts {
    return {
      registry: this.vault.registry(),
      kvnVerifiable: new Uint8Array(0),
      macEqual: new Uint8Array(0),
      ptavTtlSeconds: 0,
    };
  }

  private refreshKeys(): void {
    if (this.keys.epoch() === this.epoch) return;
    const ring = this.keys.read();
    this.index.rekey(ring);
    this.epoch = ring.epoch;
  }
}
