// A session answers every item exactly once, whatever the frames look like and in whatever order
// the hot path answers; it slows a fast writer down, sheds what the queue cannot take, refuses what
// is malformed, and drains.

import * as http2 from "node:http2";
import { Readable } from "node:stream";
import { ChannelCredentials, Client, type ServiceError, status } from "@grpc/grpc-js";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SessionListener, SwitchClient, type SwitchSession } from "../../api/grpc/mod.ts";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { type AppError, isAppError, systemClock } from "../../platform/mod.ts";
import { SessionRequest, SwitchServiceService, type VerifyResponse } from "../../proto/mod.ts";
import { type Door, openSwitchDoor, paymentMessage, paymentRequest, until } from "./doors.ts";
import { FakeDispatcher, type FakeItem } from "./fake-dispatcher.ts";

/** Keeps what a session gets, by correlation id. */
class Answers implements SessionListener {
  readonly messages = new Map<number, string>();
  readonly responses = new Map<number, VerifyResponse>();
  readonly errors = new Map<number, AppError>();
  doubled = 0;
  ended: AppError | null | undefined = undefined;

  get count(): number {
    return this.messages.size + this.responses.size + this.errors.size;
  }

  answer(correlation: number, bytes: Buffer, offset: number, length: number): void {
    this.#once(correlation);
    this.messages.set(correlation, bytes.toString("latin1", offset, offset + length));
  }

  response(correlation: number, response: VerifyResponse): void {
    this.#once(correlation);
    this.responses.set(correlation, response);
  }

  fail(correlation: number, error: AppError): void {
    this.#once(correlation);
    this.errors.set(correlation, error);
  }

  end(error: AppError | null): void {
    this.ended = error;
  }

  #once(correlation: number): void {
    const seen = [this.messages, this.responses, this.errors].some((map) => map.has(correlation));
    if (seen) this.doubled++;
  }
}

let dispatcher: FakeDispatcher;
let door: Door;
let client: SwitchClient;

async function open(limits = {}): Promise<void> {
  dispatcher = new FakeDispatcher();
  door = await openSwitchDoor({ dispatcher, limits });
  client = new SwitchClient({ address: door.server.address, security: { kind: "insecure" } });
}

beforeEach(() => open());

afterEach(async () => {
  client.close();
  await door.server.stop({ limitMs: 2_000 });
});

function stanOf(answer: string): string {
  const bytes = Buffer.from(answer, "latin1");
  const view = mydebit.createView();
  expect(mydebit.scanMessage(view, bytes, 0, bytes.length)).toBe(0);
  expect(view.mti).toBe(0x0110);
  return view.text(11);
}

function sendAll(session: SwitchSession, sizes: readonly number[]): number {
  let next = 1;
  for (const size of sizes) {
    for (let i = 0; i < size; i++, next++) {
      const message = paymentMessage(next);
      session.add(next, message, 0, message.length);
    }
    session.flush();
  }
  return next - 1;
}

function shuffled(items: FakeItem[]): FakeItem[] {
  return items
    .map((item, i) => ({ item, key: (i * 7919) % 104_729 }))
    .sort((a, b) => (a.key % 13) - (b.key % 13))
    .map(({ item }) => item);
}

test("any split into frames gives every message its own answer once, in any order", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(sizes, async (split) => {
      dispatcher.automatic = false;
      dispatcher.taken.length = 0;
      const answers = new Answers();
      const session = client.session(answers);
      const sent = sendAll(session, split);
      await until("all are taken", () => dispatcher.taken.length === sent);
      dispatcher.release((items) => shuffled(items).slice(0, Math.ceil(sent / 2)));
      dispatcher.release((items) => items.toReversed());
      await until("all are answered", () => answers.count === sent);
      session.finish();
      await until("the session ended", () => answers.ended !== undefined);
      expect(answers.ended).toBeNull();
      expect(answers.doubled).toBe(0);
      for (const [correlation, message] of answers.messages) {
        expect(Number(stanOf(message))).toBe(correlation);
      }
    }),
    { numRuns: 15 },
  );
}, 30_000);

test("large correlation ids survive", async () => {
  const answers = new Answers();
  const session = client.session(answers);
  const correlation = 2 ** 53 - 1;
  const message = paymentMessage(1);
  session.add(correlation, message, 0, message.length);
  session.flush();
  await until("answered", () => answers.messages.has(correlation));
  session.finish();
});

