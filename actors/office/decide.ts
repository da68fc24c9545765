// What the office decides: who may propose and approve what. Pure; what it needs of the registry
// was gathered for it.
import { type AppError, appError, maskText } from "../../platform/mod.ts";
import type { Answer, Decision } from "../runtime/actor-kind.ts";
import { type ChangeKindName, changeKinds, checkContent, subjectOf } from "./change-kinds.ts";
import {
  type Change,
  contentBytesMax,
  type Effect,
  type Office,
  type OfficeCommand,
  type OfficeEvent,
  openChangesMax,
  type Role,
  type User,
} from "./office.ts";
import { checkUsers } from "./users.ts";

/** What an approval would do, or why it cannot be done. */
export interface Gathered {
  readonly plan: Effect | AppError | undefined;
}

export type OfficeDecision = Decision<OfficeEvent, OfficeCommand>;
type Of<Name extends OfficeCommand["command"]> = Extract<OfficeCommand, { command: Name }>;

/** Who carries a change out and is not heard of for so long is taken to be gone. */
export const executorGoneMs = 120_000;
const hourMs = 3_600_000;

export function decideOffice(
  office: Office,
  command: OfficeCommand,
  { plan }: Gathered,
  nowMs: number,
): OfficeDecision {
  try {
    switch (command.command) {
      case "setup":
        return setup(office, command, nowMs);
      case "propose":
        return propose(office, command, plan, nowMs);
      case "approve":
        return approve(office, command, plan, nowMs);
      case "refuse":
      case "withdraw":
        return end(office, command, nowMs);
      case "begin":
        return begin(office, command, nowMs);
      case "finish":
        return finish(office, command, nowMs);
      case "expire":
        return expire(office, nowMs);
    }
  } catch (error) {
    return { kind: "reject", error: error as AppError };
  }
}

function setup(office: Office, { by, users }: Of<"setup">, atMs: number): OfficeDecision {
  if (office.users.length > 0) {
    throw appError("ALREADY_EXISTS", "There are users; changes of them are proposed by one.");
  }
  for (const { name, roles, identities, secrets } of users) {
    checkContent("user.put", { name, roles, identities, secrets });
  }
  checkUsers(users);
  return accept([{ event: "setup", atMs, by, users }], { users: users.length });
}

function propose(
  office: Office,
  { by, kind, content, note }: Of<"propose">,
  plan: Gathered["plan"],
  nowMs: number,
): OfficeDecision {
  checkContent(kind, content);
  const { role, dual } = changeKinds[kind];
  userWith(office, by, role);
  checkTexts(content, note, content.name, content.product);
  const subject = subjectOf(kind, content);
  const twin = office.open.find((one) => one.kind === kind && one.subject === subject);
  if (twin !== undefined) {
    throw appError("ALREADY_EXISTS", `Change ${twin.id} proposes the same of ${subject}.`);
  }
  if (office.open.length >= openChangesMax) {
    throw appError("OVERLOADED", "Too many changes wait: decide some first.");
  }
  const effect = effectOf(plan);
  const { alone, expiryHours } = office.policy;
  const change: Change = {
    id: office.lastChange + 1,
    kind,
    subject,
    content,
    note,
    status: "PROPOSED",
    proposedBy: by,
    proposedAtMs: nowMs,
    expiresAtMs: nowMs + expiryHours * hourMs,
    decidedBy: "",
    decidedAtMs: 0,
    outcome: "",
    stale: false,
    executor: "",
    begunAtMs: 0,
  };
  const proposed = { event: "proposed", atMs: nowMs, change } as const;
  if (dual || !alone.includes(kind)) return accept([proposed], answerOf(change));
  const done = { ...change, status: "DONE", decidedBy: by, decidedAtMs: nowMs } as const;
  const moved = { event: "moved", atMs: nowMs, change: done, effect } as const;
  return accept([proposed, moved], answerOf(done));
}

function approve(
  office: Office,
  { by, change: id }: Of<"approve">,
  plan: Gathered["plan"],
  nowMs: number,
): OfficeDecision {
  const change = waiting(office, id, nowMs);
  const { role, place } = changeKinds[change.kind];
  userWith(office, by, role);
  if (by === change.proposedBy || isAbout(change, by)) {
    throw appError(
      "SECOND_PERSON_NEEDED",
      "It takes another person than the one who proposed it, or whom it is about.",
    );
  }
  // Whoever was sent away since cannot have the last word through somebody else's hand.
  userWith(office, change.proposedBy, role);
  if (change.stale) {
    const what = `${change.subject} was changed since change ${id} was proposed`;
    throw appError("VERSION_CONFLICT", `${what}: propose it again.`);
  }
  const effect = effectOf(plan);
  const decided = { ...change, decidedBy: by, decidedAtMs: nowMs };
  if (place === "service") return moved(nowMs, { ...decided, status: "APPROVED" });
  return moved(nowMs, { ...decided, status: "DONE" }, effect);
}

