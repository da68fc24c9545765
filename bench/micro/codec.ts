// The codec alone: scan, scan with the fields that the pipeline takes, answer. Each beside the
// slow way to the same result.

import { mydebit, ReplyPatch, transmissionSeconds, type View } from "../../codec/iso8583/mod.ts";
import { decodeSlowly } from "../../codec/iso8583/oracle/message.ts";
import { luhnDigit } from "../../codec/pan/mod.ts";
import { SecretKey } from "../../crypto/mod.ts";
import { timePerOperation } from "../lib/measure.ts";
import { type MessageBlock, MessageMaker } from "../lib/message-maker.ts";
import { Chooser } from "../lib/random.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";
import { deckAt, deckEntryBytes, TokenDeck } from "../lib/token-deck.ts";

/** So many that the branch predictor does not learn them by heart. */
const messages = 1_024;
const tokenHead = "608727001";
const answerBytesMax = 1_024;

/** Tokens that exist nowhere: the codec does not look them up. */
function madeUpDeck(): TokenDeck {
  const bytes = Buffer.alloc(messages * deckEntryBytes);
  for (let token = 0; token < messages; token++) {
    const head = tokenHead + String(token * 977).padStart(6, "0");
    const at = token * deckEntryBytes;
    bytes.write(head + luhnDigit(head), at + deckAt.tpan, "latin1");
    bytes.write("3012", at + deckAt.expiry, "latin1");
    bytes.write("99900000001", at + deckAt.trid, "latin1");
  }
  return new TokenDeck(bytes);
}

function makeMessages(): MessageBlock {
  const key = Buffer.alloc(32, 7);
  const ptavKey = new SecretKey({
    usage: "ptav",
    label: "",
    version: 1,
    state: "ACTIVE",
    bytes: key,
  });
  const choose = new Chooser(1);
  const maker = new MessageMaker({ deck: madeUpDeck(), ptavKey, macKey: key, choose });
  const now = Math.floor(Date.now() / 1_000);
  return maker.make(messages, now, now);
}

/** Scans every message once. */
function scanAll({ bytes, length, count }: MessageBlock, view: View): void {
  for (let i = 0; i < count; i++) {
    const at = i * length;
    if (mydebit.scanMessage(view, bytes, at, at + length) !== 0) throw new Error("not scanned");
  }
}

function scanAllSlowly({ bytes, length, count }: MessageBlock): void {
  for (let i = 0; i < count; i++) {
    const at = i * length;
    const { error } = decodeSlowly(mydebit.spec, bytes, at, at + length, true);
    if (error !== null) throw new Error("not decoded");
  }
}

/** Elements and tags that the pipeline's stages read of every payment. */
const elements = [2, 3, 4, 7, 11, 14, 22, 32, 37, 42, 49] as const;
const tags = [3, 4, 5, 7] as const;

/** Scan, judge, and take every offset that the stages take; the sum keeps the compiler honest. */
function takeAll({ bytes, length, count }: MessageBlock, view: View, nowSeconds: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const at = i * length;
    const status = mydebit.scanMessage(view, bytes, at, at + length);
    if (status !== 0 || mydebit.validate(view) !== 0) throw new Error("not valid");
    sum += transmissionSeconds(bytes, view.offset(7), nowSeconds) & 1;
    for (const de of elements) sum += view.has(de) ? view.offset(de) + view.length(de) : 0;
    for (const tag of tags) {
      sum += view.tags.has(tag) ? view.tags.offset(tag) + view.tags.length(tag) : 0;
    }
  }
  return sum;
}

/** The same facts as strings out of the document form. */
function takeAllAsStrings({ bytes, length, count }: MessageBlock): number {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const at = i * length;
    const { fields } = mydebit.decode(bytes, at, at + length, { reveal: true, bare: true });
    for (const de of elements) sum += fields[de]?.value.length ?? 0;
  }
  return sum;
}

