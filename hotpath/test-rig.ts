// A whole pipeline over a vault in a temporary folder, for the tests of this room: fixed keys, a
// clock that the test moves, one card with two tokens, and a maker of messages with real PTAVs.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provision } from "../actors/card/test-rig.ts";
import { codeOf, mydebit, transmissionSeconds, writeTransmission } from "../codec/iso8583/mod.ts";
import { ClearPAN, withCheckDigit } from "../codec/pan/mod.ts";
import {
  createMessageMac,
  type Key,
  KeyPage,
  KeyRing,
  type KeyUsage,
  SecretKey,
} from "../crypto/mod.ts";
import { createManualClock, type ManualClock, MetricCells } from "../platform/mod.ts";
import {
  JournalWriter,
  parseRef,
  putBinRange,
  putIssuer,
  putRequestor,
  type TokenView,
  Vault,
} from "../vault/mod.ts";
import { Batch } from "./batch.ts";
import type { Peer } from "./dispatch-types.ts";
import { type OpenedPipeline, openPipeline, type PipelineSettings } from "./open-pipeline.ts";
import { peerTag } from "./peer-tag.ts";
import { type TokenDataRequest, TokenDataService } from "./token-data.ts";

export const startMs = Date.parse("2026-11-22T07:30:45Z");
export const trid = "99900000001";
export const otherTrid = "99900000002";
export const acquirer = "458001";
export const merchant = "MERCHANT0000001";

export const plainPeer: Peer = {
  id: 0,
  tag: peerTag("plain"),
  name: "plain",
  macRequired: false,
  macLabel: null,
};
export const macPeer: Peer = {
  id: 1,
  tag: peerTag("mac"),
  name: "mac",
  macRequired: true,
  macLabel: "mac",
};
export const peers: readonly Peer[] = [plainPeer, macPeer];

export function ringKey(usage: KeyUsage, first: number, more: Partial<Key> = {}): SecretKey {
  const bytes = Buffer.alloc(usage === "seal" ? 64 : 32);
  for (let i = 0; i < bytes.length; i++) bytes[i] = first + i;
  const label = usage === "mac" ? "mac" : "";
  return new SecretKey({ usage, label, version: 1, state: "ACTIVE", bytes, ...more });
}

export const baseKeys: readonly SecretKey[] = [
  ringKey("index", 0),
  ringKey("seal", 0),
  ringKey("ptav", 0),
  ringKey("mac", 0),
  ringKey("fingerprint", 7),
  ringKey("route", 50),
  ringKey("audit", 130),
];

/** One answered message. */
export interface Answered {
  readonly reason: number;
  readonly status: number;
  /** Empty where the message cannot be answered. */
  readonly bytes: Buffer;
  /** The answer's elements and DE120 tags as text. */
  readonly fields: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RigOptions {
  readonly ttlSeconds?: number;
  readonly startMs?: number;
}

export class Rig {
  readonly bootId = "0123456789abcdef0123456789abcdef";
  readonly dir: string;
  readonly clock: ManualClock;
  readonly keys = new KeyPage();
  readonly settings: PipelineSettings;
  readonly vault: Vault;
  readonly opened: OpenedPipeline;
  readonly tokenData: TokenDataService;
  readonly pan: ClearPAN;
  readonly token: TokenView;
  readonly other: TokenView;
  private stan = 0;
  private readonly journal: JournalWriter;
  private readonly more: OpenedPipeline[] = [];

