// What a simulated issuer can be told to say of a card, a line each, in the words of a 0302.
import { type Static, Type } from "typebox";

/** By action: the DE91 that goes with it. */
export const codes = { SUSP: "2", RESM: "2", EXPU: "2", PANU: "2", DELT: "3", INQY: "5" } as const;
export type Action = keyof typeof codes;

const text = (pattern: string) => Type.Optional(Type.String({ pattern }));
export const lineSchema = Type.Object(
  {
    pan: Type.String({ pattern: "^[0-9]{13,19}$" }),
    action: Type.Unsafe<Action>(Type.Union(Object.keys(codes).map((a) => Type.Literal(a)))),
    reason: text("^[A-Z]{4}$"),
    newPan: text("^[0-9]{13,19}$"),
    newExpiry: text("^[0-9]{4}$"),
    reference: text("^[ -~]{1,36}$"),
    /** YYYYMMDDhhmmss, UTC. */
    causedAt: text("^[0-9]{14}$"),
  },
  { additionalProperties: false },
);

export type Line = Static<typeof lineSchema>;

export interface Outcome {
  readonly action: string;
  /** Masked. */
  readonly card: string;
  /** DE39, or over JSON "00" or the error's code; null where no answer came. */
  readonly response: string | null;
  readonly tokensAffected: number;
  /** A, S, D or U; "" where the answer does not say. */
  readonly cardStatus: string;
  readonly stale: boolean;
}
