// EMV values that are bit by bit, spelled out: names after EMV Book 3 annex C and Book 4 annex A.

type ByteNames = readonly (readonly [mask: number, name: string])[];

const tvr: readonly ByteNames[] = [
  [
    [0x80, "offline data authentication not performed"],
    [0x40, "SDA failed"],
    [0x20, "ICC data missing"],
    [0x10, "card on exception file"],
    [0x08, "DDA failed"],
    [0x04, "CDA failed"],
    [0x02, "SDA selected"],
  ],
  [
    [0x80, "card and terminal versions differ"],
    [0x40, "expired application"],
    [0x20, "application not yet effective"],
    [0x10, "service not allowed"],
    [0x08, "new card"],
  ],
  [
    [0x80, "cardholder verification failed"],
    [0x40, "unrecognised CVM"],
    [0x20, "PIN try limit exceeded"],
    [0x10, "PIN pad missing or broken"],
    [0x08, "PIN not entered"],
    [0x04, "online PIN entered"],
  ],
  [
    [0x80, "floor limit exceeded"],
    [0x40, "lower consecutive limit exceeded"],
    [0x20, "upper consecutive limit exceeded"],
    [0x10, "selected randomly for online"],
    [0x08, "merchant forced online"],
  ],
  [
    [0x80, "default TDOL used"],
    [0x40, "issuer authentication failed"],
    [0x20, "script failed before final cryptogram"],
    [0x10, "script failed after final cryptogram"],
  ],
];

const aip: readonly ByteNames[] = [
  [
    [0x40, "SDA supported"],
    [0x20, "DDA supported"],
    [0x10, "cardholder verification supported"],
    [0x08, "terminal risk management to be performed"],
    [0x04, "issuer authentication supported"],
    [0x01, "CDA supported"],
  ],
  [],
];

const tsi: readonly ByteNames[] = [
  [
    [0x80, "offline data authentication performed"],
    [0x40, "cardholder verification performed"],
    [0x20, "card risk management performed"],
    [0x10, "issuer authentication performed"],
    [0x08, "terminal risk management performed"],
    [0x04, "script processing performed"],
  ],
  [],
];

const terminalCapabilities: readonly ByteNames[] = [
  [
    [0x80, "manual key entry"],
    [0x40, "magnetic stripe"],
    [0x20, "IC with contacts"],
  ],
  [
    [0x80, "plaintext PIN for ICC"],
    [0x40, "enciphered PIN online"],
    [0x20, "signature"],
    [0x10, "enciphered PIN offline"],
    [0x08, "no CVM required"],
  ],
  [
    [0x80, "SDA"],
    [0x40, "DDA"],
    [0x20, "card capture"],
    [0x08, "CDA"],
  ],
];

const tables: Readonly<Record<string, readonly ByteNames[]>> = {
  "82": aip,
  "95": tvr,
  "9B": tsi,
  "9F33": terminalCapabilities,
};

const cvmCodes: Readonly<Record<number, string>> = {
  0: "fail",
  1: "plaintext PIN by ICC",
  2: "enciphered PIN online",
  3: "plaintext PIN by ICC and signature",
  4: "enciphered PIN by ICC",
  5: "enciphered PIN by ICC and signature",
  30: "signature",
  31: "no CVM required",
  63: "no CVM performed",
};

const cvmConditions: Readonly<Record<number, string>> = {
  0: "always",
  1: "unattended cash",
  2: "not unattended cash, manual cash or cashback",
  3: "terminal supports the CVM",
  4: "manual cash",
  5: "cashback",
  6: "in application currency, under X",
  7: "in application currency, over X",
  8: "in application currency, under Y",
  9: "in application currency, over Y",
};

const cvmResults: readonly string[] = ["unknown", "failed", "successful"];

function cvmText(bytes: Buffer): string {
  const [method = 0, condition = 0, result = 0] = bytes;
  return [
    cvmCodes[method & 0x3f] ?? "reserved CVM",
    cvmConditions[condition] ?? "reserved condition",
    cvmResults[result] ?? "reserved result",
  ].join("; ");
}

/** The bits of a value, or undefined where it is none of bits. */
export function bitsText(tag: string, hex: string): string | undefined {
  const bytes = Buffer.from(hex, "hex");
  if (tag === "9F34" && bytes.length === 3) {
    return cvmText(bytes);
  }
  const table = tables[tag];
  if (table === undefined || bytes.length !== table.length) {
    return undefined;
  }
  const names = table.flatMap((bits, i) =>
    bits.filter(([mask]) => (bytes[i]! & mask) !== 0).map(([, name]) => name),
  );
  return names.length === 0 ? "nothing set" : names.join("; ");
}
