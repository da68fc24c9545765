// Property: what one version says and the other can say arrives and comes back as it was; what it
// cannot say is named with a code and a path, and nothing else changes; every row of every table
// holds in the direction that it claims; no value of a message stands in what is lost.
import { describe, expect, it } from "vitest";
import { knownTpan } from "../../pan/fixtures.ts";
import type { Codec } from "../codec.ts";
import { iso87Ascii, iso87Bcd, iso93Ascii, iso93Bcd, iso2003, mydebit } from "../mod.ts";
import { type Random, seededRandom } from "../testdata/random.ts";
import { randomMessage } from "../testdata/values.ts";
import { actionOf, codeRows, responseOf } from "./action-codes.ts";
import { alike } from "./fields.ts";
import { convertMTI, fileRows, networkNearest, networkRows, reasonRows } from "./function-codes.ts";
import { type Converted, convertMessage, type PlainMessage, plainMessage } from "./message.ts";
import { captureRows, conditionRows, entryNearest, entryRows } from "./point-of-service.ts";

const options = { now: Date.UTC(2026, 10, 25, 12) / 1_000, localOffset: 480 };

function there(mti: string, fields: Record<string, string>, more = options): Converted {
  return convertMessage(iso87Ascii, iso93Ascii, { mti, fields }, more)!;
}
function back(mti: string, fields: Record<string, string>, more = options): Converted {
  return convertMessage(iso93Ascii, iso87Ascii, { mti, fields }, more)!;
}
const named = ({ losses }: Converted): string[] =>
  losses.map(({ code, path }) => `${path} ${code}`).sort();

/** Both ways: the same message, and nothing lost. */
function returns(mti: string, fields: Record<string, string>): Record<string, string> {
  const over = there(mti, fields);
  const home = back(over.message.mti, over.message.fields);
  expect([...named(over), ...named(home)]).toEqual([]);
  expect(home.message).toEqual({ mti, fields });
  return over.message.fields;
}

describe("message types", () => {
  const rows = "0100 1100,0110 1110,0121 1121,0200 1200,0302 1302,0400 1400,0421 1421,0500 1500,\
0620 1620,0800 1804,0810 1814,0801 1805,0820 1824,0802 1802,0740 1740".split(",");
  it.each(rows)("%s", (row) => {
    const [older, newer] = row.split(" ") as [string, string];
    expect(convertMTI(older, "0", "1")).toEqual({ mti: newer, isExact: true });
    expect(convertMTI(newer, "1", "0")).toEqual({ mti: older, isExact: true });
  });

  it("what has no counterpart is none, and what does not lead back says so", () => {
    expect(convertMTI("1150", "1", "0")).toBeNull();
    expect(convertMTI("0160", "0", "1")).toBeNull();
    expect(convertMTI("0106", "0", "1")).toBeNull();
    expect(convertMTI("0900", "0", "1")).toBeNull();
    expect(convertMTI("1100", "0", "1")).toBeNull();
    expect(convertMTI("0804", "0", "1")).toEqual({ mti: "1804", isExact: false });
    expect(convertMTI("1800", "1", "0")).toEqual({ mti: "0800", isExact: false });
    expect(convertMessage(iso93Ascii, iso87Ascii, { mti: "1150", fields: {} }, options)).toBeNull();
  });
});

