// What an approval would do, worked out from the registry as it is now.
import { appError, isAppError } from "../../platform/mod.ts";
import {
  planRequestorStatus,
  planRow,
  planSubRange,
  type RegistryInput,
  type RegistryRow,
  type Vault,
} from "../../vault/mod.ts";
import { type ChangeKindName, type ContentOf, contentFits, isChangeKind } from "./change-kinds.ts";
import type { Gathered } from "./decide.ts";
import type { Change, Effect, Office, OfficeCommand } from "./office.ts";
import { checkUsers, withUser } from "./users.ts";

const tables = {
  "issuer.put": "issuers",
  "range.put": "ranges",
  "requestor.put": "requestors",
  "acquirer.put": "acquirers",
} as const satisfies Partial<Record<ChangeKindName, RegistryRow["kind"]>>;

export function gatherOffice(vault: Vault, office: Office, command: OfficeCommand): Gathered {
  const proposal = proposalOf(office, command);
  if (proposal === undefined) return { plan: undefined };
  try {
    return { plan: planOf(vault, office, proposal) };
  } catch (error) {
    if (isAppError(error)) return { plan: error };
    throw error;
  }
}

type Proposal = Pick<Change, "kind" | "content">;

function proposalOf(office: Office, command: OfficeCommand): Proposal | undefined {
  if (command.command === "approve") return office.open.find(({ id }) => id === command.change);
  if (command.command !== "propose") return undefined;
  const { kind, content } = command;
  // What has another form is refused by the decision before it looks at a plan.
  return isChangeKind(kind) && contentFits(kind, content) ? { kind, content } : undefined;
}

function planOf(vault: Vault, office: Office, { kind, content }: Proposal): Effect {
  const { numbers } = office;
  if (kind in tables) {
    const table = tables[kind as keyof typeof tables];
    const input = { kind: table, input: content } as unknown as RegistryInput;
    return { rows: [planRow(vault, input, numbers[table] ?? 0)] };
  }
  if (kind === "subrange.put") {
    return { rows: [planSubRange(vault, content as ContentOf<"subrange.put">)] };
  }
  if (kind === "requestor.status") {
    const { trid, status } = content as ContentOf<"requestor.status">;
    return { rows: [planRequestorStatus(vault, trid, status)] };
  }
  if (kind === "user.put") return { user: planUser(office, content as ContentOf<"user.put">) };
  if (kind === "policy.put") {
    const { alone, expiryHours = office.policy.expiryHours } = content as ContentOf<"policy.put">;
    return { policy: { alone: [...new Set(alone)], expiryHours } };
  }
  // Keys are a service's to look at.
  return {};
}

/** Names and secrets that are left out stay as they are. */
function planUser({ users }: Office, content: ContentOf<"user.put">) {
  const known = users.find(({ name }) => name === content.name);
  const user = {
    name: content.name,
    roles: [...new Set(content.roles)],
    identities: content.identities ?? known?.identities ?? [],
    secrets: content.secrets ?? known?.secrets ?? [],
    status: content.status ?? "ACTIVE",
  };
  if (users.length === 0) throw appError("SCOPE_MISSING", "There are no users yet.");
  checkUsers(withUser(users, user));
  return user;
}
