// Everything that a server's version must keep for the log to be right on it.

import type { NatsSite } from "../../../deploy/tools/nats-site.ts";
import { type Check, runCheck, type SiteKind } from "./context.ts";
import { fenceChecks } from "./fence-checks.ts";
import { streamChecks } from "./stream-checks.ts";

const all: readonly Check[] = [...fenceChecks, ...streamChecks];

export function checksFor(kind: SiteKind): readonly Check[] {
  return all.filter(({ only }) => only === undefined || only === kind);
}

export { type NatsSite, runCheck, type SiteKind };
