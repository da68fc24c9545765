// What can be changed over the administration API, as data: one row a kind. The schema gives the
// check, the types and the API's description.
import { type Static, type TSchema, Type } from "typebox";
import { Compile } from "typebox/compile";
import { appError } from "../../platform/mod.ts";

const closed = { additionalProperties: false } as const;
const text = (pattern: string, description: string) => Type.String({ pattern, description });
const status = Type.Optional(
  Type.Union([Type.Literal("ACTIVE"), Type.Literal("SUSPENDED")], {
    description: "ACTIVE (where left out) or SUSPENDED",
  }),
);
const label = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: "^[^\\u0000-\\u001f\\u007f]+$",
  description: "1 to 100 characters",
});
const flag = Type.Optional(Type.Boolean({ description: "true or false" }));
const issuerId = text("^[A-Za-z0-9]{1,8}$", "1 to 8 letters or digits");
const prefix = text("^[0-9]{6,12}$", "6 to 12 digits");
const trid = text("^[0-9]{11}$", "11 digits");
const acquirerId = text("^[0-9]{1,11}$", "1 to 11 digits");
/** An event has to fit into one record of the log. */
const listMax = 1_500;

export const userName = text("^[a-z][a-z0-9.-]{0,31}$", "a letter, then letters, digits, . and -");
const identity = text("^(URI|DNS):[!-~]{1,200}$", "URI: or DNS: and the certificate's name");
const secretLine = text(
  "^scrypt\\$[0-9]{4,7}\\$[A-Za-z0-9_-]{22}\\$[A-Za-z0-9_-]{43}$",
  "a line of pantun requestor secret",
);

const issuer = Type.Object({ id: issuerId, name: label, status }, closed);
const range = Type.Object(
  { prefix, issuerId, product: Type.Optional(label), tokenisable: flag, status },
  closed,
);
const subRange = Type.Object(
  {
    number: Type.Integer({ minimum: 0, maximum: 999, description: "0 to 999" }),
    status: Type.Union([Type.Literal("OPEN"), Type.Literal("CLOSED")], {
      description: "OPEN or CLOSED",
    }),
    prefix: Type.Optional(prefix),
  },
  closed,
);
const requestor = Type.Object(
  {
    trid,
    name: label,
    type: Type.Union([Type.Literal("MERCHANT"), Type.Literal("ACQUIRER"), Type.Literal("TPA")], {
      description: "MERCHANT, ACQUIRER or TPA",
    }),
    status,
    acquirers: Type.Array(acquirerId, { minItems: 1, maxItems: listMax }),
    merchants: Type.Optional(
      Type.Array(text("^[!-~][ -~]{0,14}$", "1 to 15 printable characters"), {
        maxItems: listMax,
      }),
    ),
    allowUnboundAmount: flag,
    allowUnboundMerchant: flag,
    allowAttestedAgreements: flag,
  },
  closed,
);
const requestorStatus = Type.Object(
  {
    trid,
    status: Type.Union([Type.Literal("ACTIVE"), Type.Literal("SUSPENDED")], {
      description: "ACTIVE or SUSPENDED",
    }),
  },
  closed,
);
const acquirer = Type.Object({ id: acquirerId, name: label, status }, closed);
const user = Type.Object(
  {
    name: userName,
    roles: Type.Array(
      Type.Union(
        [
          Type.Literal("programme"),
          Type.Literal("keys"),
          Type.Literal("users"),
          Type.Literal("auditor"),
        ],
        { description: "programme, keys, users or auditor" },
      ),
      { minItems: 1, maxItems: 4 },
    ),
    identities: Type.Optional(Type.Array(identity, { maxItems: 4 })),
    secrets: Type.Optional(Type.Array(secretLine, { maxItems: 4 })),
    status,
  },
  closed,
);
const keyUsage = Type.Union(
  [
    Type.Literal("seal"),
    Type.Literal("ptav"),
    Type.Literal("mac"),
    Type.Literal("log"),
    Type.Literal("audit"),
  ],
  { description: "seal, ptav, mac, log or audit" },
);
const keyLabel = Type.Optional(text("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", "the peer of a MAC key"));
const keyVersion = Type.Integer({ minimum: 1, maximum: 65_535, description: "1 to 65535" });
/** What a retired sealing key sealed cannot be opened any more: that is not for a remote hand. */
const endedUsage = Type.Union([Type.Literal("ptav"), Type.Literal("mac")], {
  description: "ptav or mac",
});
const endedKey = Type.Object({ usage: endedUsage, version: keyVersion, label: keyLabel }, closed);
const oneKey = Type.Object({ usage: keyUsage, version: keyVersion, label: keyLabel }, closed);
/** The version that is active now: what was approved is the end of that key, once. */
const rotation = Type.Object({ usage: keyUsage, from: keyVersion, label: keyLabel }, closed);

