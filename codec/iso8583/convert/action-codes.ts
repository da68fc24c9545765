// Response codes of 1987 (DE39, two characters) and action codes of 1993 (three digits). The first
// digit of an action code is its class; where a code has no counterpart of its own, the nearest one
// stands for it, and the conversion says so.

/** `both`: each leads to the other. `to93`, `to87`: the nearest code, which does not lead back. */
export type Way = "both" | "to93" | "to87";

export interface CodeRow {
  readonly response: string;
  readonly action: string;
  readonly way: Way;
  /** Class of message that the row holds for; absent: all others. */
  readonly messageClass?: string;
}

const both: readonly (readonly [response: string, action: string, messageClass?: string])[] = [
  ["00", "300", "3"],
  ["00", "400", "4"],
  ["00", "500", "5"],
  ["00", "600", "6"],
  ["00", "700", "7"],
  ["00", "800", "8"],
  ["25", "302", "3"],
  ["30", "307", "3"],
  ["95", "501", "5"],
  ["00", "000"],
  ["01", "107"],
  ["02", "108"],
  ["03", "109"],
  ["04", "200"],
  ["05", "100"],
  ["07", "207"],
  ["08", "001"],
  ["09", "923"],
  ["10", "002"],
  ["11", "003"],
  ["12", "902"],
  ["13", "110"],
  ["14", "111"],
  ["16", "004"],
  ["19", "903"],
  ["23", "113"],
  ["24", "301"],
  ["25", "914"],
  ["26", "303"],
  ["27", "304"],
  ["28", "305"],
  ["29", "306"],
  ["30", "904"],
  ["31", "905"],
  ["33", "201"],
  ["34", "202"],
  ["35", "203"],
  ["36", "204"],
  ["37", "205"],
  ["38", "206"],
  ["40", "115"],
  ["41", "208"],
  ["42", "114"],
  ["43", "209"],
  ["51", "116"],
  ["54", "101"],
  ["55", "117"],
  ["56", "118"],
  ["57", "119"],
  ["58", "120"],
  ["59", "102"],
  ["60", "103"],
  ["61", "121"],
  ["62", "104"],
  ["63", "122"],
  ["65", "123"],
  ["66", "105"],
  ["68", "911"],
  ["75", "106"],
  ["78", "125"],
  ["90", "906"],
  ["91", "912"],
  ["92", "908"],
  ["93", "124"],
  ["94", "913"],
  ["95", "915"],
  ["96", "909"],
];

/** Codes of 1987 without one of their own in 1993. */
const to93: readonly (readonly [response: string, action: string])[] = [
  ["06", "909"],
  ["15", "908"],
  ["39", "114"],
  ["44", "114"],
  ["46", "114"],
  ["52", "114"],
  ["53", "114"],
  ["67", "200"],
  ["76", "914"],
  ["85", "000"],
];

/** Codes of 1993 without one of their own in 1987. */
const to87: readonly (readonly [response: string, action: string])[] = [
  ["10", "006"],
  ["55", "112"],
  ["55", "126"],
  ["55", "127"],
  ["59", "129"],
  ["34", "210"],
  ["26", "308"],
  ["91", "907"],
  ["91", "910"],
];

export const codeRows: readonly CodeRow[] = [
  ...both.map(([response, action, messageClass]): CodeRow => {
    const row = { response, action, way: "both" } as const;
    return messageClass === undefined ? row : { ...row, messageClass };
  }),
  ...to93.map(([response, action]): CodeRow => ({ response, action, way: "to93" })),
  ...to87.map(([response, action]): CodeRow => ({ response, action, way: "to87" })),
];

/** What the class of an action code alone says in 1987; what an error is stays an error. */
export const classResponses: readonly string[] = [
  ...["00", "05", "04", "29", "96", "95", "12", "12", "12", "96"],
];

export interface FoundCode {
  readonly code: string;
  readonly isExact: boolean;
}

/** The action code of a response code; null where there is none. */
export function actionOf(response: string, messageClass: string): FoundCode | null {
  const rows = codeRows.filter((row) => row.response === response && row.way !== "to87");
  const row =
    rows.find((one) => one.messageClass === messageClass) ??
    rows.find((one) => one.messageClass === undefined);
  return row === undefined ? null : { code: row.action, isExact: row.way === "both" };
}

/** The response code of an action code; by its class where it has none of its own. */
export function responseOf(action: string, messageClass: string): FoundCode | null {
  if (!/^\d{3}$/.test(action)) {
    return null;
  }
  const rows = codeRows.filter((row) => row.action === action && row.way !== "to93");
  const [row] = rows;
  if (row === undefined) {
    return { code: classResponses[Number(action[0])]!, isExact: false };
  }
  const leadsBack = actionOf(row.response, messageClass)?.code === action;
  return { code: row.response, isExact: row.way === "both" && leadsBack };
}
