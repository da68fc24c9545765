import { readFileSync } from "node:fs";

/** The package file lies two folders up from the sources and three from a build. */
const places = ["../../package.json", "../../../package.json"];

/** Version of the program, from its package file. */
export function version(): string {
  for (const place of places) {
    try {
      const text = readFileSync(new URL(place, import.meta.url), "utf8");
      const { version: found } = JSON.parse(text) as { version: string };
      return found;
    } catch {
      // The other layout.
    }
  }
  return "unknown";
}
