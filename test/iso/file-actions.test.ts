// Defends: an issuer's 0302 does to its cards what its JSON and gRPC calls do, once for each event,
// and to nobody else's; 0312 says what became of it; and neither side of the door can be used from
// the other: issuers send no payments, switches no file actions. Against the whole service.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { issuerName, openWorld, type World } from "../../cmd/demo/world.ts";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { Cmac } from "../../crypto/mod.ts";
import { putBinRange, putIssuer } from "../../vault/mod.ts";
import { luhnPan, panBytes, tokensByCard, viewNow } from "../grpc/cards.ts";
import { framed, RawEnd, signOn } from "./door.ts";
import { purchase } from "./payments.ts";

let world: World;
let bank: RawEnd;
let rival: RawEnd;
let payer: RawEnd;
let tokens: ReturnType<typeof tokensByCard>;
let stan = 100;

const vault = () => world.service.engine.opened.vault;
const panOf = (place: number) => panBytes(vault(), tokens[place]!.tokenRef).toString("latin1");
const view = (place: number) => viewNow(vault(), tokens[place]!.tokenRef);
const bankKey = () => world.ring.active("mac", issuerName).bytes;

beforeAll(async () => {
  world = await openWorld({
    tokens: 40,
    switch: { mac: "none" },
    issuer: { iso: { addresses: ["127.0.0.2"] } },
    issuers: [{ name: "rival", issuerId: "RIVAL", iso: { addresses: ["127.0.0.3"], mac: "none" } }],
    macPeers: [issuerName],
  });
  putIssuer(vault(), { id: "RIVAL", name: "Rival" });
  putBinRange(vault(), { prefix: "999998", issuerId: "RIVAL" });
  tokens = tokensByCard(world);
  [bank, rival, payer] = [
    await from("127.0.0.2"),
    await from("127.0.0.3"),
    await from("127.0.0.1"),
  ];
  await bank.ask(signed(signOn));
  await rival.signOn();
  await payer.signOn();
});
afterAll(async () => {
  for (const end of [bank, rival, payer]) end?.socket.destroy();
  await world?.close();
});

function from(localAddress: string): Promise<RawEnd> {
  const { port } = world.service.addresses.iso;
  const socket = connect({ host: "127.0.0.1", port, localAddress });
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("connect", () => resolve(new RawEnd(socket)));
  });
}

interface Fields {
  readonly de91?: string;
  readonly de101?: string;
  readonly stan?: number;
}

/** The bytes of a 0302 before its MAC; `bitmap2` says whether one follows. */
function action(pan: string, tags: readonly string[], fields: Fields, hasMac: boolean): string {
  const { de91 = "2", de101 = "CARDLCM" } = fields;
  const data = tags.map((tag) => {
    const value = tag.slice(2);
    return `${tag.slice(0, 2)}${String(value.length).padStart(3, "0")}${value}`;
  });
  const de120 = data.join("");
  stan += 1;
  const number = String(fields.stan ?? stan).padStart(6, "0");
  return [
    "0302",
    "C238000108000000", // 1 2 7 11 12 13 32 37
    hasMac ? "0000002008000101" : "0000002008000100", // 91 101 120 128
    String(pan.length) + pan,
    "0101000900",
    number,
    "080900",
    "0101",
    "06589001",
    `600100${number}`,
    de91,
    String(de101.length).padStart(2, "0") + de101,
    String(de120.length).padStart(3, "0") + de120,
  ].join("");
}

function signed(message: string, key = bankKey()): Buffer {
  // A sign-on says by its bitmap whether a MAC follows.
  const text = message.startsWith("0800")
    ? message.replace("0400000000000000", "0400000000000001")
    : message;
  const bytes = Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(8)]);
  new Cmac(key).mac(bytes, 0, text.length, bytes, text.length, 8);
  return bytes;
}

interface Answer {
  readonly mti: string;
  readonly de39: string;
  readonly pan: string;
  readonly tags: Readonly<Record<number, string>>;
}

function read(answer: string): Answer {
  const found = mydebit.createView();
  const bytes = Buffer.from(answer, "latin1");
  expect(mydebit.scanMessage(found, bytes, 0, bytes.length)).toBe(0);
  expect(mydebit.validate(found)).toBe(0);
  const tags: Record<number, string> = {};
  if (found.has(120)) {
    for (const tag of found.tags.order.subarray(0, found.tags.count)) {
      const at = found.tags.offset(tag);
      tags[tag] = answer.slice(at, at + found.tags.length(tag));
    }
  }
  return { mti: answer.slice(0, 4), de39: found.text(39), pan: found.text(2), tags };
}

