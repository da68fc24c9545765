// Bodies, queries and answers of the administration API. One schema checks a request, gives its
// type and describes it.
import { type TSchema, Type } from "typebox";
import { changeKindNames, changeKinds } from "../../actors/mod.ts";

const closed = { additionalProperties: false } as const;
const literals = <const Names extends readonly string[]>(names: Names, description: string) =>
  Type.Unsafe<Names[number]>(
    Type.Union(
      names.map((name) => Type.Literal(name)),
      { description },
    ),
  );
const text = (description: string) => Type.String({ description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const time = text("A time, RFC 3339.");
const flag = (description: string) => Type.Boolean({ description });
const list = <Item extends TSchema>(item: Item, description: string) =>
  Type.Array(item, { description });
const state = literals(["ACTIVE", "SUSPENDED"], "ACTIVE or SUSPENDED.");

const note = Type.Optional(
  Type.String({ maxLength: 500, description: "Up to 500 characters; no card number." }),
);

/** What is proposed, kind by kind. */
export const proposal = Type.Union(
  changeKindNames.map((name) =>
    Type.Object(
      { kind: Type.Literal(name), content: changeKinds[name].content as TSchema, note },
      { ...closed, description: changeKinds[name].summary },
    ),
  ),
);

/** The form alone: which content a kind has is said by name, so that a fault can be named. */
export const proposalForm = Type.Object(
  {
    kind: text("A kind of change."),
    content: Type.Record(Type.String(), Type.Unknown(), { description: "An object." }),
    note,
  },
  closed,
);

export const reason = Type.Object(
  { why: Type.Optional(Type.String({ maxLength: 500, description: "Up to 500 characters." })) },
  closed,
);

export const changesQuery = Type.Object(
  {
    state: Type.Optional(literals(["open", "all"], "open (where left out) or all.")),
  },
  closed,
);

export const change = Type.Object({
  id: count("Its number."),
  kind: literals(changeKindNames, "What it does."),
  subject: text("What it is about."),
  content: Type.Record(Type.String(), Type.Unknown(), { description: "As it was proposed." }),
  note: text("Why, in the words of who proposed it."),
  status: literals(
    ["PROPOSED", "APPROVED", "BEGUN", "DONE", "FAILED", "REFUSED", "WITHDRAWN", "EXPIRED"],
    "PROPOSED waits for a second person, APPROVED and BEGUN for a service; the rest is final.",
  ),
  proposedBy: text("A user."),
  proposedAt: time,
  expiresAt: time,
  decidedBy: text("Who approved, refused or withdrew it; empty before."),
  decidedAt: Type.Optional(time),
  outcome: text("Why it was refused, or what came of it."),
  stale: flag("True: its subject was changed since; it cannot be approved any more."),
});

export const changes = Type.Object({ changes: list(change, "The newest last.") });

export const decided = Type.Object({
  change: count("Its number."),
  status: literals(["PROPOSED", "APPROVED", "DONE", "REFUSED", "WITHDRAWN"], "Its state now."),
});

export const me = Type.Object({
  name: text("The user."),
  roles: list(text("A role."), "What the user may do."),
});

export const issuers = Type.Object({
  issuers: list(
    Type.Object({ id: text("Its id."), name: text("Its name."), status: state }),
    "All issuers.",
  ),
});

export const ranges = Type.Object({
  ranges: list(
    Type.Object({
      prefix: text("First digits of its card numbers."),
      issuerId: text("Whose they are."),
      product: text("What the cards are."),
      tokenisable: flag("Whether new tokens are made."),
      status: state,
    }),
    "All BIN ranges.",
  ),
});

export const subRanges = Type.Object({
  subRanges: list(
    Type.Object({
      number: count("000 to 999, behind the token BIN."),
      prefix: text("The BIN range that it serves."),
      issuerId: text("Whose cards its tokens stand for."),
      digits: count("Digits of its tokens."),
      status: literals(["OPEN", "CLOSED"], "CLOSED: it gives no new token."),
      used: count("Tokens ever made in it."),
      capacity: count("Tokens that there can be."),
      fill: Type.Number({ description: "used / capacity." }),
      full: flag("Above the level from which the next one is opened."),
    }),
    "All token sub-ranges.",
  ),
  unassigned: count("Sub-ranges that nobody has yet."),
});

export const requestors = Type.Object({
  requestors: list(
    Type.Object({
      trid: text("11 digits."),
      name: text("Its name."),
      type: literals(["MERCHANT", "ACQUIRER", "TPA"], "What it is."),
      status: state,
      acquirers: list(text("DE32."), "Acquirers that it may use."),
      merchants: list(text("DE42."), "Its merchants; empty: any of its acquirers."),
      allowUnboundAmount: flag("Cryptograms without an amount."),
      allowUnboundMerchant: flag("Cryptograms without a merchant."),
      allowAttestedAgreements: flag("Agreements on its word."),
    }),
    "All token requestors.",
  ),
});

export const acquirers = Type.Object({
  acquirers: list(
    Type.Object({ id: text("DE32."), name: text("Its name."), status: state }),
    "Registered acquirers; others are allowed where a requestor lists them.",
  ),
});

export const users = Type.Object({
  users: list(
    Type.Object({
      name: text("Its name, and client id of its programs."),
      roles: list(text("A role."), "What it may do."),
      identities: list(text("A name."), "Names in its certificates."),
      secrets: count("Secrets that are good."),
      status: state,
    }),
    "All users.",
  ),
});

export const policy = Type.Object({
  alone: list(text("A kind of change."), "Changes that one person may make alone."),
  expiryHours: count("How long a proposal waits."),
});

export const keys = Type.Object({
  keys: list(
    Type.Object({
      usage: text("What it is for."),
      label: text("Whose it is; empty: ours."),
      version: count("Its version."),
      state: text("PRE_ACTIVE, ACTIVE, VERIFY_ONLY, RETIRED or COMPROMISED."),
      kcv: text("Its check value."),
      createdAt: time,
    }),
    "All keys, without the keys.",
  ),
});