/** A refusal is another's, a withdrawal one's own. */
function end(
  office: Office,
  { command, by, change: id, why }: Of<"refuse" | "withdraw">,
  nowMs: number,
): OfficeDecision {
  const change = waiting(office, id, nowMs);
  userWith(office, by, changeKinds[change.kind].role);
  checkTexts({}, why);
  const own = by === change.proposedBy;
  if (command === "withdraw" && !own) {
    throw appError("SCOPE_MISSING", "Only who proposed a change withdraws it; others refuse it.");
  }
  if (command === "refuse" && own) {
    throw appError("SECOND_PERSON_NEEDED", "One's own change is withdrawn, not refused.");
  }
  const status = command === "refuse" ? "REFUSED" : "WITHDRAWN";
  return moved(nowMs, { ...change, status, decidedBy: by, decidedAtMs: nowMs, outcome: why });
}

function begin(office: Office, { executor, change: id }: Of<"begin">, nowMs: number) {
  const change = openChange(office, id);
  const gone = change.status === "BEGUN" && nowMs - change.begunAtMs > executorGoneMs;
  if (change.status !== "APPROVED" && !gone) throw closed(id);
  return moved(nowMs, { ...change, status: "BEGUN", executor, begunAtMs: nowMs });
}

function finish(office: Office, command: Of<"finish">, nowMs: number) {
  const change = openChange(office, command.change);
  if (change.status !== "BEGUN" || change.executor !== command.executor) throw closed(change.id);
  const status = command.done ? "DONE" : "FAILED";
  return moved(nowMs, { ...change, status, outcome: command.outcome.slice(0, 200) });
}

function expire(office: Office, nowMs: number): OfficeDecision {
  const due = office.open.filter((one) => one.status === "PROPOSED" && one.expiresAtMs <= nowMs);
  const events = due.map((change): OfficeEvent => {
    return { event: "moved", atMs: nowMs, change: { ...change, status: "EXPIRED" } };
  });
  return accept(events, { expired: due.length });
}

function moved(atMs: number, change: Change, effect?: Effect): OfficeDecision {
  const event = { event: "moved", atMs, change, ...(effect === undefined ? {} : { effect }) };
  return accept([event as OfficeEvent], answerOf(change));
}

function accept(events: readonly OfficeEvent[], answer: Answer): OfficeDecision {
  return { kind: "accept", events, answer };
}

function answerOf({ id, status }: Change): Answer {
  return { change: id, status };
}

function openChange(office: Office, id: number): Change {
  const change = office.open.find((one) => one.id === id);
  if (change !== undefined) return change;
  if (id > office.lastChange) throw appError("CHANGE_NOT_FOUND", `There is no change ${id}.`);
  throw closed(id);
}

function waiting(office: Office, id: number, nowMs: number): Change {
  const change = openChange(office, id);
  if (change.status !== "PROPOSED" || change.expiresAtMs <= nowMs) throw closed(id);
  return change;
}

function closed(id: number): AppError {
  return appError("CHANGE_CLOSED", `Change ${id} was decided, withdrawn or has expired.`);
}

function isAbout({ kind, subject }: Change, name: string): boolean {
  return kind === "user.put" && subject === name;
}

function effectOf(plan: Gathered["plan"]): Effect {
  if (plan instanceof Error) throw plan;
  return plan ?? {};
}

/** SCOPE_MISSING, also for who is no user any more. */
function userWith({ users }: Office, name: string, role: Role): User {
  const user = users.find((one) => one.name === name);
  if (user?.status === "ACTIVE" && user.roles.includes(role)) return user;
  throw appError("SCOPE_MISSING", `${name} does not have the role ${role}.`);
}

/** `texts`: what people write freely; ids of merchants may look like anything. */
function checkTexts(content: object, ...texts: readonly unknown[]): void {
  if (Buffer.byteLength(JSON.stringify([content, texts])) > contentBytesMax) {
    throw appError("PAYLOAD_TOO_LARGE", `A change takes at most ${contentBytesMax} bytes.`);
  }
  if (texts.some((text) => typeof text === "string" && holdsCardNumber(text))) {
    throw appError("INVALID_FIELD", "A text holds what looks like a card number.");
  }
}

/** Also where it was written in groups. */
function holdsCardNumber(text: string): boolean {
  const joined = text.replaceAll(/(?<=\d)[ -](?=\d)/g, "");
  return maskText(joined) !== joined;
}

/** Kinds by the thing that they change: two kinds of one thing stand in each other's way. */
export function thingOf(kind: ChangeKindName, subject: string): string {
  return `${kind.slice(0, kind.indexOf("."))} ${subject}`;
}
