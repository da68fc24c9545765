// What an event of the office is called in the audit chain.
import type { Act } from "../../vault/mod.ts";
import type { Change, OfficeEvent } from "./office.ts";

const names: Readonly<Partial<Record<Change["status"], string>>> = {
  PROPOSED: "change.proposed",
  APPROVED: "change.approved",
  FAILED: "change.failed",
  REFUSED: "change.refused",
  WITHDRAWN: "change.withdrawn",
  EXPIRED: "change.expired",
};

/** Undefined where it tells an auditor nothing. */
export function actOf(event: OfficeEvent): Act | undefined {
  const { atMs } = event;
  if (event.event === "setup") {
    const { by, users } = event;
    return { atMs, act: "office.setup", by, detail: { users: users.map(({ name }) => name) } };
  }
  const { change } = event;
  // What was done has the name of what was done.
  const act = change.status === "DONE" ? change.kind : names[change.status];
  if (act === undefined) return undefined;
  const { id, kind, subject, proposedBy, decidedBy, outcome } = change;
  const second = decidedBy === "" || decidedBy === proposedBy ? {} : { approvedBy: decidedBy };
  const refused = change.status === "REFUSED";
  const alone = change.status === "DONE" && decidedBy === proposedBy;
  const detail = {
    ...(act === kind ? {} : { kind }),
    ...(outcome === "" ? {} : { outcome }),
    ...(alone ? { alone } : {}),
    ...(refused ? { refusedBy: decidedBy } : {}),
  };
  return {
    atMs,
    act,
    by: proposedBy,
    ...(refused ? {} : second),
    subject,
    change: String(id),
    ...(Object.keys(detail).length === 0 ? {} : { detail }),
  };
}