describe("response codes", () => {
  const answers: Readonly<Record<string, string>> = { "3": "0312", "5": "0510", "6": "0630" };
  const typeOf = (messageClass: string): string => answers[messageClass] ?? `0${messageClass}10`;

  it.each(codeRows.filter(({ way }) => way === "both"))(
    "$response is $action both ways, class $messageClass",
    ({ response, action, messageClass = "1" }) => {
      const over = there(typeOf(messageClass), { "39": response });
      const home = back(over.message.mti, { "39": over.message.fields["39"]! });
      expect(over.message.fields["39"]).toBe(action);
      expect(home.message.fields["39"]).toBe(response);
      expect([...named(over), ...named(home)]).toEqual([]);
    },
  );

  it.each(codeRows.filter(({ way }) => way === "to93"))(
    "$response is nearest to $action",
    (row) => {
      const over = there("0110", { "39": row.response });
      expect(over.message.fields["39"]).toBe(row.action);
      expect(named(over)).toEqual(["39 APPROXIMATE"]);
      expect(responseOf(row.action, "1")?.code).not.toBe(row.response);
    },
  );

  it.each(codeRows.filter(({ way }) => way === "to87"))(
    "$action is nearest to $response",
    (row) => {
      const home = back("1110", { "39": row.action });
      expect(home.message.fields["39"]).toBe(row.response);
      expect(named(home)).toEqual(["39 APPROXIMATE"]);
      expect(actionOf(row.response, "1")?.code).not.toBe(row.action);
    },
  );

  it("every code has one row in each direction and class", () => {
    for (const [from, way] of [
      ["response", "to87"],
      ["action", "to93"],
    ] as const) {
      const keys = codeRows
        .filter((row) => row.way !== way)
        .map((row) => `${row[from]} ${from === "action" ? "" : row.messageClass}`);
      expect(new Set(keys).size, from).toBe(keys.length);
    }
  });

  const listed = "00 08 10 11 16 85 04 07 41 43 14 15 46 54 57 58 62 78 93 05 51 55 61 65 75 12 13 \
30 63 94 25 76 01 02 03 33 34 35 36 37 38 59 24 26 27 28 29 90 95 19 68 91 92 96 06 09".split(
    /\s+/,
  );
  it.each(listed)("%s has an action code", (response) => {
    expect(actionOf(response, "1")?.code).toMatch(/^\d{3}$/);
  });
  const known = "000 400 800 902 904 905 908 907 909 911 912 913 914 916 917 921 923".split(" ");
  it.each(known)("%s has a response code", (action) => {
    expect(responseOf(action, action[0]!)?.code).toMatch(/^\d{2}$/);
  });

  it("private codes have none; an unknown action code goes by its class, never approved", () => {
    for (const response of ["1A", "N7", "R0", "82"]) {
      expect(named(there("0110", { "39": response }))).toEqual(["39 NO_CODE"]);
    }
    expect(back("1110", { "39": "199" }).message.fields["39"]).toBe("05");
    expect(back("1110", { "39": "299" }).message.fields["39"]).toBe("04");
    expect(back("1110", { "39": "916" }).message.fields["39"]).toBe("96");
    for (let action = 100; action < 300; action++) {
      expect(responseOf(String(action), "1")!.code).not.toBe("00");
    }
  });

  it.each(reasonRows)("%s in a reversal request is the reason %s", (response, reason) => {
    const fields = returns("0400", { "39": response });
    expect(fields).toEqual({ "24": "400", "25": reason });
  });
});

describe("function codes", () => {
  it.each(networkRows)("DE70 %s is DE24 %s", (de70, de24) => {
    expect(returns("0800", { "70": de70 })).toEqual({ "24": de24 });
  });
  it.each(networkNearest)("DE70 %s is nearest to DE24 %s", (de70, de24) => {
    const over = there("0800", { "70": de70 });
    expect(over.message.fields).toEqual({ "24": de24 });
    expect(named(over)).toEqual(["70 APPROXIMATE"]);
  });
  it.each(fileRows)("DE91 %s is DE24 %s", (de91, de24) => {
    expect(returns("0302", { "91": de91 })).toEqual({ "24": de24 });
  });
  it("the message type says the rest, and what says more is named", () => {
    expect(returns("0100", {})).toEqual({ "24": "100" });
    expect(returns("0220", {})).toEqual({ "24": "200" });
    expect(named(back("1100", { "24": "101" }))).toEqual(["24 NO_PLACE"]);
    expect(named(back("1804", { "24": "803" }))).toEqual(["24 NO_CODE"]);
    expect(named(there("0800", { "70": "003" }))).toEqual(["70 NO_CODE"]);
    expect(named(there("0100", { "24": "012", "70": "301" }))).toEqual([
      "24 NO_PLACE",
      "70 NO_PLACE",
    ]);
  });
});

describe("point of service", () => {
  it.each(entryRows)("entry mode %s returns", (mode, capability, input) => {
    const { "22": code } = returns("0100", { "22": `${mode}0` });
    expect([code![0], code![6]]).toEqual([capability, input]);
  });
  it.each(entryNearest)("entry mode %s is as %s", (mode, as) => {
    const over = there("0100", { "22": `${mode}1` });
    expect(named(over)).toEqual(["22.1 APPROXIMATE"]);
    expect(back("1100", over.message.fields).message.fields["22"]).toBe(`${as}1`);
  });
  it.each(conditionRows)("condition %s returns", (condition, positions) => {
    const { "22": code } = returns("0100", { "22": "012", "25": condition });
    expect(code!.slice(3, 6)).toBe(positions);
  });
  it.each(captureRows)("%s digits of a PIN return", (digits, position) => {
    expect(returns("0100", { "22": "051", "26": digits })["22"]![11]).toBe(position);
  });
  it("every mix of entry mode, capability and condition returns", () => {
    for (const [mode] of entryRows) {
      for (const capability of "012") {
        for (const [condition] of conditionRows) {
          returns("0100", { "22": mode + capability, "25": condition });
        }
      }
    }
  });
  it("what 1987 does not say is named", () => {
    expect(named(back("1100", { "22": "51010151134C" }))).toEqual(
      [10, 11, 3, 8, 9].map((number) => `22.${number} NO_PLACE`),
    );
    expect(named(there("0100", { "25": "00" }))).toEqual(["25 NO_PLACE"]);
    expect(named(there("0100", { "22": "660" }))).toEqual(["22.1 NO_CODE"]);
    expect(named(there("0100", { "22": "012", "25": "51" }))).toEqual(["25 NO_CODE"]);
  });
});

