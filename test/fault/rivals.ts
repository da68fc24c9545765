// Payments in pairs: two different transactions that carry the same PTAV.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mydebit } from "../../codec/iso8583/mod.ts";
import type { Rig } from "../../hotpath/test-rig.ts";
import { packMessages } from "./message-file.ts";

export interface RivalFiles {
  readonly first: string;
  readonly second: string;
}

/** Another DE11 makes it another transaction. */
function rivalOf(message: Buffer): Buffer {
  const copy = Buffer.from(message);
  const view = mydebit.createView();
  mydebit.scanMessage(view, copy, 0, copy.length);
  const stan = String(999_999 - view.int(11)).padStart(6, "0");
  copy.write(stan, view.offset(11), "latin1");
  return copy;
}

export function writeRivals(rig: Rig, count: number): RivalFiles {
  const first: Buffer[] = [];
  for (let i = 0; i < count; i++) first.push(rig.payment());
  const files = { first: join(rig.dir, "first.bin"), second: join(rig.dir, "second.bin") };
  writeFileSync(files.first, packMessages(first));
  writeFileSync(files.second, packMessages(first.map(rivalOf)));
  return files;
}
