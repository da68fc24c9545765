// Names of journal files: `<writer>-<start, Unix milliseconds>.log`. One writer, one file at a
// time.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Segment {
  readonly file: string;
  readonly path: string;
  readonly writer: string;
  readonly startMs: number;
  readonly bytes: number;
}

const shape = /^([a-z0-9][a-z0-9.-]{0,63})-([0-9]{13})\.log$/;

/** What may name a writer: it becomes a part of file names. */
export function writerNameValid(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,63}$/.test(name);
}

export function segmentFile(writer: string, startMs: number): string {
  return `${writer}-${String(Math.floor(startMs)).padStart(13, "0")}.log`;
}

export function journalPath(dir: string): string {
  return join(dir, "journal");
}

/** All segments of a vault, by writer and start. An absent folder holds none. */
export function listSegments(dir: string): Segment[] {
  const folder = journalPath(dir);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  const segments: Segment[] = [];
  for (const file of names.sort()) {
    const match = shape.exec(file);
    if (match === null) continue;
    const path = join(folder, file);
    // A segment may be removed between the listing and this look.
    const bytes = statSync(path, { throwIfNoEntry: false })?.size;
    if (bytes === undefined) continue;
    segments.push({ file, path, writer: match[1]!, startMs: Number(match[2]), bytes });
  }
  return segments;
}