describe("dates", () => {
  it("get the year of the rule, and lose it again", () => {
    const fields = returns("0100", { "12": "153045", "13": "1122", "15": "1201" });
    expect(fields).toMatchObject({ "12": "261122153045", "15": "261201" });
    expect(returns("0100", { "12": "000000", "13": "1230" })["12"]).toBe("251230000000");
  });
  it("another year, a date that is none, half a date", () => {
    expect(named(back("1100", { "12": "241122153045" }))).toEqual(["12 OTHER_YEAR"]);
    expect(named(there("0100", { "12": "000000", "13": "0229" }))).toEqual([
      "12 BAD_DATE",
      "13 BAD_DATE",
    ]);
    expect(named(there("0100", { "12": "153045" }))).toEqual(["12 NO_PLACE"]);
    expect(named(back("1100", { "13": "2611" }))).toEqual(["13 NO_PLACE"]);
  });
});

describe("what a message says of the one before", () => {
  const original = "0100000123" + "1122073045" + "00006458001" + "00000000000";

  it("original data elements, by local time", () => {
    const fields = returns("0420", { "90": original });
    expect(fields["56"]).toBe("1100" + "000123" + "261122153045" + "07" + "6458001");
    expect(returns("0420", { "90": "0".repeat(42) })["56"]).toBe("0".repeat(24));
  });
  it("a forwarder has no place; without an offset the time is named", () => {
    const forwarded = `${original.slice(0, 31)}00000000001`;
    expect(named(there("0420", { "90": forwarded }))).toEqual(["90.5 NO_PLACE"]);
    const over = convertMessage(
      iso87Ascii,
      iso93Ascii,
      { mti: "0420", fields: { "90": original } },
      { now: options.now },
    )!;
    expect(named(over)).toEqual(["90.3 LOCAL_TIME"]);
    expect(named(back("1420", { "56": "1100000123" }))).toEqual(["56 BAD_VALUE"]);
  });
  it("a partial reversal: the amount that holds is in DE4 there, in DE95 here", () => {
    const amounts = {
      "4": "000000010000",
      "95": `000000007000${"0".repeat(12)}C00000000C00000000`,
    };
    expect(returns("0400", amounts)).toEqual({
      "4": "000000007000",
      "24": "401",
      "30": `000000010000${"0".repeat(12)}`,
    });
    const fee = { ...amounts, "95": amounts["95"].replace("C00000000C", "D00000100C") };
    expect(named(there("0400", fee))).toEqual(["95.3 NO_PLACE"]);
    expect(named(there("0100", amounts))).toEqual(["95 NO_PLACE"]);
  });
});

describe("text and numbers", () => {
  it("name and place, message numbers, merchant type, ICC data", () => {
    const place = "PEERS TEST SHOP          KUALA LUMPUR MY";
    const fields = returns("0100", { "18": "5411", "43": place, "55": "9F36020001", "71": "0007" });
    expect(fields).toMatchObject({
      "26": "5411",
      "43": `PEERS TEST SHOP\\\\KUALA LUMPUR\\${" ".repeat(13)}MY `,
      "55": "9F36020001",
      "71": "00000007",
    });
  });
  it("what does not fit is named", () => {
    const place = `A\\Street 1\\B\\50000     SEL${"MYS"}`;
    expect(named(back("1100", { "43": place }))).toEqual([
      "43.2 NO_PLACE",
      "43.4 NO_PLACE",
      "43.5 NO_PLACE",
      "43.6 TOO_LONG",
    ]);
    expect(named(back("1100", { "71": "00010000", "44": "x".repeat(26) }))).toEqual([
      "44 TOO_LONG",
      "71 TOO_LONG",
    ]);
    expect(named(there("0100", { "55": "free text", "40": "A1B" }))).toEqual([
      "40 BAD_VALUE",
      "55 BAD_VALUE",
    ]);
    expect(named(there("0100", { "64": "0011223344556677" }))).toEqual(["64 MAC"]);
  });
});

