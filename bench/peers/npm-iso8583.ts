// The npm side: node npm-iso8583.ts <folder of sets> <task> <set> <milliseconds> <package folder>
//
// In its ASCII mode the package reads 32 hex digits of bitmap whatever bit 1 says, so that every
// message gets an empty second bitmap before the clock runs. It throws nothing: an error is an
// object.
import { createRequire } from "node:module";
import { join } from "node:path";
import { allElements, eightElements, fileOf, readBlock, type SetName } from "./messages.ts";
import { lookAt, runTask, say, sumOf } from "./program.ts";

type Values = Record<string, string> & { error?: string };

interface IsoPack {
  getIsoJSON(bytes: Buffer, config: object): Values;
  getBufferMessage(): Buffer | { error: string };
}

const [folder = "", task = "", set = "", ms = "", home = ""] = process.argv.slice(2);
const IsoPack = createRequire(join(home, "package.json"))("iso_8583") as new (
  message?: Values,
  formats?: object,
) => IsoPack;

const config = { lenHeader: false, lenEncoding: "utf8", bitmapEncoding: "utf8" };
/** Where its own table differs from the standard: it would refuse these lengths or kinds. */
const formats = {
  48: { ContentType: "ans", Label: "additional data", LenType: "lllvar", MaxLen: 999 },
  62: { ContentType: "ans", Label: "private", LenType: "lllvar", MaxLen: 999 },
};

/** Byte 4 holds bit 1 in its highest hex digit. */
function withSecondBitmap(message: Buffer): Buffer {
  const first = (Number.parseInt(message.toString("latin1", 4, 5), 16) | 8).toString(16);
  const head = message.toString("latin1", 0, 4) + first.toUpperCase();
  return Buffer.from(
    `${head}${message.toString("latin1", 5, 20)}${"0".repeat(16)}${message.toString("latin1", 20)}`,
    "latin1",
  );
}

const { bytes, offsets } = readBlock(fileOf(folder, set as SetName));
const messages = offsets
  .slice(0, -1)
  .map((from, i) => withSecondBitmap(bytes.subarray(from, offsets[i + 1]!)));

function unpack(message: Buffer): Values {
  const values = new IsoPack(undefined, formats).getIsoJSON(message, config);
  if (values.error !== undefined) throw new Error(values.error);
  return values;
}

function look(values: Values, elements: readonly number[]): number {
  let seen = 0;
  for (const de of elements) {
    const text = values[de];
    if (text !== undefined) seen += lookAt(text);
  }
  return seen;
}

const tasks: Readonly<Record<string, (values: Values) => number>> = {
  unpack: (values) => values["0"]!.length,
  eight: (values) => look(values, eightElements),
  object: (values) => look(values, allElements),
  answer: (values) => {
    values["0"] = "0110";
    values["39"] = "00";
    const packed = new IsoPack(values, formats).getBufferMessage();
    if (!Buffer.isBuffer(packed)) throw new Error(packed.error);
    return packed.length + packed[packed.length - 1]!;
  },
};

if (task === "probe") {
  const taken = messages.map((message) => {
    try {
      unpack(message);
      return true;
    } catch {
      return false;
    }
  });
  say({ taken });
} else if (task === "check") {
  let sum = 0;
  for (const message of messages) {
    const values = unpack(message);
    for (const de of allElements) sum += values[de] === undefined ? 0 : sumOf(values[de]);
  }
  say({ check: "object", set, sum });
} else {
  const take = tasks[task]!;
  const all = (): number => {
    let seen = 0;
    for (const message of messages) seen += take(unpack(message));
    return seen;
  };
  say({ task, set, us: runTask(all, messages.length, Number(ms)) });
}
