// The tokens that a requestor keeps, one a line: TRID, token reference, and where they are known
// the name that it gave to it, the token number and its expiry.
import { readFileSync, writeFileSync } from "node:fs";
import { appError } from "../../platform/mod.ts";

export interface StoredToken {
  readonly trid: string;
  readonly tokenRef: string;
  /** "" where the line has none, and so below. */
  readonly name: string;
  readonly tpan: string;
  /** YYMM. */
  readonly tpanExpiry: string;
}

const lineForm = /^(\d{11})[ ,\t]+(\S+)(?:[ ,\t]+(\S+)[ ,\t]+(\d{13,19})[ ,\t]+(\d{4}))?$/;

/** Errors: FILE_UNREADABLE, USAGE by the line's number. */
export function readTokenFile(path: string): StoredToken[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The token file ${path} cannot be read.`, { cause });
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const found = lineForm.exec(line.trim());
    if (found === null) {
      const message = `Line ${index + 1} of ${path} is not a TRID and a token reference.`;
      throw appError("USAGE", message, { details: { line: index + 1 } });
    }
    const [, trid = "", tokenRef = "", name = "", tpan = "", tpanExpiry = ""] = found;
    return [{ trid, tokenRef, name, tpan, tpanExpiry }];
  });
}

/** For nobody else to read. Errors: FILE_UNREADABLE. */
export function writeTokenFile(path: string, tokens: readonly StoredToken[]): void {
  const lines = tokens.map(({ trid, tokenRef, name, tpan, tpanExpiry }) => {
    return `${[trid, tokenRef, name, tpan, tpanExpiry].join(" ").trimEnd()}\n`;
  });
  try {
    writeFileSync(path, lines.join(""), { mode: 0o600 });
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The token file ${path} cannot be written.`, { cause });
  }
}
