// The subscriber as a kind of actor: its address and keys are state like any other, so they survive
// what the log survives, and a repeated registration has one effect.
import { appError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { parseTarget } from "../outbox/address.ts";
import { publicKeyOf, signingKey } from "../outbox/signature.ts";
import type { ActorKind, Codec, Decision, EventType } from "../runtime/actor-kind.ts";
import { canonicalJson } from "../runtime/canonical.ts";
import type { Store } from "../store/port.ts";
import type {
  PutSubscriber,
  Subscriber,
  SubscriberChanged,
  SubscriberCommand,
  WebhookKey,
} from "./subscriber.ts";
import { SubscriberRows } from "./subscriber-rows.ts";

/** Part of stored keys; never another kind's. */
export const subscriberKindNumber = 2;

/** How long an old key signs beside the new one: time for a receiver to take the new one. */
const overlapMs = 24 * 3_600_000;

/** Bytes of a fresh Ed25519 seed. */
const seedBytes = 32;

export type SubscriberState = Subscriber | undefined;

interface Drawn {
  /** A fresh signing key, should one be needed. */
  readonly key: string;
}

export type SubscriberKind = ActorKind<
  SubscriberState,
  SubscriberCommand,
  SubscriberChanged,
  Drawn
>;

/** JSON: these are few, and what they hold is sealed with its record. */
function jsonCodec<Value>(): Codec<Value> {
  return {
    encode: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(bytes.toString()) as Value,
  };
}

const changed: EventType<SubscriberChanged> = {
  type: 512,
  version: 1,
  critical: true,
  ...jsonCodec<SubscriberChanged>(),
};

export function createSubscriberKind(vault: Vault, store: Store): SubscriberKind {
  const rows = new SubscriberRows(store, () => vault.sealing.ring);
  return {
    name: "subscriber",
    number: subscriberKindNumber,
    commands: jsonCodec<SubscriberCommand>(),
    typeOf: () => changed,
    eventTypes: [changed],
    load: (key) => rows.get(key),
    gather: () => ({ key: `whsk_${vault.random(seedBytes).toString("base64")}` }),
    decide: decideSubscriber,
    evolve: (_, { after }) => after,
    project: (key, _, after) => {
      if (after !== undefined) rows.put(key, after);
    },
    timers: () => [],
    fingerprint: (state) => (state === undefined ? undefined : canonicalJson(state)),
  };
}

/** Pure. */
export function decideSubscriber(
  state: SubscriberState,
  command: SubscriberCommand,
  { key }: Drawn,
  nowMs: number,
): Decision<SubscriberChanged> {
  if (command.command === "end") {
    if (state === undefined || state.url === "") return unchanged("");
    const after = { ...state, url: "", keys: [], version: state.version + 1 };
    return { kind: "accept", events: [{ after }], answer: { changed: true, publicKey: "" } };
  }
  const refused = refusePut(command);
  if (refused !== undefined) return { kind: "reject", error: refused };
  const keys = keysAfter(state, command, key, nowMs);
  const publicKey = publicKeyText(keys);
  if (state !== undefined && state.url === command.url && keys === state.keys) {
    return unchanged(publicKey);
  }
  const { trid, url } = command;
  const fresh = state === undefined || state.url === "";
  const sinceMs = fresh ? nowMs : state.sinceMs;
  const after: Subscriber = { trid, url, keys, sinceMs, version: (state?.version ?? 0) + 1 };
  return { kind: "accept", events: [{ after }], answer: { changed: true, publicKey } };
}

function unchanged(publicKey: string): Decision<SubscriberChanged> {
  return { kind: "accept", events: [], answer: { changed: false, publicKey } };
}

/** The address was checked by the door, whose rules may allow loopback; here only its form. */
function refusePut({ url, secret }: PutSubscriber) {
  try {
    parseTarget(url, { loopbackAllowed: true });
    if (secret !== "") signingKey(secret);
  } catch {
    return appError("INVALID_FIELD", "The webhook's address or secret has the wrong form.");
  }
  return undefined;
}

/** The same list where nothing changes. */
function keysAfter(
  state: SubscriberState,
  { secret, rotateKey }: PutSubscriber,
  drawn: string,
  nowMs: number,
): readonly WebhookKey[] {
  const [newest] = state?.keys ?? [];
  const other = secret !== "" && secret !== newest?.text;
  if (newest !== undefined && !rotateKey && !other) return state!.keys;
  const added = { text: secret === "" ? drawn : secret, untilMs: 0 };
  const old = newest === undefined ? [] : [{ text: newest.text, untilMs: nowMs + overlapMs }];
  return [added, ...old];
}

function publicKeyText([newest]: readonly WebhookKey[]): string {
  return newest?.text.startsWith("whsk_") === true ? publicKeyOf(newest.text) : "";
}