interface ChangeKind {
  readonly role: "programme" | "keys" | "users";
  /** True: always two people, whatever the policy says. */
  readonly dual: boolean;
  /** Where it is carried out: by the office itself, or by a service that has the keys. */
  readonly place: "office" | "service";
  readonly content: TSchema;
  readonly subject: string;
  readonly summary: string;
}

const row = <Content extends TSchema>(
  role: ChangeKind["role"],
  dual: boolean,
  content: Content,
  subject: string,
  summary: string,
) =>
  ({
    role,
    dual,
    place: role === "keys" ? "service" : "office",
    content,
    subject,
    summary,
  }) as const;

export const changeKinds = {
  "issuer.put": row("programme", false, issuer, "id", "Adds an issuer, or replaces it."),
  "range.put": row("programme", false, range, "prefix", "Adds a BIN range, or replaces it."),
  "subrange.put": row("programme", false, subRange, "number", "Opens or closes a token sub-range."),
  "requestor.put": row("programme", false, requestor, "trid", "Adds a requestor, or replaces it."),
  "requestor.status": row(
    "programme",
    false,
    requestorStatus,
    "trid",
    "Suspends a requestor or re-admits it.",
  ),
  "acquirer.put": row("programme", false, acquirer, "id", "Adds an acquirer, or replaces it."),
  "user.put": row("users", true, user, "name", "Adds a user, or replaces what he is and may."),
  "policy.put": row(
    "users",
    true,
    Type.Object(
      {
        alone: Type.Array(
          Type.Union(
            [
              Type.Literal("issuer.put"),
              Type.Literal("range.put"),
              Type.Literal("subrange.put"),
              Type.Literal("requestor.put"),
              Type.Literal("requestor.status"),
              Type.Literal("acquirer.put"),
            ],
            { description: "a kind of change that may be made alone" },
          ),
          { maxItems: 6 },
        ),
        expiryHours: Type.Optional(
          Type.Integer({ minimum: 1, maximum: 720, description: "1 to 720" }),
        ),
      },
      closed,
    ),
    "",
    "Says which changes one person may make alone, and how long proposals wait.",
  ),
  "key.rotate": row(
    "keys",
    true,
    rotation,
    "usage",
    "Makes a new active key; the old one verifies on.",
  ),
  "key.retire": row("keys", true, endedKey, "usage", "Ends a key that was rotated."),
  "key.compromise": row("keys", true, oneKey, "usage", "Refuses a key at once and replaces it."),
} as const satisfies Record<string, ChangeKind>;

export type ChangeKindName = keyof typeof changeKinds;
export const changeKindNames = Object.keys(changeKinds) as ChangeKindName[];
export type ContentOf<Name extends ChangeKindName> = Static<(typeof changeKinds)[Name]["content"]>;

const checks = new Map<ChangeKindName, ReturnType<typeof Compile>>();

export function isChangeKind(name: string): name is ChangeKindName {
  return Object.hasOwn(changeKinds, name);
}

function checkOf(kind: ChangeKindName) {
  let check = checks.get(kind);
  if (check === undefined) {
    check = Compile(changeKinds[kind].content as TSchema);
    checks.set(kind, check);
  }
  return check;
}

export function contentFits(kind: ChangeKindName, content: unknown): boolean {
  return checkOf(kind).Check(content);
}

/** INVALID_FIELD for another kind, or a content that is none of it; names the field. */
export function checkContent(kind: string, content: unknown): asserts kind is ChangeKindName {
  if (!isChangeKind(kind)) {
    throw appError("INVALID_FIELD", "There is no such kind of change.");
  }
  const check = checkOf(kind);
  if (check.Check(content)) return;
  const [first] = check.Errors(content);
  const where = first?.instancePath.slice(1).replaceAll("/", ".") || "content";
  const missing = (first?.params as { requiredProperties?: string[] } | undefined)
    ?.requiredProperties;
  const what =
    missing === undefined ? (first?.message ?? "is wrong") : `lacks ${missing.join(", ")}`;
  throw appError("INVALID_FIELD", `${kind}: ${where} ${what}.`, { details: { field: where } });
}

/** What the change is about, in words of the audit chain. */
export function subjectOf(
  kind: ChangeKindName,
  content: Readonly<Record<string, unknown>>,
): string {
  const { subject, role } = changeKinds[kind];
  if (subject === "") return "policy";
  const name = String(content[subject]);
  if (role !== "keys") return name;
  const version = content.version ?? content.from;
  return [name, content.label, version].filter((part) => part !== undefined).join("-");
}
