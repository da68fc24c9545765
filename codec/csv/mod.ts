// CSV files of batches: lines out of a byte stream, a line's fields (RFC 4180 quotes), and rows
// written back.
//
// Promises: memory is bounded by one line, whatever the stream brings; fields are bytes, so that
// whoever parses a card number out of one can wipe it; what is written never begins with a
// character that a spreadsheet takes for a formula.
// Never: I/O, a value in an error.

export { CsvError, LineReader } from "./line-reader.ts";
export { beginsFormula, parseRow, writeRow } from "./row.ts";
