// What the server's process has used, asked from inside, since only V8 knows what it allocated.
import { readdirSync, readFileSync } from "node:fs";
import { getHeapStatistics, type HeapInfo } from "node:v8";
import type { Worker } from "node:worker_threads";
import type { ServerUsage } from "./serve-options.ts";

export type StoreUsage = Pick<ServerUsage, "claimBytes" | "rowsBehind">;

/** Node 26 has it, its types have not. */
type Heap = HeapInfo & { readonly total_allocated_bytes: number };

/** A thread that sleeps in `Atomics.wait` answers when it wakes; its last figures do until then. */
const threadLimitMs = 500;

const threads = new Map<Worker, Heap | null>();

/** Must be called before the first thread is started. */
export function watchThreads(): void {
  process.on("worker", (worker) => {
    threads.set(worker, null);
    worker.once("exit", () => threads.delete(worker));
  });
}

async function heapOf(worker: Worker): Promise<Heap | null> {
  const late = new Promise<null>((resolve) => setTimeout(resolve, threadLimitMs, null).unref());
  const heap = (await Promise.race([worker.getHeapStatistics(), late])) as Heap | null;
  if (heap !== null) threads.set(worker, heap);
  return heap ?? threads.get(worker) ?? null;
}

/** RssAnon and RssShmem of a process in bytes. */
export function residentBytes(pid: number | "self"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1]);
  return (kilobytes("RssAnon") + kilobytes("RssShmem")) * 1_024;
}

export async function usageOf(stores: StoreUsage): Promise<ServerUsage> {
  const main = getHeapStatistics() as Heap;
  const heaps = [main, ...(await Promise.all([...threads.keys()].map(heapOf)))];
  let allocatedBytes = 0;
  let heapBytes = 0;
  for (const heap of heaps) {
    if (heap === null) continue;
    allocatedBytes += heap.total_allocated_bytes + heap.external_memory;
    heapBytes += heap.used_heap_size + heap.external_memory;
  }
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    allocatedBytes,
    mainAllocatedBytes: main.total_allocated_bytes + main.external_memory,
    heapBytes,
    residentBytes: residentBytes("self"),
    descriptors: readdirSync("/proc/self/fd").length,
    ...stores,
  };
}
