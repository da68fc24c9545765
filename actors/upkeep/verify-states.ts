// Proves the projection: every actor that was folded here reads as it was folded last. What a disk
// or another program changed in its rows is found before somebody decides on it.
import type { KindTable } from "../runtime/kinds.ts";
import { StateMarks, stateHash } from "../runtime/state-marks.ts";
import type { Store } from "../store/port.ts";

export interface StatesVerified {
  readonly states: number;
  /** Actors of kinds that this program does not run. */
  readonly unknown: number;
  /** "card 0123…": kind and key of actors that differ, or cannot be read. */
  readonly differing: readonly string[];
}

/** Read at a time. */
const sliceRows = 256;
/** Actors that are named; a projection that is damaged all over needs no longer list. */
const differingMax = 100;

export async function verifyStates(
  store: Store,
  kinds: KindTable,
  onProgress: (states: number) => void = () => {},
): Promise<StatesVerified> {
  const marks = new StateMarks(store);
  const differing: string[] = [];
  let states = 0;
  let unknown = 0;
  for (let slice = marks.behind(undefined, sliceRows); slice.length > 0; ) {
    for (const { kind: number, key } of slice) {
      const kind = kinds.kind(number);
      if (kind === undefined) unknown++;
      else states++;
      if (kind === undefined || isAsFolded(marks, kind, key) || differing.length >= differingMax)
        continue;
      differing.push(`${kind.name} ${key.toString("hex")}`);
    }
    onProgress(states);
    slice = marks.behind(slice.at(-1)?.row, sliceRows);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { states, unknown, differing };
}

function isAsFolded(
  marks: StateMarks,
  kind: Parameters<StateMarks["isAsFolded"]>[0],
  key: Buffer,
): boolean {
  try {
    return marks.isAsFolded(kind, key, stateHash(kind, key, kind.load(key)));
  } catch {
    return false;
  }
}