async function ask(pan: string, tags: readonly string[], fields: Fields = {}): Promise<Answer> {
  return read(await bank.ask(signed(action(pan, tags, fields, true))));
}

async function askAs(end: RawEnd, pan: string, tags: readonly string[]): Promise<Answer> {
  return read(await end.ask(action(pan, tags, {}, false)));
}

describe("an issuer's card", () => {
  test("is suspended with all its tokens, resumed, and closed for good", async () => {
    const pan = panOf(0);
    const done = await ask(pan, ["50SUSP", "51LOST", "54EV-1"]);
    expect(done).toEqual({ mti: "0312", de39: "00", pan, tags: { 56: "00002", 57: "S" } });
    expect([view(0).status, view(1).status]).toEqual(["SUSPENDED", "SUSPENDED"]);
    expect((await ask(pan, ["50INQY"], { de91: "5" })).tags).toEqual({ 56: "00000", 57: "S" });
    expect((await ask(pan, ["50RESM", "51FOUN"])).tags).toEqual({ 56: "00002", 57: "A" });
    expect(view(0).status).toBe("ACTIVE");
    expect((await ask(pan, ["50DELT"], { de91: "3" })).tags).toEqual({ 56: "00002", 57: "D" });
    expect(view(1).status).toBe("DELETED");
    expect((await ask(pan, ["50RESM"])).de39).toBe("12");
  });

  test("has one effect for one event, and the event no other content", async () => {
    const event = ["50SUSP", "51STOL", "54EV-2"];
    const first = await ask(panOf(2), event);
    expect((await ask(panOf(2), ["50RESM"])).tags[57]).toBe("A");
    // The same event again, in another message: its answer, and nothing else.
    expect(await ask(panOf(2), event)).toEqual(first);
    expect(view(2).status).toBe("ACTIVE");
    expect((await ask(panOf(4), event)).de39).toBe("94");
    expect(view(4).status).toBe("ACTIVE");
  });

  test("has one effect for one message where no event is named", async () => {
    const first = await ask(panOf(4), ["50SUSP"], { stan: 90 });
    expect(first.tags).toEqual({ 56: "00002", 57: "S" });
    await ask(panOf(4), ["50RESM"], { stan: 91 });
    expect(await ask(panOf(4), ["50SUSP"], { stan: 90 })).toEqual(first);
    expect(view(4).status).toBe("ACTIVE");
    expect((await ask(panOf(4), ["50DELT"], { stan: 90, de91: "3" })).de39).toBe("94");
  });

  test("takes no late expiry or resume, and says so", async () => {
    const at = (hour: number) => `5520260101${hour}0000`;
    expect((await ask(panOf(6), ["50EXPU", "533305", at(12)])).tags[57]).toBe("A");
    const late = await ask(panOf(6), ["50EXPU", "533204", at(11)]);
    expect(late).toMatchObject({ de39: "00", tags: { 56: "00000", 58: "S" } });
    expect(view(6).cardExpiry).toBe("3305");
    await ask(panOf(6), ["50SUSP", at(14)]);
    expect((await ask(panOf(6), ["50RESM", at(13)])).tags).toEqual({
      56: "00000",
      57: "S",
      58: "S",
    });
    expect(view(6).status).toBe("SUSPENDED");
  });

  test("moves with its tokens to a new number of the same issuer", async () => {
    const [old, next] = [panOf(8), luhnPan("9999995771")];
    const foreign = await ask(old, ["50PANU", `52${luhnPan("9999981")}`, "533401"]);
    expect(foreign.de39).toBe("57");
    expect(panOf(8)).toBe(old);
    const moved = await ask(old, ["50PANU", "51REPL", `52${next}`, "533401"]);
    expect(moved).toMatchObject({ de39: "00", tags: { 56: "00002", 57: "D" } });
    expect([panOf(8), view(8).cardExpiry]).toEqual([next, "3401"]);
  });

  test("is remembered when lost before anybody made a token of it", async () => {
    const pan = luhnPan("9999995882");
    for (const tags of [["50RESM"], ["50EXPU", "533305"]]) {
      expect(await ask(pan, tags)).toMatchObject({ de39: "14", tags: { 57: "U" } });
    }
    expect(await ask(pan, ["50INQY"], { de91: "5" })).toMatchObject({ de39: "14" });
    expect((await ask(pan, ["50SUSP", "51LOST"])).tags).toEqual({ 56: "00000", 57: "S" });
    expect((await ask(pan, ["50INQY"], { de91: "5" })).tags[57]).toBe("S");
  });
});

