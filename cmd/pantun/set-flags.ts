// `--set path=value`, shared by the commands that take settings.
import { appError } from "../../platform/mod.ts";

export interface SetFlags {
  readonly set: Readonly<Record<string, string>>;
}

/** Commander's collector for a repeated `--set path=value`. */
export function collectSetting(
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const at = text.indexOf("=");
  if (at < 1) throw appError("USAGE", `--set takes path=value, not "${text}".`);
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Short flags win over `--set`; those that were not given are left out. */
export function settingFlags(
  set: Readonly<Record<string, string>>,
  short: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const flags: Record<string, string> = { ...set };
  for (const [path, value] of Object.entries(short)) if (value !== undefined) flags[path] = value;
  return flags;
}
