// Where a template stands: an element of the message, or a part of a composite. Both fail and end
// in their own way.
import { codeTable } from "../errors.ts";

export type CodeName = keyof typeof codeTable;

export const code = (name: CodeName): number => codeTable[name].number;

export interface Scope {
  /** Expression of a status; the code is an expression too. */
  status(
    codeText: string | number,
    at: string,
    expected: string | number,
    actual: string | number,
  ): string;
  /** Statements that keep what was found. */
  store(at: string, length: string | number): string[];
  /** Expression of a status from one of a composite inside. */
  inside(status: string): string;
  /** True where the bytes are those of the view, so that they can be read four at a time. */
  readonly isWhole: boolean;
}

/** An element of the message. */
export function elementScope(de: number): Scope {
  return {
    status: (codeText, at, expected, actual) =>
      `v.fail(${codeText}, ${de}, ${at}, ${expected}, ${actual})`,
    store: (at, length) => [`    s[${2 * de}] = ${at};`, `    s[${2 * de + 1}] = ${length};`],
    inside: (status) => `v.failComposite(${de}, ${status})`,
    isWhole: true,
  };
}

/** A part; the key is a number or an expression of one. */
export function partScope(key: number | string): Scope {
  return {
    status: (codeText, at, expected, actual) =>
      `v.failAt(${codeText}, ${key}, ${at}, ${expected}, ${actual})`,
    store: () => [],
    inside: (status) => `v.within(${key}, ${status})`,
    isWhole: false,
  };
}

/** A composite as a whole. */
export const wholeScope: Scope = {
  status: (codeText, at, expected, actual) =>
    `v.failHere(${codeText}, ${at}, ${expected}, ${actual})`,
  store: () => [],
  inside: (status) => status,
  isWhole: false,
};

/** A statement that ends the scan with an error. */
export function failAs(
  scope: Scope,
  name: CodeName,
  at: string,
  expected: string | number,
  actual: string | number,
): string {
  return `return ${scope.status(code(name), at, expected, actual)};`;
}
