// Defends: whatever is handed to a logger, no card number, PTAV, key or cause is readable in the
// line, and the line stays JSON.
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { appError } from "./errors/app-error.ts";
import { createLogger } from "./log.ts";
import { looksLikePAN, maskText } from "./log-mask.ts";
import { prettyLine } from "./log-pretty.ts";

/** A card number made here, so that none stands in the file. */
function panWith(prefix: string): string {
  for (let digit = 0; digit < 10; digit++) {
    if (looksLikePAN(`${prefix}${digit}`, "")) return `${prefix}${digit}`;
  }
  throw new Error("no check digit fits");
}

const pan = panWith("400000123456789");
const ptav = Buffer.alloc(20, 0x13).toString("base64");

function lineOf(fields: object, message: string): string {
  const out = new PassThrough();
  createLogger({ level: "trace", pretty: false, destination: out }).info(fields, message);
  return String(out.read());
}

describe("log lines", () => {
  const places: [string, object, string][] = [
    ["message", {}, `card ${pan} was used`],
    ["field", { note: pan }, "m"],
    ["number", { n: Number(pan) }, "m"],
    ["bigint", { n: BigInt(pan) }, "m"],
    ["nested", { a: { b: [{ c: `x${pan}y` }] } }, "m"],
    ["key", { [pan]: 1 }, "m"],
    ["error", { err: new Error(`bad ${pan}`) }, "m"],
    ["operating error", { err: appError("FAILED", `bad ${pan}`, { details: { pan } }) }, "m"],
    ["text after an escaped character", { t: `\u0010${pan}` }, "m"],
    ["message after an escaped character", {}, `\u0010${pan}`],
    ["json object", { x: { toJSON: () => ({ pan }) } }, "m"],
  ];
  it.each(places)("mask a card number in a %s", (_place, fields, message) => {
    const line = lineOf(fields, message);
    expect(line).not.toContain(pan);
    expect(line).toContain(`${pan.slice(0, 6)}******${pan.slice(-4)}`);
    expect(() => JSON.parse(line)).not.toThrow();
  });

  it("mask a PTAV, bytes and values that mask themselves", () => {
    const secret = { mask: () => "6087***", text: pan };
    const line = lineOf({ secret, key: Buffer.from(pan), list: [secret] }, `got ${ptav}.`);
    expect(line).not.toContain(ptav);
    expect(JSON.parse(line)).toMatchObject({
      secret: "6087***",
      key: "[16 bytes]",
      list: ["6087***"],
      msg: "got [masked].",
    });
  });

  it("mask a PTAV after a line end", () => {
    const line = lineOf({ a: `\n${ptav}` }, `\n${ptav}\t`);
    expect(line).not.toContain(ptav);
  });

  it("never hold an operating error's cause or stack", () => {
    const err = appError("DISK_FULL", "no room", { cause: new Error("inner secret") });
    const line = lineOf({ err }, "m");
    expect(line).not.toContain("inner secret");
    expect(JSON.parse(line).err).toEqual({
      code: "DISK_FULL",
      kind: "start-up",
      message: "no room",
      details: {},
    });
  });

  it("keep bindings of child loggers masked too", () => {
    const out = new PassThrough();
    const logger = createLogger({ level: "info", pretty: false, destination: out });
    logger.child({ peer: "switch-a", card: pan }).info("hello");
    const line = String(out.read());
    expect(line).not.toContain(pan);
    expect(JSON.parse(line).peer).toBe("switch-a");
  });

  it("stay JSON and hold no card number, for any text around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (before, after, key) => {
        const line = lineOf({ [`k${key}`]: `${before} ${pan} ${after}` }, `${before}/${pan}`);
        expect(() => JSON.parse(line)).not.toThrow();
        expect(line).not.toContain(pan);
      }),
    );
  });

  it("respect the level", () => {
    const out = new PassThrough();
    createLogger({ level: "warn", pretty: false, destination: out }).info("x");
    expect(out.read()).toBeNull();
  });
});

describe("maskText", () => {
  it("leaves numbers alone that cannot be a card", () => {
    for (const text of ["0.4000001234567899", "123456789012", `${pan}${pan}`, "2026-01-01"]) {
      expect(maskText(text)).toBe(text);
    }
  });
  it("finds a card number in packed form with filler", () => {
    expect(maskText(`${pan}FFFF`)).not.toContain(pan);
  });
});

describe("pretty lines", () => {
  it("show time, level, event, message and fields", () => {
    const time = "2026-01-02T03:04:05.678Z";
    const fields = { level: "warn", time, event: "a.b", n: 1, o: { p: 2 }, msg: "hi" };
    const line = prettyLine(JSON.stringify(fields));
    expect(line).toContain("03:04:05.678");
    expect(line).toContain('a.b hi n=1 o={"p":2}\n');
    expect(prettyLine("not json")).toBe("not json");
  });
  it("are masked like the others", () => {
    const out = new PassThrough();
    createLogger({ level: "info", pretty: true, destination: out }).info({ n: Number(pan) }, pan);
    const text = String(out.read());
    expect(text).not.toContain(pan);
    expect(text).toContain("INFO");
  });
});
