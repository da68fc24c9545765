// What each operation of the administration API does: reads come from this node's vault, changes go
// to the office.
import { type Change, type OfficeRows, submitOffice, type User } from "../../actors/mod.ts";
import { appError, type Clock } from "../../platform/mod.ts";
import { fillAlarm, type Registry, subRangeFills, type Vault } from "../../vault/mod.ts";
import type { CommandsPort } from "../grpc/ports.ts";
import type { AdminOperationId } from "./operations.ts";

export interface AdminKey {
  readonly usage: string;
  readonly label: string;
  readonly version: number;
  readonly state: string;
  readonly kcv: string;
  readonly createdAt: string;
}

export interface AdminPorts {
  readonly vault: Vault;
  readonly rows: OfficeRows;
  readonly commands: CommandsPort;
  readonly clock: Clock;
  readonly keys: () => readonly AdminKey[];
  /** False in a cluster: every node has keys of its own, which are changed there. */
  readonly keysAreHere: boolean;
}

export interface AdminCall {
  readonly user: User;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: it passed the operation's schema
  readonly body: any;
  readonly idempotencyKey: string;
  readonly deadlineMs: number;
}

export interface AdminAnswer {
  readonly body: object;
  readonly repeated?: boolean;
}

export type AdminHandlers = {
  readonly [Id in AdminOperationId]: (call: AdminCall) => AdminAnswer | Promise<AdminAnswer>;
};

const subRangesMax = 1_000;

export function adminHandlers(ports: AdminPorts): AdminHandlers {
  const { vault, rows } = ports;
  const registry = (): Registry => {
    vault.freshRead();
    return vault.registry();
  };
  const end = (command: "refuse" | "withdraw") => (call: AdminCall) => {
    const change = changeIdOf(call);
    return submit(ports, call, { command, change, why: String(call.body.why ?? "") });
  };
  return {
    whoAmI: ({ user: { name, roles } }) => ({ body: { name, roles } }),
    listIssuers: () => ({ body: { issuers: present(registry().issuers).map(withoutNumber) } }),
    listRanges: () => ({
      body: {
        ranges: present(registry().ranges).map(({ number: _, issuer, ...range }) => {
          return { ...range, issuerId: issuer.id };
        }),
      },
    }),
    listSubRanges: () => ({ body: subRangesOf(vault, registry()) }),
    listRequestors: () => ({
      body: {
        requestors: present(registry().requestors).map(
          ({ number: _, acquirersListed: acquirers, ...requestor }) => {
            return { ...requestor, acquirers, merchants: requestor.merchants.entries() };
          },
        ),
      },
    }),
    listAcquirers: () => ({
      body: { acquirers: present(registry().acquirers).map(withoutNumber) },
    }),
    listUsers: () => {
      vault.freshRead();
      const users = rows.users().map(({ secrets, ...user }) => {
        return { ...user, secrets: secrets.length };
      });
      return { body: { users } };
    },
    getPolicy: () => {
      vault.freshRead();
      return { body: rows.load().policy };
    },
    listKeys: () => ({
      body: {
        keys: ports.keys().map(({ usage, label, version, state, kcv, createdAt }) => {
          return { usage, label, version, state, kcv, createdAt };
        }),
      },
    }),
    listChanges: ({ query }) => {
      vault.freshRead();
      const open = (query.state ?? "open") === "open";
      const found = open ? rows.load().open : rows.changes();
      return { body: { changes: found.map(shown) } };
    },
    getChange: (call) => {
      vault.freshRead();
      const id = changeIdOf(call);
      const change = rows.change(id);
      if (change === undefined) throw appError("CHANGE_NOT_FOUND", `There is no change ${id}.`);
      return { body: shown(change) };
    },
    proposeChange: (call) => {
      const { kind, content, note = "" } = call.body;
      if (String(kind).startsWith("key.")) checkKeyChange(ports, content);
      return submit(ports, call, { command: "propose", kind, content, note });
    },
    approveChange: (call) => submit(ports, call, { command: "approve", change: changeIdOf(call) }),
    refuseChange: end("refuse"),
    withdrawChange: end("withdraw"),
  };
}

async function submit(ports: AdminPorts, call: AdminCall, command: object): Promise<AdminAnswer> {
  const { user, idempotencyKey, deadlineMs } = call;
  const { commands, clock, vault } = ports;
  const desk = { client: `admin ${user.name}`, idempotencyKey, deadlineMs };
  const { answer, repeated } = await submitOffice({ commands, clock, shards: vault.shards }, desk, {
    by: user.name,
    ...command,
  } as Parameters<typeof submitOffice>[2]);
  return { body: answer, repeated };
}

function changeIdOf({ params }: AdminCall): number {
  const text = params.changeId ?? "";
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw appError("CHANGE_NOT_FOUND", "There is no such change.");
}

/** What is known here of the key that the change is about. */
function checkKeyChange({ keysAreHere, keys }: AdminPorts, content: Record<string, unknown>): void {
  if (!keysAreHere) {
    const text = "In a cluster keys are changed on each node with pantun keys.";
    throw appError("UNIMPLEMENTED", text);
  }
  const version = content.from ?? content.version;
  const found = keys().find((key) => {
    return (
      key.usage === content.usage && key.label === (content.label ?? "") && key.version === version
    );
  });
  if (found === undefined) throw appError("KEY_NOT_FOUND", "There is no such key version.");
  if (content.from !== undefined && found.state !== "ACTIVE") {
    throw appError("KEY_NOT_FOUND", "That version is not the active one.");
  }
}

function subRangesOf(vault: Vault, { ranges }: Registry): object {
  const fills = subRangeFills(vault);
  const subRanges = fills.map(({ subRange, used, capacity }) => {
    const { number, digits, status } = subRange;
    const range = ranges[subRange.range];
    const fill = used / capacity;
    const whose = { prefix: range?.prefix ?? "", issuerId: range?.issuer.id ?? "" };
    return { number, ...whose, digits, status, used, capacity, fill, full: fill > fillAlarm };
  });
  return { subRanges, unassigned: subRangesMax - fills.length };
}

function present<T>(rows: readonly (T | undefined)[]): T[] {
  return rows.filter((row) => row !== undefined);
}

function withoutNumber<Row extends { readonly number: number }>({ number: _, ...row }: Row) {
  return row;
}

function shown(change: Change): object {
  const { proposedAtMs, expiresAtMs, decidedAtMs, executor: _, begunAtMs: __, ...rest } = change;
  return {
    ...rest,
    proposedAt: timeText(proposedAtMs),
    expiresAt: timeText(expiresAtMs),
    ...(decidedAtMs === 0 ? {} : { decidedAt: timeText(decidedAtMs) }),
    content: withoutSecrets(change.content),
  };
}

/** Hashes of secrets are no secrets, and still nobody's business. */
function withoutSecrets({ secrets, ...content }: Change["content"]): object {
  return Array.isArray(secrets) ? { ...content, secrets: secrets.length } : content;
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}