describe("what is not right", () => {
  test.each<[string, string[], Fields, string]>([
    ["an unknown action", ["50ZZZZ"], {}, "12"],
    ["an action under another DE91", ["50SUSP"], { de91: "3" }, "12"],
    ["another file", ["50SUSP"], { de101: "OTHER" }, "12"],
    ["an unknown reason", ["50SUSP", "51ZZZZ"], {}, "30"],
    ["no action", ["51LOST"], {}, "30"],
    ["an expiry update without one", ["50EXPU"], {}, "30"],
    ["a new number without its expiry", ["50PANU", "529999995000000000"], {}, "30"],
    ["a month that is none", ["50EXPU", "533313"], {}, "30"],
    ["a day that is none", ["50SUSP", "5520260231000000"], {}, "30"],
  ])("%s", async (_, tags, fields, de39) => {
    expect((await ask(panOf(10), tags, fields)).de39).toBe(de39);
    expect(view(10).status).toBe("ACTIVE");
  });

  test("a card number with a wrong check digit", async () => {
    const pan = panOf(10);
    const wrong = pan.slice(0, -1) + String((Number(pan.at(-1)) + 1) % 10);
    expect((await ask(wrong, ["50SUSP"])).de39).toBe("14");
  });

  test("a MAC that does not verify, and none", async () => {
    const message = action(panOf(10), ["50SUSP"], {}, true);
    expect(read(await bank.ask(signed(message, Buffer.alloc(32, 1)))).de39).toBe("63");
    const bare = action(panOf(10), ["50SUSP"], {}, false);
    expect(read(await bank.ask(bare)).de39).toBe("30");
    expect(view(10).status).toBe("ACTIVE");
  });

  test("answers are signed", async () => {
    const answer = await bank.ask(signed(action(panOf(10), ["50INQY"], { de91: "5" }, true)));
    expect(signed(answer.slice(0, -8)).toString("latin1")).toBe(answer);
  });
});

describe("nobody else", () => {
  test("changes a card, and all are answered alike, known card or not", async () => {
    for (const tags of [["50SUSP"], ["50RESM"]]) {
      for (const pan of [panOf(12), luhnPan("9999995993")]) {
        for (const end of [rival, payer]) {
          expect(await askAs(end, pan, tags)).toEqual({ mti: "0312", de39: "57", pan, tags: {} });
        }
      }
    }
    expect(view(12).status).toBe("ACTIVE");
    expect((await askAs(rival, luhnPan("9999981"), ["50SUSP"])).de39).toBe("00");
  });

  test("signs on for another connection, and before it nothing is done", async () => {
    const end = await from("127.0.0.3");
    expect(await askAs(end, luhnPan("9999982"), ["50SUSP"])).toMatchObject({
      de39: "58",
      tags: {},
    });
    end.socket.destroy();
  });

  test("an issuer's peer sends no payment", async () => {
    const answer = read(await rival.ask(purchase(7)));
    expect([answer.de39, answer.tags[13]]).toEqual(["57", "9057"]);
    expect(read(await payer.ask(purchase(8))).tags[13]).not.toBe("9057");
  });
});

test("many at once are all answered, each as itself", async () => {
  const before = bank.frames.length;
  const pans = Array.from({ length: 300 }, (_, i) =>
    luhnPan(`9999994${String(i).padStart(4, "0")}`),
  );
  bank.send(...pans.map((pan) => framed(signed(action(pan, ["50SUSP"], {}, true)))));
  await bank.until(before + pans.length);
  const answers = bank.frames.slice(before).map((one) => read(one.toString("latin1", 12)));
  expect(new Set(answers.map(({ pan }) => pan))).toEqual(new Set(pans));
  expect(new Set(answers.map(({ de39 }) => de39))).toEqual(new Set(["00"]));
});
