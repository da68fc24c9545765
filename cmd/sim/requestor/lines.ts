// What a simulated requestor can be told to do, a line each.
import { type Static, Type } from "typebox";

const text = (pattern: string) => Type.Optional(Type.String({ pattern }));
const actions = [
  "provision",
  "token",
  "search",
  "authenticate",
  "token-data",
  "suspend",
  "resume",
  "delete",
  "agreements",
  "bins",
  "webhook",
  "test-webhook",
  "end-webhook",
  "await",
  "events",
] as const;

export type Action = (typeof actions)[number];

export const lineSchema = Type.Object(
  {
    action: Type.Unsafe<Action>(Type.Union(actions.map((one) => Type.Literal(one)))),
    /** What a token is called here; a reference names one that is in no file. */
    token: text("^[A-Za-z0-9._-]{1,64}$"),
    pan: text("^[0-9]{13,19}$"),
    /** YYMM. */
    expiry: text("^[0-9]{4}$"),
    securityCode: text("^[0-9]{3,4}$"),
    /** Sen. */
    amount: Type.Optional(Type.Integer({ minimum: 0, maximum: 999_999_999_999 })),
    merchant: text("^[ -~]{1,15}$"),
    reason: text("^[A-Z_]{1,32}$"),
    /** Type of an event to wait for, and how long, in seconds. */
    type: text("^[A-Z_]{1,32}$"),
    seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 600 })),
    /** The state that a token is to have. */
    status: text("^[A-Z]{1,16}$"),
    /** Sends the change once more under the same key. */
    repeat: Type.Optional(Type.Boolean()),
    /** The error that is the right answer. */
    expect: text("^[A-Z_]{1,32}$"),
  },
  { additionalProperties: false },
);

export type Line = Static<typeof lineSchema>;

/** What a line cannot do without. */
export const needs: Readonly<Record<Action, readonly (keyof Line)[]>> = {
  provision: ["token", "pan", "expiry"],
  token: ["token"],
  search: ["pan"],
  authenticate: ["token", "amount"],
  "token-data": ["token", "amount"],
  suspend: ["token"],
  resume: ["token"],
  delete: ["token"],
  agreements: ["token"],
  bins: [],
  webhook: [],
  "test-webhook": [],
  "end-webhook": [],
  await: ["type"],
  events: [],
};