const response = "00";
/** Eight bytes, filled in later. */
const noMac = "00".repeat(8);
const tag14Head = "14036";
/** Values of an approval: response code, card number and expiry, token data. */
function fillPatch(patch: ReplyPatch): void {
  const head = "999999000000001";
  const card = head + luhnDigit(head);
  const tokenData = `12001V130040000${tag14Head}${"0".repeat(36)}`;
  let at = 0;
  patch.clear();
  patch.withMac = true;
  for (const [de, text] of [
    [2, card],
    [14, "2909"],
    [39, response],
    [120, tokenData],
  ] as const) {
    const length = patch.buf.write(text, at, "latin1");
    patch.set(de, at, length);
    at += length;
  }
}

function answerAll(views: readonly View[], out: Buffer, patch: ReplyPatch): void {
  for (const view of views) {
    if (mydebit.reply(view, out, 0, patch) < 0) throw new Error("not answered");
  }
}

/** The same answer out of an object of strings. */
function answerAllSlowly(views: readonly View[], out: Buffer): void {
  const echoed = [3, 4, 7, 11, 12, 13, 32, 37, 41, 42, 49];
  for (const view of views) {
    const fields: Record<string, string | Record<string, string>> = { "39": response };
    for (const de of echoed) fields[de] = view.text(de);
    fields["2"] = view.text(2);
    fields["14"] = "2909";
    fields["120"] = { "12": "V", "13": "0000", "14": "0".repeat(36) };
    fields["128"] = noMac;
    mydebit.encode({ mti: "0110", fields }, out, 0);
  }
}

async function scan(context: BenchContext) {
  const block = makeMessages();
  const view = mydebit.createView();
  const time = (work: () => void) => () => timePerOperation(work, messages, context.runMs);
  return [
    await compare(context, {
      scenario: "scan",
      metric: "0100 with DE128 to offsets",
      unit: "µs",
      subject: { name: "generated scan", run: time(() => scanAll(block, view)) },
      baseline: { name: "table-driven oracle", run: time(() => scanAllSlowly(block)) },
    }),
  ];
}

async function fields(context: BenchContext) {
  const block = makeMessages();
  const view = mydebit.createView();
  const now = Math.floor(Date.now() / 1_000);
  const time = (work: () => void) => () => timePerOperation(work, messages, context.runMs);
  return [
    await compare(context, {
      scenario: "fields",
      metric: "scan, validate, all that the stages read",
      unit: "µs",
      subject: { name: "offsets", run: time(() => void takeAll(block, view, now)) },
      baseline: { name: "decode to strings", run: time(() => void takeAllAsStrings(block)) },
    }),
  ];
}

async function encode(context: BenchContext) {
  const block = makeMessages();
  const out = Buffer.alloc(answerBytesMax);
  const patch = new ReplyPatch();
  fillPatch(patch);
  const views = Array.from({ length: messages }, (_, i) => {
    const view = mydebit.createView();
    mydebit.scanMessage(view, block.bytes, i * block.length, (i + 1) * block.length);
    return view;
  });
  const time = (work: () => void) => () => timePerOperation(work, messages, context.runMs);
  return [
    await compare(context, {
      scenario: "encode",
      metric: "0110 from the request's bytes",
      unit: "µs",
      subject: { name: "reply", run: time(() => answerAll(views, out, patch)) },
      baseline: { name: "encode from strings", run: time(() => answerAllSlowly(views, out)) },
    }),
  ];
}

export const codecScenarios: readonly Scenario[] = [
  {
    name: "scan",
    usual: true,
    group: "micro",
    about: "the generated scan of a 0100, beside the table-driven oracle",
    run: scan,
  },
  {
    name: "fields",
    group: "micro",
    about: "scan and the fields that verifying takes, beside a decode to strings",
    run: fields,
  },
  {
    name: "encode",
    usual: true,
    group: "micro",
    about: "a 0110 from the request's bytes, beside an encode from strings",
    run: encode,
  },
];
