// A key ceremony: two or three custodians each give one component and answer for its check value.
// No component is shown or stored, and nobody but the program sees the key.
import {
  CryptoError,
  combineComponents,
  keyCheckValue,
  loadComponent,
  parseComponent,
} from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { Dialogue } from "./terminal.ts";

export interface CeremonyOptions {
  /** What the key will be, for the custodians to read. */
  readonly title: string;
  readonly count: number;
  /** Lengths in bytes that the key may have. */
  readonly lengths: readonly [number, ...number[]];
  /** Component files in the order of the custodians; empty: they are typed in. */
  readonly files: readonly string[];
  /** The check value that the key must have, if it is known beforehand. */
  readonly kcv?: string;
}

export interface Custodian {
  readonly name: string;
  readonly kcv: string;
}

export interface Ceremony {
  /** The caller's to overwrite. */
  readonly key: Buffer;
  readonly kcv: string;
  readonly custodians: readonly Custodian[];
}

/** A hand-copied component goes wrong now and then; more often, something else is wrong. */
const triesMax = 3;
const namePattern = /^[\p{L}\p{N}][\p{L}\p{N} .'-]{1,63}$/u;

/**
 * Holds the ceremony. Errors: KEY_INVALID for components that make no key or not the expected one;
 * FAILED where a custodian does not confirm.
 */
export async function holdCeremony(talk: Dialogue, options: CeremonyOptions): Promise<Ceremony> {
  const { title, count, kcv: expected } = options;
  const components: Buffer[] = [];
  try {
    talk.say(`${title}: ${count} custodians, one after another. Components are not shown.`);
    const custodians: Custodian[] = [];
    let lengths = options.lengths;
    for (let number = 1; number <= count; number++) {
      const name = await askName(talk, number, count, custodians);
      const component = await askComponent(talk, { name, number, lengths, options });
      components.push(component);
      lengths = [component.length];
      custodians.push({ name, kcv: keyCheckValue(component) });
    }
    const key = combineComponents(components);
    const kcv = keyCheckValue(key);
    if (expected !== undefined && expected.toUpperCase() !== kcv) {
      key.fill(0);
      const text = `the components make a key with the KCV ${kcv}, not ${expected.toUpperCase()}`;
      throw new CryptoError("KEY_INVALID", text);
    }
    talk.say(`The whole key has the check value ${kcv}.`);
    for (const { name } of custodians) {
      const yes = await talk.ask(`${name}, is that the key's check value on the form? `, "shown");
      if (!confirms(yes)) {
        key.fill(0);
        throw refused(name, "the key's check value");
      }
    }
    return { key, kcv, custodians };
  } finally {
    for (const component of components) component.fill(0);
  }
}

async function askName(
  talk: Dialogue,
  number: number,
  count: number,
  before: readonly Custodian[],
): Promise<string> {
  for (let tries = 0; tries < triesMax; tries++) {
    const answer = await talk.ask(`Custodian ${number} of ${count}, your name: `, "shown");
    const name = answer.trim();
    const known = before.some((one) => one.name.toLowerCase() === name.toLowerCase());
    if (known) talk.say("Each component has a custodian of its own.");
    else if (namePattern.test(name)) return name;
    else talk.say("A name has 2 to 64 letters, digits, spaces and . ' -");
  }
  throw appError("FAILED", "No custodian was named; nothing was stored.");
}

interface Turn {
  readonly name: string;
  readonly number: number;
  readonly lengths: readonly [number, ...number[]];
  readonly options: CeremonyOptions;
}

async function askComponent(talk: Dialogue, turn: Turn): Promise<Buffer> {
  const { name, number, lengths, options } = turn;
  const digits = lengths.map((bytes) => 2 * bytes).join(" or ");
  const file = options.files[number - 1];
  for (let tries = 0; tries < triesMax; tries++) {
    const component =
      file === undefined
        ? parseComponent(await talk.ask(`${name}, component ${number}: `, "hidden"), lengths)
        : loadComponent(file, ...lengths);
    if (component === undefined) {
      talk.say(`A component has ${digits} hex digits, not all of them zero.`);
      continue;
    }
    const kcv = keyCheckValue(component);
    const question = `Component ${number} has the check value ${kcv}. The same on your form? `;
    if (confirms(await talk.ask(question, "shown"))) return component;
    component.fill(0);
    // A file says the same every time.
    if (file !== undefined) break;
  }
  throw refused(name, `the check value of component ${number}`);
}

function confirms(answer: string): boolean {
  return answer.trim().toLowerCase() === "yes";
}

function refused(name: string, what: string): Error {
  return appError("FAILED", `${name} did not confirm ${what} with 'yes'; nothing was stored.`);
}
