// Log lines for people: time, level, event, message, then the fields. Colour only on a terminal.

const levelColour: Readonly<Record<string, string>> = {
  fatal: "\x1b[41m",
  error: "\x1b[31m",
  warn: "\x1b[33m",
  info: "\x1b[36m",
  debug: "\x1b[90m",
  trace: "\x1b[90m",
};
const reset = "\x1b[0m";

function colourWanted(): boolean {
  return process.stderr.isTTY === true && process.env.NO_COLOR === undefined;
}

function fieldText(key: string, value: unknown): string {
  if (typeof value === "object" && value !== null) return `${key}=${JSON.stringify(value)}`;
  return `${key}=${String(value)}`;
}

/** One JSON log line as text, with its line end; what is not JSON passes unchanged. */
export function prettyLine(line: string): string {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return line;
  }
  const { level, time, msg, event, ...rest } = fields;
  const name = String(level);
  const label = name.toUpperCase().padEnd(5);
  const shown = colourWanted() ? `${levelColour[name] ?? ""}${label}${reset}` : label;
  const clock = String(time).slice(11, 23);
  const parts = [clock, shown];
  if (event !== undefined) parts.push(String(event));
  if (msg !== undefined) parts.push(String(msg));
  for (const [key, value] of Object.entries(rest)) parts.push(fieldText(key, value));
  return `${parts.join(" ")}\n`;
}
