// How a simulated host decides: a list of rules, the first one that fits a message counts, and what
// none fits is approved.
import { readFileSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { appError } from "../../../platform/mod.ts";

const closed = { additionalProperties: false } as const;
const elementText = Type.Record(Type.String({ pattern: "^[0-9]{1,3}$" }), Type.String());

const ruleSchema = Type.Object(
  {
    /** Message types that it is for; all where it is left out. */
    mti: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
    /** DE4 in minor units, both ends included. */
    amount: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(Type.Integer({ minimum: 0 })),
          to: Type.Optional(Type.Integer({ minimum: 0 })),
        },
        closed,
      ),
    ),
    /** Elements that must begin with a text. */
    starts: Type.Optional(elementText),
    /** It holds for one message in so many: the first, and every n-th after it. */
    every: Type.Optional(Type.Integer({ minimum: 1 })),
    /** DE39 of the answer. */
    code: Type.Optional(Type.String({ pattern: "^[0-9A-Z]{1,4}$" })),
    /** Elements that the answer carries besides. */
    set: Type.Optional(elementText),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
    /** No answer at all. */
    drop: Type.Optional(Type.Boolean()),
    /** The connection is closed instead. */
    close: Type.Optional(Type.Boolean()),
  },
  closed,
);

const fileSchema = Type.Array(ruleSchema, { maxItems: 1_000 });

export type HostRule = Static<typeof ruleSchema>;

export interface HostVerdict {
  readonly code: string;
  readonly set: Readonly<Record<string, string>>;
  readonly delayMs: number;
  readonly action: "answer" | "drop" | "close";
}

/** Errors: FILE_UNREADABLE, USAGE. Nothing of the file is repeated but the place of the fault. */
export function readRules(path: string): HostRule[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The rule file ${path} cannot be read.`, { cause });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw appError("USAGE", `The rule file ${path} is not JSON.`);
  }
  if (Value.Check(fileSchema, content)) return content;
  const [fault] = Value.Errors(fileSchema, content);
  const place = fault?.instancePath === "" ? "its top" : (fault?.instancePath ?? "?");
  throw appError("USAGE", `${path}: ${place} ${fault?.message ?? "is wrong"}.`);
}

export class HostRules {
  readonly #rules: readonly HostRule[];
  readonly #seen: number[];

  constructor(rules: readonly HostRule[]) {
    this.#rules = rules;
    this.#seen = rules.map(() => 0);
  }

  /** Judges a message by its type and its elements as text. */
  judge(mti: string, values: Readonly<Record<string, string>>): HostVerdict {
    const at = this.#rules.findIndex((rule, i) => fits(rule, mti, values) && this.#isTurn(rule, i));
    const rule = this.#rules[at];
    return {
      code: rule?.code ?? "00",
      set: rule?.set ?? {},
      delayMs: rule?.delayMs ?? 0,
      action: rule?.drop === true ? "drop" : rule?.close === true ? "close" : "answer",
    };
  }

  #isTurn({ every = 1 }: HostRule, at: number): boolean {
    const seen = this.#seen[at] ?? 0;
    this.#seen[at] = seen + 1;
    return seen % every === 0;
  }
}

function fits(rule: HostRule, mti: string, values: Readonly<Record<string, string>>): boolean {
  if (rule.mti !== undefined && ![rule.mti].flat().includes(mti)) return false;
  for (const [de, text] of Object.entries(rule.starts ?? {})) {
    if (values[de]?.startsWith(text) !== true) return false;
  }
  if (rule.amount === undefined) return true;
  const { from = 0, to = Number.POSITIVE_INFINITY } = rule.amount;
  const amount = values["4"] === undefined ? Number.NaN : Number(values["4"]);
  return amount >= from && amount <= to;
}
