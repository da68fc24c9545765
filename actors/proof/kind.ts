// A cardholder check as a kind of actor: which command used it. It may be used once over all
// requestors, and only the log can say so for the shards of all nodes.
import { appError } from "../../platform/mod.ts";
import type { ActorKind, Codec, Decision, EventType } from "../runtime/actor-kind.ts";
import type { Rows, Store } from "../store/port.ts";

/** Part of stored keys; never another kind's. */
export const proofKindNumber = 3;

/** Who uses it: the id of the provisioning command in hex; undefined where nobody does. */
export type ProofState = string | undefined;

export interface ProofCommand {
  /** Release: what it was reserved for was refused. */
  readonly command: "reserve" | "release";
  readonly by: string;
}

/** The state after it; "" for nobody. */
export interface ProofChanged {
  readonly by: string;
}

export type ProofKind = ActorKind<ProofState, ProofCommand, ProofChanged>;

/** JSON: two short words, and what they hold is sealed with its record. */
function jsonCodec<Value>(): Codec<Value> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(bytes.toString()) as Value,
  };
}

const changed: EventType<ProofChanged> = {
  type: 768,
  version: 1,
  critical: true,
  ...jsonCodec<ProofChanged>(),
};

export function createProofKind(store: Store): ProofKind {
  /** [actor's key 16] -> id of the command 16. One row a provisioning, kept like its token. */
  const rows: Rows = store.rows("proofs");
  return {
    name: "proof",
    number: proofKindNumber,
    commands: jsonCodec<ProofCommand>(),
    typeOf: () => changed,
    eventTypes: [changed],
    load: (key) => rows.get(key)?.toString("hex"),
    gather: () => undefined,
    decide: decideProof,
    evolve: (_, { by }) => (by === "" ? undefined : by),
    project: (key, _, after) => {
      if (after === undefined) rows.remove(key);
      else rows.put(key, Buffer.from(after, "hex"));
    },
    timers: () => [],
    fingerprint: (state) => (state === undefined ? undefined : Buffer.from(state)),
  };
}

/** Pure. */
export function decideProof(
  state: ProofState,
  { command, by }: ProofCommand,
): Decision<ProofChanged> {
  if (command === "release") {
    return { kind: "accept", events: state === by ? [{ by: "" }] : [], answer: {} };
  }
  if (state === by) return { kind: "accept", events: [], answer: { fresh: false } };
  if (state === undefined) return { kind: "accept", events: [{ by }], answer: { fresh: true } };
  const error = appError("VERIFICATION_USED", "The cardholder check was used before.");
  return { kind: "reject", error };
}
