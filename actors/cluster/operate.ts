// What an operator asks of nodes: how the shards stand, to hand one over, to stop one and to let it
// go on, to take one over. Requests and answers are sealed like commands: who operates has the keys
// of the vault. An old request is refused by its time.
import { type AppError, appError, type Clock, isAppError } from "../../platform/mod.ts";
import { nodeSubject } from "../log/jetstream/names.ts";
import { nodeRequest } from "../log/jetstream/node-messages.ts";
import type { Bus } from "../log/jetstream/ownership-port.ts";
import type { StoredRecord, StreamKind } from "../log/port.ts";
import type { ClusterNode, ShardStanding } from "./cluster-node.ts";
import type { CommandSeal } from "./command-seal.ts";
import {
  type KeptRecords,
  type LogOperation,
  performOnLog,
  type ShardStreams,
} from "./operate-log.ts";

export type Operation =
  | { readonly do: "list" }
  | { readonly do: "move"; readonly shard: number; readonly to: string }
  | { readonly do: "park"; readonly shard: number }
  | { readonly do: "unpark"; readonly shard: number }
  | { readonly do: "takeover"; readonly shard: number }
  | LogOperation;

interface Request {
  readonly atMs: number;
  readonly operation: Operation;
}

/** What some operations answer beside how the shards stand. */
type Told = ShardStreams | KeptRecords;

type Answer =
  | { readonly ok: true; readonly shards: readonly ShardStanding[]; readonly told?: Told }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Clocks of an operator's machine and of a node differ by less, or one of them is wrong. */
const skewMsMax = 60_000;
/** A hand-over finishes what was decided, a takeover looks twice where it doubts. */
const answerMsMax = 30_000;

const asked = { direction: "command", shard: -1, epoch: 0 } as const;
const answered = { direction: "reply", shard: -1, epoch: 0 } as const;

/** The node's side; undefined, so no answer, where the request is nobody's who has the keys. */
export async function answerOperator(
  node: ClusterNode,
  seal: CommandSeal,
  clock: Clock,
  bytes: Buffer,
): Promise<Buffer | undefined> {
  const plain = seal.open(bytes, asked);
  if (plain === undefined) return undefined;
  const { atMs, operation } = JSON.parse(plain.toString()) as Request;
  let answer: Answer;
  try {
    if (Math.abs(clock.nowMs() - atMs) > skewMsMax) {
      throw appError(
        "SIGNATURE_EXPIRED",
        "The request is old, or the two machines' clocks differ.",
      );
    }
    const told = await perform(node, operation);
    answer = { ok: true, shards: node.standing(), ...(told === undefined ? {} : { told }) };
  } catch (error) {
    if (!isAppError(error)) throw error;
    answer = { ok: false, code: error.code, message: error.message };
  }
  return seal.seal(Buffer.from(JSON.stringify(answer)), answered);
}

async function perform(node: ClusterNode, operation: Operation): Promise<Told | undefined> {
  if (operation.do === "list") return undefined;
  const { shard } = operation;
  if (node.runtime.shards[shard] === undefined) {
    throw appError("INVALID_REQUEST", `There is no shard ${shard}.`);
  }
  const own = node.ownership.shard(shard);
  if (isOnLog(operation)) return performOnLog(node, operation);
  if (operation.do === "park") own.park("operator", "an operator wanted it");
  else if (operation.do === "unpark") own.unpark();
  else if (operation.do === "takeover") {
    if (own.state !== "OWN" && !(await own.seize())) throw notDone(shard, "taken over");
  } else if (!(await node.ownership.move(shard, operation.to))) throw notDone(shard, "moved");
  return undefined;
}

function isOnLog(operation: Operation): operation is LogOperation {
  return ["points", "records", "adopt", "leave"].includes(operation.do);
}

function notDone(shard: number, what: string): AppError {
  return appError("FAILED", `Shard ${shard} was not ${what}: see its state and try again.`);
}

export interface NodeShards {
  readonly node: string;
  readonly shards: readonly ShardStanding[];
}

/** The operator's side. */
export class Operator {
  readonly #bus: Bus;
  readonly #seal: CommandSeal;
  readonly #clock: Clock;

  constructor(bus: Bus, seal: CommandSeal, clock: Clock) {
    this.#bus = bus;
    this.#seal = seal;
    this.#clock = clock;
  }

  /** How the shards stand on the node afterwards. Errors: NOT_REACHABLE, and what the node says. */
  async ask(node: string, operation: Operation): Promise<NodeShards> {
    const { shards } = await this.#ask(node, operation);
    return { node, shards };
  }

  /** Where the node's vault stands in a shard's streams. Errors as of `ask`. */
  async points(node: string, shard: number): Promise<ShardStreams> {
    return (await this.#ask(node, { do: "points", shard })).told as ShardStreams;
  }

  /** Records that the node's vault has kept, from `upTo` downwards. Errors as of `ask`. */
  async records(node: string, shard: number, stream: StreamKind, upTo: number) {
    const { told } = await this.#ask(node, { do: "records", shard, stream, upTo });
    return (told as KeptRecords).records.map(([seq, bytes]): StoredRecord => {
      return { seq, bytes: Buffer.from(bytes, "base64") };
    });
  }

  async #ask(node: string, operation: Operation): Promise<Answer & { readonly ok: true }> {
    const request: Request = { atMs: this.#clock.nowMs(), operation };
    const sealed = this.#seal.seal(Buffer.from(JSON.stringify(request)), asked);
    const bytes = Buffer.concat([Buffer.of(nodeRequest.OPERATE), sealed]);
    const reply = await this.#bus.request(nodeSubject(node), bytes, answerMsMax);
    if (reply.kind !== "answer") {
      throw appError("NOT_REACHABLE", `Node ${node} does not answer (${reply.kind}).`);
    }
    const plain = this.#seal.open(reply.bytes, answered);
    if (plain === undefined) throw appError("NOT_REACHABLE", `Node ${node} has other keys.`);
    const answer = JSON.parse(plain.toString()) as Answer;
    if (answer.ok) return answer;
    throw appError(answer.code as AppError["code"], `Node ${node}: ${answer.message}`);
  }
}
