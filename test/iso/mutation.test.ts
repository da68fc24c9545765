// Property: every prefix and every bit flip of every kind of message gets the answer that the
// codec's verdict demands, byte for byte, or ends the connection where the verdict says so; and
// after every one that does not end it, the connection is as usable as before.
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectsAnswer, mydebit, ReplyPatch, unpackStatus } from "../../codec/iso8583/mod.ts";
import {
  closeDoors,
  framed,
  networkMessage,
  type OpenDoor,
  openDoor,
  RawEnd,
  signOn,
} from "./door.ts";
import { everyKind } from "./payments.ts";

let door: OpenDoor;

beforeAll(async () => {
  // Unanswerable messages are counted here, not punished: each must leave the connection usable.
  door = await openDoor({ limits: { unanswerableMax: 1_000_000 } });
});
afterAll(closeDoors);

const starts = "ISO026000050";
const startBytes = Buffer.from(starts, "latin1");

const fixtures = new Map([
  ["0800", Buffer.from(networkMessage("000004", "301"), "latin1")],
  ...everyKind(false),
]);

/** Every frame body that one truncation or one flipped bit makes of a message. */
function mutantsOf(message: Buffer): Buffer[] {
  const body = Buffer.concat([startBytes, message]);
  const mutants: Buffer[] = [];
  for (let length = 1; length < body.length; length++) mutants.push(body.subarray(0, length));
  for (let bit = 0; bit < body.length * 8; bit++) {
    const mutant = Buffer.from(body);
    mutant[bit >> 3]! ^= 1 << (bit & 7);
    mutants.push(mutant);
  }
  return mutants;
}

const view = mydebit.createView();
const patch = new ReplyPatch();
const out = Buffer.alloc(4_096);

/** What must come back for a frame body: a frame, nothing, or the end of the connection. */
function verdictOf(body: Buffer): Buffer | "nothing" | "end" {
  if (body.length < 48) return "end";
  let status = mydebit.scan(view, body, 0, body.length);
  if (status === 0) status = mydebit.validate(view);
  if (status !== 0 && !mydebit.answerable(status, view)) {
    const { action, code } = unpackStatus(status);
    return action === "close" || code === "UNKNOWN_MTI" ? "end" : "nothing";
  }
  if (status === 0 && !expectsAnswer(view.mti)) return "nothing";
  patch.clear();
  patch.errorOnly = status !== 0;
  const de39 = status !== 0 ? "30" : (networkAnswer(body) ?? "00");
  patch.buf.write(de39, 0, "latin1");
  patch.set(39, 0, 2);
  const end = mydebit.reply(view, out, 0, patch);
  return Buffer.concat([body.subarray(0, 12), out.subarray(0, end)]);
}

/** DE39 of an answer to network management; null for payments. */
function networkAnswer(body: Buffer): string | null {
  if (body[13] !== 0x38) return null;
  return ["001", "002", "201", "301"].includes(view.text(70)) ? "00" : "12";
}

function frameOf(body: Buffer): Buffer {
  return framed(body.subarray(12), body.toString("latin1", 0, 12));
}

/** Bodies shorter than the start bytes cannot go through `framed`. */
function rawFrame(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([body.length >> 8, body.length & 255]), body]);
}

async function signedOn(): Promise<RawEnd> {
  const end = await RawEnd.connect(door.port);
  await end.signOn();
  end.frames.length = 0;
  return end;
}

/** Sends mutants that leave the connection open, each followed by an echo, over one connection. */
async function checkOpen(bodies: readonly Buffer[], wanted: readonly Buffer[]): Promise<void> {
  const end = await signedOn();
  const probes = bodies.map((_, i) => networkMessage(String(i + 1).padStart(6, "0"), "301"));
  for (let from = 0; from < bodies.length; from += 64) {
    const slice = bodies.slice(from, from + 64);
    end.send(...slice.flatMap((body, i) => [frameOf(body), framed(probes[from + i] ?? "")]));
  }
  const expected = [
    ...wanted.map((frame) => frame.toString("hex")),
    ...probes.map((probe) => probeAnswer(probe)),
  ];
  await end.until(expected.length);
  const got = end.frames.map((frame) => frame.toString("hex"));
  expect(got.sort()).toEqual(expected.sort());
  expect(end.ended).toBe(false);
  end.socket.destroy();
}

function probeAnswer(probe: string): string {
  const answer = verdictOf(Buffer.concat([startBytes, Buffer.from(probe, "latin1")]));
  if (typeof answer === "string") throw new Error("an echo is always answered");
  return answer.toString("hex");
}

async function checkEnding(body: Buffer): Promise<void> {
  const end = await signedOn();
  end.send(rawFrame(body));
  await end.end();
  expect(end.frames.map((frame) => frame.toString("hex"))).toEqual([]);
}

test.each([...fixtures])("%s", async (_name, message) => {
  const open: Buffer[] = [];
  const wanted: Buffer[] = [];
  const ending: Buffer[] = [];
  for (const body of mutantsOf(message)) {
    const verdict = verdictOf(body);
    if (verdict === "end") ending.push(body);
    else {
      open.push(body);
      if (verdict !== "nothing") wanted.push(verdict);
    }
  }
  // A sign-off among the mutants would turn the rest away; the fixtures have none within one bit.
  expect(open.length).toBeGreaterThan(100);
  expect(ending.length).toBeGreaterThan(47);
  await checkOpen(open, wanted);
  for (let from = 0; from < ending.length; from += 32) {
    await Promise.all(ending.slice(from, from + 32).map(checkEnding));
  }
});

test("the door still serves", async () => {
  const end = await RawEnd.connect(door.port);
  expect((await end.ask(signOn)).slice(0, 4)).toBe("0810");
});
