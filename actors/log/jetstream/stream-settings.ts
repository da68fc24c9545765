// What a shard's stream must be set to, and what is wrong with one or with a server that is not. A
// setting that breaks a promise of the log is refused at the start, with the change that mends it.
import type { StreamConfig, StreamInfo } from "@nats-io/jetstream";
import type { StreamKind } from "../port.ts";
import { recordBytesMax } from "../record.ts";
import { streamName, subjectOf } from "./names.ts";

/** The server counts headers too: ours are two, with a sequence and a stream's name. */
export const messageBytesMax = recordBytesMax + 1024;

const oldestServer = [2, 12] as const;
const nsPerMs = 1_000_000;
/** The server's default and least to remember message ids for; we send none. */
const duplicateWindowMs = 120_000;

export interface LogSettings {
  readonly shards: number;
  /** The log's incarnation, as the vault's meta has it. */
  readonly incarnation: number;
  readonly replicas: 1 | 3 | 5;
  /** Room of one shard's events and of its payments. */
  readonly evtBytesMax: number;
  readonly payBytesMax: number;
  /** How long payments are kept at least: a day, or what their slowest reader needs. */
  readonly payAgeMs: number;
  /** Only servers with these tags hold the streams. */
  readonly placementTags?: readonly string[];
}

/** The layout of records that this program writes. */
export const recordFormat = "1";

export type WantedStream = Partial<StreamConfig> & Pick<StreamConfig, "name">;

export function wantedStream(kind: StreamKind, shard: number, settings: LogSettings): WantedStream {
  const { shards, incarnation, replicas, placementTags } = settings;
  const evt = kind === "evt";
  return {
    name: streamName(kind, shard),
    subjects: [subjectOf(kind, shard)],
    retention: "limits",
    storage: "file",
    discard: "new",
    num_replicas: replicas,
    max_bytes: evt ? settings.evtBytesMax : settings.payBytesMax,
    max_age: evt ? 0 : settings.payAgeMs * nsPerMs,
    max_msg_size: messageBytesMax,
    max_msgs: -1,
    max_msgs_per_subject: -1,
    duplicate_window: duplicateWindowMs * nsPerMs,
    // Catch-up reads are checked by the chain of hashes, so a follower may serve them.
    allow_direct: true,
    deny_delete: true,
    deny_purge: false,
    allow_rollup_hdrs: false,
    metadata: { incarnation: `${incarnation}`, shards: `${shards}`, format: recordFormat },
    ...(placementTags === undefined
      ? {}
      : { placement: { cluster: "", tags: [...placementTags] } }),
  };
}

/** What a server says of itself when a client connects. */
export interface ServerFacts {
  readonly version: string;
  readonly max_payload: number;
  readonly jetstream?: boolean;
}

/** Why a server cannot carry the log; empty where it can. */
export function judgeServer(facts: ServerFacts): string[] {
  const problems: string[] = [];
  const [major = 0, minor = 0] = facts.version.split(".").map(Number);
  const [oldMajor, oldMinor] = oldestServer;
  if (!(major > oldMajor || (major === oldMajor && minor >= oldMinor))) {
    problems.push(
      `the server is nats-server ${facts.version}; install ${oldMajor}.${oldMinor} or newer`,
    );
  }
  if (facts.jetstream !== true) {
    problems.push("JetStream is off; add a jetstream block to the server's configuration");
  }
  if (facts.max_payload < messageBytesMax) {
    problems.push(
      `max_payload is ${facts.max_payload} bytes; set it to ${messageBytesMax} or more (1MB does)`,
    );
  }
  return problems;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Limits that an operator may have widened without harm. */
const atLeast = new Set<string>(["max_bytes", "max_age", "max_msg_size"]);
/** 0 and -1 both say "no limit" to the server. */
const unlimited = (value: unknown): boolean =>
  value === undefined || (typeof value === "number" && value <= 0);

function differs(key: string, is: unknown, want: unknown): boolean {
  if (unlimited(want)) return !(unlimited(is) || (typeof want !== "number" && same(is, want)));
  if (atLeast.has(key)) return !unlimited(is) && (is as number) < (want as number);
  return !same(is, want);
}

/** Settings that must stay off: each lets the server or another client write by itself. */
const mustBeOff = [
  "mirror",
  "sources",
  "republish",
  "subject_transform",
  "no_ack",
  "sealed",
  "allow_msg_ttl",
  "subject_delete_marker_ttl",
  "allow_msg_schedules",
  "allow_msg_counter",
  "discard_new_per_subject",
] as const;

function isOn(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== false && value !== 0;
}

/** Server-made entries of the metadata begin with this. */
const serverMeta = "_nats";

function judgeMetadata(is: StreamConfig["metadata"], want: StreamConfig["metadata"]): string[] {
  return Object.entries(want ?? {})
    .filter(([key, value]) => is?.[key] !== value)
    .map(([key, value]) => {
      const other = Object.keys(is ?? {}).filter((name) => !name.startsWith(serverMeta));
      const found = other.includes(key) ? `"${is?.[key]}"` : "absent";
      return (
        `metadata ${key} is ${found}, this vault's log has "${value}"; ` +
        "the stream belongs to another log: connect to the right account, or remove the stream"
      );
    });
}

/** Why a stream cannot be one of the log's; empty where it can. */
export function judgeStream(config: StreamConfig, want: WantedStream): string[] {
  const problems = judgeMetadata(config.metadata, want.metadata);
  const { metadata: _metadata, placement, ...rest } = want;
  for (const [key, value] of Object.entries(rest)) {
    const is = config[key as keyof StreamConfig];
    if (!differs(key, is, value)) continue;
    problems.push(`${key} is ${JSON.stringify(is)}, set it to ${JSON.stringify(value)}`);
  }
  if (placement !== undefined && !same(config.placement?.tags ?? [], placement.tags)) {
    problems.push(`placement tags are not ${JSON.stringify(placement.tags)}; set them`);
  }
  for (const key of mustBeOff) {
    if (isOn(config[key])) problems.push(`${key} is on; switch it off`);
  }
  if (config.persist_mode === "async") problems.push("persist_mode is async; leave it unset");
  return problems;
}

/** Tells a stream from one that was made anew under the same name. */
export function identityOf(info: Pick<StreamInfo, "created" | "config">): string {
  return `${info.created}#${info.config.metadata?.incarnation ?? ""}`;
}
