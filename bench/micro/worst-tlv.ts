// The worst that bytes can do to a reader of composites, beside a usual message of the same size.
// test/codec/hostile.test.ts counts the steps; here they take their time.
import { iso2003, type View } from "../../codec/iso8583/mod.ts";
import { timePerOperation } from "../lib/measure.ts";
import { type BenchContext, compare, type Scenario } from "../lib/scenario.ts";

const bodyBytes = 4_096;
/** Messages in one measured call, so that reading the clock costs nothing. */
const messages = 32;

/** A 2100 with DE55 alone, raw bitmap, four digits of length in two bytes. */
function messageOf(body: Buffer): Buffer {
  const length = Buffer.from(String(body.length).padStart(4, "0"), "hex");
  return Buffer.concat([Buffer.from("21000000000000000200", "hex"), length, body]);
}

/** 64 objects that nobody names: together as long as the hostile ones. */
function usual(): Buffer {
  const objects = Array.from({ length: 64 }, (_, i) => {
    const size = bodyBytes / 64 - 3;
    return Buffer.concat([Buffer.from([0xdf, i + 1, size]), Buffer.alloc(size, 0x41)]);
  });
  return Buffer.concat(objects);
}

/** Empty objects up to the limit, behind zero bytes that are skipped one by one. */
function hostile(): Buffer {
  const empty = Buffer.from("C100".repeat(64), "hex");
  return Buffer.concat([Buffer.alloc(bodyBytes - empty.length), empty]);
}

function scanAll(view: View, message: Buffer): void {
  for (let i = 0; i < messages; i++) {
    if (iso2003.scanMessage(view, message, 0, message.length) !== 0) throw new Error("not scanned");
  }
}

async function worstTlv(context: BenchContext) {
  const time = (message: Buffer) => {
    const view = iso2003.createView();
    return () => timePerOperation(() => scanAll(view, message), messages, context.runMs);
  };
  return [
    await compare(context, {
      scenario: "worst-tlv",
      metric: "4 KB of zero bytes and empty objects",
      unit: "µs",
      subject: { name: "hostile", run: time(messageOf(hostile())) },
      baseline: { name: "64 objects, 4 KB", run: time(messageOf(usual())) },
    }),
  ];
}

export const worstTlvScenario: Scenario = {
  name: "worst-tlv",
  group: "micro",
  about: "4 KB of TLV that costs a scan most, beside 4 KB of usual objects",
  run: worstTlv,
};