const pairs: readonly (readonly [Codec, Codec])[] = [
  [iso87Ascii, iso93Ascii],
  [iso87Ascii, iso93Bcd],
  [iso87Bcd, iso93Ascii],
  [iso87Bcd, iso93Bcd],
];

/** A message of 1987 that a codec read, with values that the tables know in about half of it. */
function plainOf(codec: Codec, random: Random): PlainMessage {
  const out = Buffer.alloc(65_535);
  const message = randomMessage(codec.spec, random, 12);
  const end = codec.encode(message, out, 0);
  const { mti, fields } = plainMessage(codec.decode(out, 0, end, { reveal: true }))!;
  const pick = <T>(rows: readonly T[]): T => rows[random(rows.length)]!;
  const usual: Record<string, string> = {
    "2": knownTpan,
    "12": "101112",
    "13": "0601",
    "22": pick(entryRows)[0] + pick(["0", "1", "2"]),
    "25": pick(conditionRows)[0],
    "39": pick(codeRows).response,
    "70": pick(networkRows)[0],
    "90": `0200000001${"0601101112"}${"00000012345"}${"0".repeat(11)}`,
    "95": `${"0".repeat(11)}5${"0".repeat(12)}C00000000C00000000`,
  };
  const kept = Object.entries(usual).filter(([de]) => fields[de] !== undefined || random(3) === 0);
  return { mti, fields: { ...fields, ...(random(2) === 0 ? Object.fromEntries(kept) : {}) } };
}

/** Losses on the way home name elements of 1993: these are where they came from. */
const origins: Readonly<Record<string, readonly string[]>> = {
  "12": ["12", "13"],
  "22": ["22", "25", "26"],
  "24": ["70", "91"],
  "25": ["39"],
  "26": ["18"],
  "30": ["4", "5", "95"],
  "56": ["90"],
  "95": ["4", "5"],
};

describe.each(pairs)("$0.name and $1.name", (older, newer) => {
  it("returns every field that no loss names, and names every other", () => {
    const random = seededRandom(older.name.length * 31 + newer.name.length);
    let same = 0;
    for (let i = 0; i < 400; i++) {
      const source = plainOf(older, random);
      const over = convertMessage(older, newer, source, options);
      if (over === null) throw new Error(`${source.mti} has no counterpart`);
      const home = convertMessage(newer, older, over.message, options)!;
      const lost = new Set([...over.losses, ...home.losses].map(({ path }) => path.split(".")[0]!));
      for (const de of [...lost]) for (const one of origins[de] ?? []) lost.add(one);
      const got = home.message.fields;
      for (const [de, value] of Object.entries(source.fields)) {
        if (lost.has(de)) continue;
        // Both separators of track data are one.
        const text = (one: string | undefined) => (de === "35" ? one?.replaceAll("=", "D") : one);
        expect(text(got[de]), `${source.mti} ${de}`).toBe(text(value));
        same++;
      }
      for (const de of Object.keys(got)) {
        if (!lost.has(de)) expect(source.fields[de], `invented ${de}`).toBeDefined();
      }
      const text = JSON.stringify([over.losses, home.losses]);
      expect(text).not.toContain(knownTpan);
    }
    expect(same).toBeGreaterThan(1_500);
  });

  it("fits the other dialect: it encodes and decodes whole", () => {
    const random = seededRandom(77);
    const out = Buffer.alloc(65_535);
    for (let i = 0; i < 200; i++) {
      const { message } = convertMessage(older, newer, plainOf(older, random), options)!;
      const end = newer.encode(message, out, 0);
      expect(newer.decode(out, 0, end).ok).toBe(true);
    }
  });
});

it("alike elements go over; dialects with contents of their own are refused", () => {
  expect(alike).toContain(2);
  expect(alike).not.toContain(24);
  expect(alike.length).toBeGreaterThan(60);
  const message = { mti: "0800", fields: {} };
  expect(() => convertMessage(mydebit, iso93Ascii, message, options)).toThrow(RangeError);
  expect(() => convertMessage(iso87Ascii, iso2003, message, options)).toThrow();
});

it("the same version in another packing keeps all but the MAC", () => {
  const fields = { "2": knownTpan, "35": `${knownTpan}=2911`, "64": "0011223344556677" };
  const packed = convertMessage(iso87Ascii, iso87Bcd, { mti: "0100", fields }, options)!;
  expect(named(packed)).toEqual(["64 MAC"]);
  expect(packed.message.fields).toEqual({ "2": fields["2"], "35": fields["35"] });
});
