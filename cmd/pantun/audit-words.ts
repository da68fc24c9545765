// Entries of the audit chain as people and machines read them: tokens by their reference, peers by
// the names that the service knew them by.
import { peerTag } from "../../hotpath/mod.ts";
import { type Entry, indexBytes, refText, tokenAt, type Vault } from "../../vault/mod.ts";

export class AuditWords {
  readonly #vault: Vault;
  readonly #peers = new Map<number, string>();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** Takes names from what the chain says of peers; in its order. */
  learn(entry: Entry): void {
    if (entry.kind !== "act" || entry.act.act !== "service.peers") return;
    const names = entry.act.detail?.peers;
    if (!Array.isArray(names)) return;
    for (const name of names) this.#peers.set(peerTag(String(name)), String(name));
  }

  document(entry: Entry): object {
    if (entry.kind === "act") {
      const { atMs, ...act } = entry.act;
      return { at: timeText(atMs), number: entry.number, ...act };
    }
    if (entry.kind === "source") {
      return { ...entry, digest: entry.digest.toString("hex") };
    }
    return {
      at: timeText(entry.atMs),
      act: "pan.release",
      by: this.#peers.get(entry.peer) ?? `peer ${entry.peer.toString(16).padStart(8, "0")}`,
      subject: this.#tokenOf(entry.index),
      reason: entry.reason,
      door: entry.door,
      // A directory server's question is no message.
      ...(entry.reason === "resolve" ? {} : { mti: entry.mti }),
      trid: entry.trid,
      verificationId: refText(entry.verificationId),
      repetition: entry.repetition,
    };
  }

  line(entry: Entry): string {
    const { at, act, by, approvedBy, subject, ...rest } = this.document(entry) as Partial<
      Record<string, unknown>
    >;
    const { detail, number: _, change, door, reason, mti, repetition } = rest;
    const why =
      act === "pan.release"
        ? [door, reason, mti, repetition === true ? "again" : ""]
        : [change, detail === undefined ? "" : JSON.stringify(detail)];
    const who = approvedBy === undefined ? by : `${String(by)}, approved by ${String(approvedBy)}`;
    return [at, act, who, subject, ...why].filter(Boolean).join("  ");
  }

  /** Tombstones stay, so a token that ever was has its reference. */
  #tokenOf(index: Buffer): string {
    const record = this.#vault.findTokenRecord(index);
    if (record === undefined) return "(not a token of this vault)";
    return refText(record.subarray(tokenAt.ref, tokenAt.ref + indexBytes));
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
