// The point of service: DE22 (entry mode, PIN capability), DE25 (condition) and DE26 (PIN capture)
// of 1987, and the twelve positions of DE22 of 1993. Each of the three has positions of its own, so
// that one never changes what another says.
import type { Draft } from "./draft.ts";

/** Positions 1 and 7: what the terminal can read, and what it read. */
export const entryRows: readonly (readonly [mode: string, capability: string, input: string])[] = [
  ["00", "0", "0"],
  ["01", "6", "6"],
  ["03", "3", "3"],
  ["04", "4", "4"],
  ["05", "5", "5"],
  ["90", "2", "2"],
  // A terminal that could have read the chip.
  ["79", "5", "6"],
  ["80", "5", "2"],
  // No terminal at all.
  ["81", "1", "1"],
  ["09", "1", "5"],
  ["10", "1", "0"],
];

/** Entry modes that 1993 does not tell from another one. */
export const entryNearest: readonly (readonly [mode: string, as: string])[] = [
  ["02", "90"],
  ["07", "05"],
  ["82", "81"],
  ["91", "90"],
];

/** Positions 4, 5 and 6: where it is, whether the cardholder and the card are there. */
export const conditionRows: readonly (readonly [condition: string, positions: string])[] = [
  ["00", "101"],
  ["01", "110"],
  ["02", "201"],
  ["05", "100"],
  ["08", "020"],
  ["59", "510"],
];
/** Unknown: 1987 has no DE25. */
const noCondition = "999";

/** Position 12 for a number of PIN digits (DE26). */
export const captureRows: readonly (readonly [digits: string, position: string])[] = [
  ["04", "4"],
  ["05", "5"],
  ["06", "6"],
  ["07", "7"],
  ["08", "8"],
  ["09", "9"],
  ["10", "A"],
  ["11", "B"],
  ["12", "C"],
];
const captureNone = "0";
const captureUnknown = "1";

/** Positions that 1987 says nothing of, counted from 1, as this conversion fills them. */
const silent: Readonly<Record<number, string>> = { 3: "9", 8: "9", 9: "9", 10: "0", 11: "0" };

const rowOf = <T extends readonly string[]>(rows: readonly T[], at: number, code: string) =>
  rows.find((row) => row[at] === code);

function pinPositions(draft: Draft, capability: string): readonly [second: string, last: string] {
  const digits = draft.take(26);
  const second = capability === "1" ? "1" : "0";
  const capture = digits === undefined ? undefined : rowOf(captureRows, 0, digits)?.[1];
  if (capture !== undefined && capability !== "2") {
    return [second, capture];
  }
  if (digits !== undefined) draft.lose("NO_CODE", 26);
  return [second, capability === "2" ? captureNone : captureUnknown];
}

function conditionPositions(draft: Draft): string {
  const condition = draft.take(25);
  const found = condition === undefined ? undefined : rowOf(conditionRows, 0, condition);
  if (condition !== undefined && found === undefined) draft.lose("NO_CODE", 25);
  return found?.[1] ?? noCondition;
}

/** DE22 of 1993 from DE22, 25 and 26 of 1987; without DE22 the other two have no place. */
export function writePointOfService(draft: Draft): void {
  const entry = draft.take(22);
  if (entry === undefined) {
    for (const de of [25, 26]) {
      if (draft.take(de) !== undefined) draft.lose("NO_PLACE", de);
    }
    return;
  }
  const mode = entry.slice(0, 2);
  const capability = entry.slice(2);
  const nearest = rowOf(entryNearest, 0, mode)?.[1];
  const row = rowOf(entryRows, 0, nearest ?? mode);
  if (row === undefined || !/^[012]$/.test(capability)) {
    draft.lose("NO_CODE", row === undefined ? "22.1" : "22.2");
  }
  if (nearest !== undefined) draft.lose("APPROXIMATE", "22.1");
  const [, readable, input] = row ?? ["", "0", "0"];
  const condition = conditionPositions(draft);
  const [second, last] = pinPositions(draft, capability);
  const rest = `${silent[8]}${silent[9]}${silent[10]}${silent[11]}`;
  draft.put(22, `${readable}${second}${silent[3]}${condition}${input}${rest}${last}`);
}

/** The nearest condition for what no row has. */
function nearestCondition([place, holder, card]: string): string | undefined {
  if (holder === "9" || card === "9") return undefined;
  if (holder === "1") return place === "5" ? "59" : "01";
  if (holder !== "0") return "08";
  return card === "0" ? "05" : place === "2" || place === "4" ? "02" : "00";
}

function readEntry(draft: Draft, capability: string, input: string): string {
  const exact = entryRows.find((row) => row[1] === capability && row[2] === input);
  if (exact !== undefined) {
    return exact[0];
  }
  const alike = entryRows.find((row) => row[2] === input);
  draft.lose(alike === undefined ? "NO_CODE" : "APPROXIMATE", "22.7");
  return alike?.[0] ?? "00";
}

function readPin(draft: Draft, second: string, last: string): string {
  const digits = rowOf(captureRows, 1, last)?.[0];
  if (digits !== undefined) {
    draft.put(26, digits);
  } else if (last !== captureNone && last !== captureUnknown) {
    draft.lose("NO_CODE", "22.12");
  }
  if (second === "1") {
    if (last === captureNone) draft.lose("APPROXIMATE", "22.12");
    return "1";
  }
  if (second !== "0") draft.lose("NO_CODE", "22.2");
  return last === captureNone ? "2" : "0";
}

/** DE22, 25 and 26 of 1987 from the twelve positions. */
export function readPointOfService(draft: Draft): void {
  const code = draft.take(22);
  if (code === undefined) {
    return;
  }
  const position = (number: number): string => code[number - 1] ?? "";
  const mode = readEntry(draft, position(1), position(7));
  draft.put(22, mode + readPin(draft, position(2), position(12)));
  const condition = code.slice(3, 6);
  if (condition !== noCondition) {
    const exact = rowOf(conditionRows, 1, condition)?.[0];
    const found = exact ?? nearestCondition(condition);
    if (exact === undefined) draft.lose(found === undefined ? "NO_CODE" : "APPROXIMATE", "22.4");
    if (found !== undefined) draft.put(25, found);
  }
  for (const [number, value] of Object.entries(silent)) {
    if (position(Number(number)) !== value) draft.lose("NO_PLACE", `22.${number}`);
  }
}
