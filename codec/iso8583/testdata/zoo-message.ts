// Messages of the zoo, put together without the writer.
import { ebcdicBytes } from "../ebcdic.ts";
import type { ZooRow } from "./zoo-rows.ts";

/** EBCDIC message type and bitmaps that announce the elements, then their bytes. */
export function zooMessage(mti: string, rows: readonly ZooRow[]): Buffer {
  const numbers = rows.map(({ de }) => de);
  const blocks = Math.ceil(Math.max(...numbers) / 64);
  const bits = Array.from({ length: 64 * blocks }, (_, i) => {
    const announces = i % 64 === 0 && i / 64 < blocks - 1;
    return announces || numbers.includes(i + 1) ? 1 : 0;
  });
  let bitmap = "";
  for (let i = 0; i < bits.length; i += 4) {
    bitmap += Number.parseInt(bits.slice(i, i + 4).join(""), 2).toString(16).toUpperCase();
  }
  const head = ebcdicBytes("ebcdic-1047", mti + bitmap);
  const data = rows.map(({ wire }) => Buffer.from(wire.replaceAll(" ", ""), "hex"));
  return Buffer.concat([head, ...data]);
}
