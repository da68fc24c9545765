// The records of events that lie in the vault itself.
import { StreamRows } from "../log/embedded-rows.ts";
import type { Store } from "../store/port.ts";
import type { EventRecords } from "./ports.ts";

export function embeddedRecords(store: Store, shards: number): EventRecords {
  const streams = Array.from({ length: shards }, (_, shard) => {
    return new StreamRows(store, "evt", shard);
  });
  return {
    ends: (shard) => streams[shard]!.ends(),
    read: (shard, seq) => streams[shard]!.get(seq),
  };
}
