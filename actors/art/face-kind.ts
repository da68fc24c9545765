// The face of an issuer's cards as a kind of actor: which picture they show, one look for all of
// them and perhaps others for single BIN ranges.
import { appError } from "../../platform/mod.ts";
import type { ActorKind, Codec, Decision, EventType } from "../runtime/actor-kind.ts";
import { canonicalJson } from "../runtime/canonical.ts";
import type { Store } from "../store/port.ts";
import type { Face, Look } from "./art.ts";
import { ArtRows } from "./art-rows.ts";

/** Part of stored keys; never another kind's. */
export const faceKindNumber = 11;

/** Looks of one issuer: one for each of its BIN ranges is plenty. */
const looksMax = 256;

export type FaceState = Face | undefined;

export interface FaceCommand {
  readonly issuerId: string;
  readonly look: Look;
  /** True: only where there is no look for this prefix yet. */
  readonly onlyFirst: boolean;
}

/** The face after the command, whole: no other event is needed to understand it. */
export interface FaceChanged {
  readonly after: Face;
}

export type FaceKind = ActorKind<FaceState, FaceCommand, FaceChanged>;

/** JSON: these are few and short. */
function jsonCodec<Value>(): Codec<Value> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(bytes.toString()) as Value,
  };
}

export const faceCommands = jsonCodec<FaceCommand>();
const faceChanged: EventType<FaceChanged> = {
  type: 2816,
  version: 1,
  critical: true,
  ...jsonCodec<FaceChanged>(),
};

export function createFaceKind(store: Store): FaceKind {
  const rows = new ArtRows(store);
  return {
    name: "face",
    number: faceKindNumber,
    commands: faceCommands,
    typeOf: () => faceChanged,
    eventTypes: [faceChanged],
    load: (key) => rows.face(key),
    gather: () => undefined,
    decide: decideFace,
    evolve: (_, { after }) => after,
    project: (key, _, after) => {
      if (after !== undefined) rows.putFace(key, after);
    },
    timers: () => [],
    fingerprint: (state) => state && canonicalJson(state),
  };
}

/** Pure. */
export function decideFace(
  state: FaceState,
  { issuerId, look, onlyFirst }: FaceCommand,
): Decision<FaceChanged> {
  const looks = state?.looks ?? [];
  const now = looks.find(({ prefix }) => prefix === look.prefix);
  const isSame = now !== undefined && (onlyFirst || sameLook(now, look));
  if (isSame) return { kind: "accept", events: [], answer: { changed: false, look: now } };
  const others = looks.filter((one) => one !== now);
  if (others.length === looksMax) {
    const error = appError("TOKEN_LIMIT_REACHED", "The issuer has too many looks.");
    return { kind: "reject", error };
  }
  const after = { issuerId, looks: [...others, look], version: (state?.version ?? 0) + 1 };
  return { kind: "accept", events: [{ after }], answer: { changed: true, look } };
}

function sameLook(one: Look, other: Look): boolean {
  return (Object.keys(one) as (keyof Look)[]).every((name) => one[name] === other[name]);
}
