// Which boot of the machine this is. The replay store is never flushed, so what it holds counts
// only while the page cache that holds it lives: a folder of another boot is not used.
import { readFileSync } from "node:fs";
import { appError } from "../../platform/mod.ts";

const linuxPath = "/proc/sys/kernel/random/boot_id";

/** Letters of a boot id that may stand in the name of a folder. */
const shape = /^[0-9a-zA-Z]{8,64}$/;

/** Reads the machine's boot id; a port, because tests need another boot. */
export type BootIdSource = () => string;

/** Linux gives a random UUID per boot. */
export const linuxBootId: BootIdSource = () => readFileSync(linuxPath, "latin1");

/**
 * The boot id as letters and digits. Where the machine does not tell it (not Linux, or a sandbox
 * that hides /proc) the operator has to give one that changes with every boot and is the same for
 * all processes; there is no silent fallback, since a constant would make claims that a power loss
 * forgot count as never made, and a random one per process would let two processes accept the same
 * PTAV. Throws CONFIG_INVALID.
 */
export function readBootId(source: BootIdSource = linuxBootId): string {
  let text: string;
  try {
    text = source();
  } catch (cause) {
    throw appError("CONFIG_INVALID", `No boot id: ${linuxPath} cannot be read; configure one.`, {
      cause,
    });
  }
  const id = text.trim().replaceAll("-", "");
  if (!shape.test(id)) throw appError("CONFIG_INVALID", "The boot id is not 8 to 64 letters.");
  return id;
}