  constructor(options: RigOptions = {}) {
    this.dir = mkdtempSync(join(tmpdir(), "pantun-hot-"));
    this.clock = createManualClock(options.startMs ?? startMs);
    this.keys.publish(new KeyRing(baseKeys));
    this.settings = {
      dir: this.dir,
      peers,
      ptavTtlSeconds: options.ttlSeconds ?? 900,
      vaultMapBytes: 64 * 2 ** 20,
      replayMapBytes: 64 * 2 ** 20,
    };
    Vault.open({
      dir: this.dir,
      create: true,
      ring: this.keys.read(),
      clock: this.clock,
      random: randomBytes,
      mapSizeBytes: 64 * 2 ** 20,
    });
    this.opened = this.open("main");
    this.vault = this.opened.vault;
    this.pan = ClearPAN.parse(withCheckDigit("999999000003001"));
    this.prepareRegistry();
    this.token = this.provision(trid, this.pan);
    this.other = this.provision(otherTrid, this.pan);
    this.journal = JournalWriter.open({ dir: this.dir, name: "ptav", clock: this.clock });
    this.tokenData = new TokenDataService({
      vault: this.vault,
      replay: this.opened.replay,
      journal: this.journal,
      keys: this.keys,
      clock: this.clock,
      ptavTtlSeconds: this.settings.ptavTtlSeconds,
      perTokenPerMinute: 0,
    });
  }

  /** Another pipeline on the same vault, as another thread or process would have it. */
  open(
    name: string,
    more: {
      bootId?: string;
      ttlSeconds?: number;
      peers?: readonly Peer[];
      logged?: boolean;
    } = {},
  ): OpenedPipeline {
    const ptavTtlSeconds = more.ttlSeconds ?? this.settings.ptavTtlSeconds;
    const opened = openPipeline(
      {
        ...this.settings,
        ptavTtlSeconds,
        peers: more.peers ?? peers,
        logged: more.logged ?? false,
      },
      {
        keys: this.keys.shared,
        cells: new MetricCells().shared,
        place: "inline",
        journalName: `${name}-${this.more.length}`,
        clock: this.clock,
        bootId: more.bootId ?? this.bootId,
      },
    );
    this.more.push(opened);
    return opened;
  }

  private prepareRegistry(): void {
    putIssuer(this.vault, { id: "BANK0001", name: "Bank One" });
    putBinRange(this.vault, { prefix: "999999", issuerId: "BANK0001" });
    for (const one of [trid, otherTrid]) {
      putRequestor(this.vault, { trid: one, name: one, type: "MERCHANT", acquirers: [acquirer] });
    }
  }

  provision(requestor: string, pan: ClearPAN): TokenView {
    const { token } = provision(this.vault, {
      pan,
      panExpiry: 2909,
      trid: requestor,
      assurance: 12,
      par: "ZZ99A1B2C3D4E5F6G7H8J9K0L1M2N",
    });
    return token;
  }

  /** A fresh PTAV for the rig's payment; the parts that matter can be changed. */
  ptav(more: Partial<TokenDataRequest> = {}): string {
    return this.tokenData.issue({
      trid,
      tokenRef: this.token.ref,
      transactionType: "CIT",
      amount: 12_345n,
      currency: "458",
      merchantId: merchant,
      unpredictableNumber: null,
      bindAmount: true,
      bindMerchant: true,
      ...more,
    }).ptav;
  }

  nextStan(): number {
    this.stan += 1;
    return this.stan;
  }

  /** TPAN digits of a token, through Get Token Data. */
  tpanOf(token: TokenView, requestor = trid): { tpan: string; expiry: string } {
    const answer = this.tokenData.issue({
      trid: requestor,
      tokenRef: token.ref,
      transactionType: "CIT",
      amount: 0n,
      currency: "458",
      merchantId: "X",
      unpredictableNumber: null,
      bindAmount: true,
      bindMerchant: true,
    });
    return { tpan: answer.tpan, expiry: answer.tpanExpiry };
  }

  /** A good 0100, with whatever is to be different. An element or tag set to null is left out. */
  payment(
    changes: {
      mti?: string;
      fields?: Record<string, string | null>;
      tags?: Record<string, string | null>;
      mac?: Buffer;
    } = {},
  ): Buffer {
    const { tpan, expiry } = this.tpanOf(this.token);
    const seconds = Math.floor(this.clock.nowMs() / 1000);
    const stan = String(this.nextStan()).padStart(6, "0");
    const fields: Record<string, string | null> = {
      "2": tpan,
      "3": "000000",
      "4": "000000012345",
      "7": de7(seconds),
      "11": stan,
      "12": "153045",
      "13": "1122",
      "14": expiry,
      "18": "5411",
      "22": "810",
      "25": "59",
      "32": acquirer,
      "37": `RRN${stan}000`,
      "41": "TERM0001",
      "42": merchant,
      "49": "458",
      ...changes.fields,
    };
    const tags: Record<string, string | null> = { "03": trid, "05": "C", "07": "N" };
    if (changes.tags?.["04"] === undefined && changes.tags?.["05"] !== "M")
      tags["04"] = this.ptav();
    Object.assign(tags, changes.tags);
    return encode(changes.mti ?? "0100", fields, tags, changes.mac);
  }

