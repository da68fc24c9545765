// Defends: what is served as card art was made here from pixels; a bomb is refused before it is
// unpacked; text on a card can be read.
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { isAppError } from "../../platform/mod.ts";
import { contrast, contrastMin, foregroundOn } from "./colours.ts";
import { drawGeneric } from "./generic.ts";
import { checkedPicture } from "./picture.ts";

const ihdr = 16;

function png(width: number, height: number): Promise<Buffer> {
  const create = { width, height, channels: 3, background: "#336699" } as const;
  return sharp({ create }).png().toBuffer();
}

async function codeOf(bytes: Buffer): Promise<string> {
  try {
    await checkedPicture(bytes);
  } catch (error) {
    if (isAppError(error)) return error.code;
    throw error;
  }
  return "OK";
}

/** One chunk with its right CRC. */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  let crc = ~0;
  for (const byte of body) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  const all = Buffer.alloc(body.length + 8);
  all.writeUInt32BE(data.length, 0);
  all.set(body, 4);
  all.writeInt32BE(~crc, body.length + 4);
  return all;
}

describe("a picture from outside", () => {
  test("comes out as our own PNG of the one size", async () => {
    const before = await png(2048, 1292);
    const after = await checkedPicture(before);
    const { format, width, height } = await sharp(after).metadata();
    expect({ format, width, height }).toEqual({ format: "png", width: 1536, height: 969 });
  });

  test("loses what is no pixel: text chunks, and a file behind the picture", async () => {
    const clean = await png(1536, 969);
    const at = clean.length - 12;
    const script = "<script>alert(1)</script>";
    const text = chunk("tEXt", Buffer.from(`Comment\0${script}`));
    const end = clean.subarray(at);
    const dirty = Buffer.concat([clean.subarray(0, at), text, end, Buffer.from(`PK${script}`)]);
    expect(dirty.includes(script)).toBe(true);
    const after = await checkedPicture(dirty);
    expect(after.includes("alert")).toBe(false);
    expect(after.equals(await checkedPicture(clean))).toBe(true);
  });

  test("is refused by content, whatever it is called", async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    expect(await codeOf(Buffer.from(svg))).toBe("PICTURE_REFUSED");
    const jpeg = await sharp(await png(1536, 969))
      .jpeg()
      .toBuffer();
    expect(await codeOf(jpeg)).toBe("PICTURE_REFUSED");
    expect(await codeOf(Buffer.from("GIF89a"))).toBe("PICTURE_REFUSED");
    expect(await codeOf(Buffer.alloc(0))).toBe("PICTURE_REFUSED");
  });

  test("is refused in other sizes and ratios", async () => {
    expect(await codeOf(await png(1023, 645))).toBe("PICTURE_REFUSED");
    expect(await codeOf(await png(3100, 1956))).toBe("PICTURE_REFUSED");
    expect(await codeOf(await png(1536, 1536))).toBe("PICTURE_REFUSED");
    expect(await codeOf(await png(1536, 950))).toBe("PICTURE_REFUSED");
    expect(await codeOf(await png(1536, 961))).toBe("OK");
    expect(await codeOf(Buffer.alloc(2 ** 20 + 1))).toBe("PAYLOAD_TOO_LARGE");
  });

  test("is refused before it is unpacked where it says more pixels than we take", async () => {
    // 60,000 x 37,852 black pixels are 7 GB and fit into 300 KB.
    const head = Buffer.alloc(13);
    head.writeUInt32BE(60_000, 0);
    head.writeUInt32BE(37_852, 4);
    head.set([8, 2, 0, 0, 0], 8);
    const idat = chunk("IDAT", deflateSync(Buffer.alloc(2 ** 20)));
    const signature = Buffer.from("89504e470d0a1a0a", "hex");
    const bomb = [signature, chunk("IHDR", head), idat, chunk("IEND", Buffer.alloc(0))];
    expect(await codeOf(Buffer.concat(bomb))).toBe("PICTURE_REFUSED");
  });

  test("is refused where its data is longer or shorter than its size says", async () => {
    const head = Buffer.alloc(13);
    head.writeUInt32BE(1536, 0);
    head.writeUInt32BE(969, 4);
    head.set([8, 2, 0, 0, 0], 8);
    const signature = Buffer.from("89504e470d0a1a0a", "hex");
    const of = (bytes: number) =>
      Buffer.concat([
        signature,
        chunk("IHDR", head),
        chunk("IDAT", deflateSync(Buffer.alloc(bytes))),
        chunk("IEND", Buffer.alloc(0)),
      ]);
    expect(await codeOf(of((1536 * 3 + 1) * 969))).toBe("OK");
    expect(await codeOf(of(1000))).toBe("PICTURE_REFUSED");
  });

  test("of any bytes is taken or refused, never a fault", async () => {
    const whole = await png(1536, 969);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - ihdr - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[ihdr + at] = byte;
        expect(["OK", "PICTURE_REFUSED"]).toContain(await codeOf(bytes));
      }),
      { numRuns: 40 },
    );
  });

  test("is refused where its pixels take more than a MiB when they are written anew", async () => {
    // Four random bits a pixel: one byte each in grey, three in colour.
    const grey = Buffer.alloc(1536 * 969);
    let seed = 1;
    for (let at = 0; at < grey.length; at++) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      grey[at] = (seed >>> 24) & 0xf0;
    }
    const raw = { width: 1536, height: 969, channels: 1 } as const;
    const small = await sharp(grey, { raw }).png({ compressionLevel: 9 }).toBuffer();
    expect(small.length).toBeLessThan(2 ** 20);
    expect(await codeOf(small)).toBe("PICTURE_REFUSED");
  });
});

describe("colours", () => {
  test("have the contrast of the standard's own examples", () => {
    expect(contrast("FFFFFF", "000000")).toBe(21);
    expect(contrast("777777", "FFFFFF")).toBeCloseTo(4.48, 2);
    expect(contrast("767676", "FFFFFF")).toBeCloseTo(4.54, 2);
  });

  test("on any background there is one that can be read", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (number) => {
        const background = number.toString(16).padStart(6, "0").toUpperCase();
        const foreground = foregroundOn(background, undefined);
        expect(contrast(background, foreground)).toBeGreaterThanOrEqual(contrastMin);
      }),
    );
  });

  test("that cannot be read are refused", () => {
    expect(() => foregroundOn("003366", "222222")).toThrow(/contrast 1\.\d\d/);
    expect(foregroundOn("003366", "FFFFFF")).toBe("FFFFFF");
  });
});

describe("the generic picture", () => {
  const art = {
    name: "Bank <One> & Co",
    product: "DEBIT",
    background: "003366",
    foreground: "FFFFFF",
  };

  test("shows the name in the bank's colours", async () => {
    const drawn = await drawGeneric(art);
    const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([1536, 969]);
    expect([...data.subarray(0, 3)]).toEqual([0, 0x33, 0x66]);
    let white = 0;
    for (let at = 0; at < data.length; at += info.channels) {
      if (data[at] === 255 && data[at + 1] === 255 && data[at + 2] === 255) white++;
    }
    expect(white).toBeGreaterThan(5_000);
  });

  test("is the same for the same, another for another name or colour", async () => {
    const drawn = await drawGeneric(art);
    expect(drawn.equals(await drawGeneric(art))).toBe(true);
    expect(drawn.equals(await drawGeneric({ ...art, name: "Bank Two" }))).toBe(false);
    expect(drawn.equals(await drawGeneric({ ...art, background: "660000" }))).toBe(false);
  });
});