test("structured payments of a session are answered structured, bad ones by name", async () => {
  dispatcher.judge = (message) => (message.includes("000002") ? 1003 : 0);
  const answers = new Answers();
  const session = client.session(answers);
  session.request([
    { correlationId: 1n, request: paymentRequest({ stan: "000001" }) },
    { correlationId: 2n, request: paymentRequest({ stan: "000002" }) },
    { correlationId: 3n, request: paymentRequest({ stan: "x" }) },
    { correlationId: 4n, request: undefined },
  ]);
  await until("all are answered", () => answers.count === 4);
  expect(answers.responses.get(1)?.reason).toBe("VERIFIED");
  expect(answers.responses.get(2)?.reason).toBe("TRID_MISMATCH");
  expect(answers.errors.get(3)?.message).toBe("stan: 6 digits");
  expect(answers.errors.get(4)?.code).toBe("MISSING_FIELD");
  session.finish();
});

test("a message that cannot be answered is an error of its item; the session goes on", async () => {
  const answers = new Answers();
  const session = client.session(answers);
  const good = paymentMessage(2);
  session.add(1, Buffer.from("not a message"), 0, 13);
  session.add(2, good, 0, good.length);
  const long = Buffer.alloc(5_000, "0");
  session.add(3, long, 0, long.length);
  session.flush();
  await until("all are answered", () => answers.count === 3);
  expect(answers.errors.get(1)?.code).toBe("MESSAGE_INVALID");
  expect(answers.errors.get(1)?.details.code).toBe("BAD_MTI");
  expect(answers.errors.get(3)?.details.code).toBe("FRAME_LENGTH");
  expect(stanOf(answers.messages.get(2) ?? "")).toBe("000002");
  expect(door.metrics.itemCounts.unanswerable).toBe(2);
  session.finish();
});

test("overload is answered at once, item by item", async () => {
  dispatcher.automatic = false;
  dispatcher.capacity = 10;
  const answers = new Answers();
  const session = client.session(answers);
  sendAll(session, [25]);
  await until("15 are shed", () => answers.errors.size === 15);
  const error = answers.errors.get(25);
  expect(error?.code).toBe("OVERLOADED");
  expect(error?.retryAfterMs).toBeGreaterThan(0);
  expect(door.metrics.itemCounts).toEqual({ taken: 10, shed: 15, unanswerable: 0 });
  dispatcher.release();
  await until("the rest is answered", () => answers.count === 25);
  session.finish();
});

test("each item has a deadline, since a session has none", async () => {
  dispatcher.automatic = false;
  const session = client.session(new Answers());
  sendAll(session, [1]);
  await until("it is taken", () => dispatcher.taken.length === 1);
  const left = (dispatcher.taken[0]?.deadlineMs ?? 0) - systemClock.monotonicMs();
  expect(left).toBeGreaterThan(500);
  expect(left).toBeLessThanOrEqual(2_000);
  dispatcher.release();
  session.finish();
});

test("reading pauses while too much is under way, and goes on", async () => {
  await door.server.stop({ limitMs: 100 });
  client.close();
  await open({ inflightPause: 64, blockItemsMax: 32 });
  dispatcher.automatic = false;
  const answers = new Answers();
  const session = client.session(answers);
  const frames = 40;
  const sent = sendAll(session, new Array(frames).fill(32));
  await until("the pause mark is reached", () => dispatcher.waiting.length >= 64);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(dispatcher.waiting.length).toBeLessThan(64 + 32);
  while (answers.count < sent) {
    dispatcher.release((items) => items.slice(0, 32));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(dispatcher.waitingPeak).toBeLessThan(64 + 32);
  session.finish();
}, 20_000);

/** Sends raw frames; resolves with the status that ends the session. */
function endOf(frames: readonly Buffer[]): Promise<ServiceError> {
  const raw = new Client(door.server.address, ChannelCredentials.createInsecure());
  const { path } = SwitchServiceService.session;
  const same = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    const stream = raw.makeBidiStreamRequest(path, same, same);
    stream.on("data", () => {});
    stream.on("error", (error: ServiceError) => {
      raw.close();
      resolve(error);
    });
    for (const frame of frames) stream.write(frame);
  });
}

test("a malformed block ends the session, and none of its items is taken", async () => {
  const message = paymentMessage(1);
  const item = Buffer.concat([Buffer.alloc(8), Buffer.from([0, 0, 0, message.length]), message]);
  const cut = Buffer.concat([item, item.subarray(0, 40)]);
  const key = Buffer.from([0x0a, (cut.length & 0x7f) | 0x80, cut.length >> 7]);
  for (const frame of [Buffer.concat([key, cut]), Buffer.from([0x0a, 0x05, 1]), Buffer.alloc(0)]) {
    const error = await endOf([frame]);
    expect(error.code).toBe(status.INVALID_ARGUMENT);
    expect(error.metadata.get("grpc-status-details-bin").toString()).toContain("INVALID_REQUEST");
  }
  expect(dispatcher.taken).toHaveLength(0);
  await until("sessions are gone", () => door.metrics.openSessions === 0);
});

