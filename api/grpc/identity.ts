// Who a client is: the names in its certificate (SAN), looked up in the table of callers.
import type { PeerCertificate } from "node:tls";
import { appError } from "../../platform/mod.ts";
import type { Caller } from "./ports.ts";

/** Names of one certificate that are looked at; real ones carry a handful. */
const namesMax = 32;

/**
 * Node joins the names by ", " and writes one that holds a comma, a quote or a control character as
 * a JSON string. Names of hosts and services never need that, so quoted ones are passed over, as a
 * whole: nothing inside the quotes can be taken for a name.
 */
const namePattern = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/y;

/** "URI:…" and "DNS:…" of a certificate, in its order. */
export function namesOf(certificate: Pick<PeerCertificate, "subjectaltname">): string[] {
  const text = certificate.subjectaltname ?? "";
  const names: string[] = [];
  namePattern.lastIndex = 0;
  for (let count = 0; count < namesMax; count++) {
    const match = namePattern.exec(text);
    if (match === null) break;
    const [, kind, value = ""] = match;
    if ((kind === "URI" || kind === "DNS") && value !== "" && !value.startsWith('"')) {
      names.push(`${kind}:${value}`);
    }
    if (namePattern.lastIndex >= text.length) break;
  }
  return names;
}

export class CallerTable {
  readonly #byIdentity = new Map<string, Caller>();
  readonly #byName = new Map<string, Caller>();

  /** Throws CONFIG_INVALID where two callers share a name or an identity. */
  constructor(callers: readonly Caller[]) {
    for (const caller of callers) {
      if (this.#byName.has(caller.name)) throw ambiguous(`the caller ${caller.name}`);
      this.#byName.set(caller.name, caller);
      for (const identity of caller.identities) {
        if (this.#byIdentity.has(identity)) throw ambiguous(`the identity ${identity}`);
        this.#byIdentity.set(identity, caller);
      }
    }
  }

  /** The caller a certificate stands for; null for none, and where it names two. */
  find(certificate: Pick<PeerCertificate, "subjectaltname">): Caller | null {
    return this.findNamed(namesOf(certificate));
  }

  /** The same by the names that were read of it. */
  findNamed(names: readonly string[]): Caller | null {
    let found: Caller | null = null;
    for (const name of names) {
      const caller = this.#byIdentity.get(name);
      if (caller === undefined || caller === found) continue;
      if (found !== null) return null;
      found = caller;
    }
    return found;
  }

  findByName(name: string): Caller | null {
    return this.#byName.get(name) ?? null;
  }
}

/** Throws CONFIG_INVALID where two callers share a name or an identity. */
export function checkCallers(callers: readonly Caller[]): void {
  new CallerTable(callers);
}

function ambiguous(what: string) {
  return appError("CONFIG_INVALID", `${what} stands in the table of callers twice`);
}