  /** Changes the rig's token record in place, as an event would. */
  edit(change: (record: Buffer) => void): void {
    const found = this.vault.findTokenByRef(parseRef(this.token.ref) as Buffer);
    if (found === undefined) throw new Error("the rig has no token");
    change(found.record);
    this.vault.env.write(() => this.vault.tables.tokens.putSync(found.index, found.record));
  }

  /** Judges the messages as one batch. */
  judge(messages: readonly Buffer[], peer: Peer = plainPeer, by = this.opened): Answered[] {
    const batch = new Batch();
    for (const message of messages) {
      if (!batch.add(peer.id, message, 0, message.length)) throw new Error("the batch is full");
    }
    by.pipeline.processBatch(batch);
    return readAnswers(batch);
  }

  one(message: Buffer, peer: Peer = plainPeer, by = this.opened): Answered {
    return this.judge([message], peer, by)[0] as Answered;
  }

  async remove(): Promise<void> {
    this.journal.close();
    for (const opened of this.more) await opened.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export function readAnswers(batch: Batch): Answered[] {
  const answers: Answered[] = [];
  for (let row = 0; row < batch.count; row++) {
    const at = batch.answerOffset(row);
    const bytes = Buffer.from(batch.output.subarray(at, at + batch.answerLength(row)));
    answers.push({
      reason: batch.reason(row),
      status: batch.status(row),
      bytes,
      ...readFields(bytes),
    });
  }
  return answers;
}

export function readFields(bytes: Buffer): Pick<Answered, "fields" | "tags"> {
  const fields: Record<string, string> = {};
  const tags: Record<string, string> = {};
  if (bytes.length === 0) return { fields, tags };
  const view = mydebit.createView();
  const status = mydebit.scanMessage(view, bytes, 0, bytes.length);
  // A message of an unknown type is answered under its own answer type, which is as unknown.
  if (status !== 0 && codeOf(status) !== "UNKNOWN_MTI") throw mydebit.error(status, view);
  fields.mti = view.mti.toString(16).padStart(4, "0");
  for (let de = 2; de <= 128; de++) if (view.has(de)) fields[de] = view.text(de);
  if (!view.has(120)) return { fields, tags };
  for (let i = 0; i < view.tags.count; i++) {
    const tag = view.tags.order[i] as number;
    const at = view.tags.offset(tag);
    tags[String(tag).padStart(2, "0")] = bytes.toString("latin1", at, at + view.tags.length(tag));
  }
  return { fields, tags };
}

export function de7(seconds: number): string {
  const out = Buffer.alloc(10);
  writeTransmission(out, 0, seconds);
  if (transmissionSeconds(out, 0, seconds) !== seconds) throw new Error("DE7 does not round-trip");
  return out.toString("latin1");
}

export function encode(
  mti: string,
  fields: Readonly<Record<string, string | null>>,
  tags: Readonly<Record<string, string | null>> | null,
  macKey?: Buffer,
): Buffer {
  const out = Buffer.alloc(4_096);
  const given = Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  const list = Object.fromEntries(
    Object.entries(tags ?? {}).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  const mac = macKey === undefined ? {} : { "128": "00".repeat(8) };
  const all = tags === null ? { ...given, ...mac } : { ...given, "120": list, ...mac };
  const end = mydebit.encode({ mti, fields: all }, out, 0);
  const message = Buffer.from(out.subarray(0, end));
  if (macKey !== undefined) signMac(message, macKey);
  return message;
}

export function signMac(message: Buffer, key: Buffer): void {
  const end = message.length - 8;
  createMessageMac(key).mac(message, 0, end, message, end, 8);
}