test("what was under way when a malformed frame came is still answered", async () => {
  dispatcher.automatic = false;
  const answers = new Answers();
  const session = client.session(answers);
  sendAll(session, [3]);
  await until("three are taken", () => dispatcher.taken.length === 3);
  session.request(new Array(2_000).fill({ correlationId: 9n, request: undefined }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answers.ended).toBeUndefined();
  dispatcher.release();
  await until("the session ended", () => answers.ended !== undefined);
  expect(answers.messages.size).toBe(3);
  expect(isAppError(answers.ended, "INVALID_REQUEST")).toBe(true);
});

test("a caller that goes away costs nothing: late answers meet nobody", async () => {
  dispatcher.automatic = false;
  const session = client.session(new Answers());
  sendAll(session, [5]);
  await until("five are taken", () => dispatcher.taken.length === 5);
  session.cancel();
  await until("the session is gone", () => door.metrics.openSessions === 0);
  dispatcher.release();
  const response = client.verify(paymentRequest());
  await until("it is taken", () => dispatcher.waiting.length === 1);
  dispatcher.release();
  expect((await response).reason).toBe("VERIFIED");
});

test("a stop answers what is under way, refuses what comes later, and ends", async () => {
  dispatcher.automatic = false;
  const answers = new Answers();
  const session = client.session(answers);
  sendAll(session, [4]);
  await until("four are taken", () => dispatcher.taken.length === 4);
  const stopped = door.server.stop({ limitMs: 3_000 });
  await new Promise((resolve) => setTimeout(resolve, 30));
  const late = paymentMessage(99);
  session.add(99, late, 0, late.length);
  session.flush();
  await until("the late one is refused", () => answers.errors.has(99));
  expect(answers.errors.get(99)?.code).toBe("SERVICE_UNAVAILABLE");
  expect(dispatcher.taken).toHaveLength(4);
  dispatcher.release();
  await stopped;
  await until("the session ended", () => answers.ended !== undefined);
  expect(answers.messages.size).toBe(4);
  expect(isAppError(answers.ended, "SERVICE_UNAVAILABLE")).toBe(true);
});

test("a stop does not wait longer than its limit", async () => {
  dispatcher.automatic = false;
  const answers = new Answers();
  sendAll(client.session(answers), [1]);
  await until("it is taken", () => dispatcher.taken.length === 1);
  const begun = Date.now();
  await door.server.stop({ limitMs: 200 });
  expect(Date.now() - begun).toBeLessThan(2_000);
  await until("the session ended", () => answers.ended !== undefined);
  expect(answers.ended).not.toBeNull();
  dispatcher.release();
});

test("a client that does not read is not written to without end", async () => {
  // grpc-js's own client reads into memory whatever its user does, so this one is bare HTTP/2.
  const connection = http2.connect(`http://${door.server.address}`);
  const stream = connection.request({
    ":method": "POST",
    ":path": SwitchServiceService.session.path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  stream.on("error", () => {});
  const message = paymentMessage(1);
  const item = Buffer.concat([Buffer.alloc(8), Buffer.from([0, 0, 0, message.length]), message]);
  const block = Buffer.concat(new Array<Buffer>(200).fill(item));
  const frame = SessionRequest.encode({ frame: { $case: "block", block } }).finish();
  const head = Buffer.alloc(5);
  head.writeUInt32BE(frame.length, 1);
  // 200 answers are 64 KB: 250 frames would be 16 MB in the server's memory.
  const framesMax = 250;
  Readable.from(new Array(framesMax).fill(Buffer.concat([head, frame]))).pipe(stream);
  let stopped = 0;
  let since = Date.now();
  const still = () => {
    if (dispatcher.taken.length !== stopped) {
      stopped = dispatcher.taken.length;
      since = Date.now();
    }
    return stopped > 0 && Date.now() - since > 500;
  };
  await until("the server has stopped reading", still, 15_000);
  expect(stopped).toBeLessThan(200 * 100);
  let bytes = 0;
  stream.on("data", (answer: Buffer) => {
    bytes += answer.length;
  });
  await until("all is answered when the client reads", () => bytes > framesMax * 200 * 300, 15_000);
  stream.destroy();
  connection.destroy();
}, 40_000);

test("a session ends in good order before its connection grows too old", async () => {
  await door.server.stop({ limitMs: 100 });
  client.close();
  await open({ connectionAgeMs: 300, connectionAgeGraceMs: 5_000 });
  dispatcher.automatic = false;
  const answers = new Answers();
  const session = client.session(answers);
  sendAll(session, [3]);
  await until("three are taken", () => dispatcher.taken.length === 3);
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(answers.ended).toBeUndefined();
  dispatcher.release();
  await until("the session ended", () => answers.ended !== undefined);
  expect(answers.messages.size).toBe(3);
  expect(answers.ended?.message).toContain("reached its age");
});
