// `pantun admin`: the programme's administration over its API, and the first users of a vault.
import { readFileSync } from "node:fs";
import type { Command } from "commander";
import {
  type ChangeKindName,
  changeKindNames,
  changeKinds,
  type Role,
  submitOffice,
  type User,
} from "../../actors/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import { localUser } from "../../vault/mod.ts";
import { AdminClient, type AdminFlags, adminFlags } from "./admin-client.ts";
import { type CommandFlags, withCommands } from "./command-access.ts";
import { printTable } from "./keys-table.ts";
import { printResult, vaultFlags } from "./vault-access.ts";

const lists = [
  "issuers",
  "ranges",
  "sub-ranges",
  "requestors",
  "acquirers",
  "users",
  "keys",
  "changes",
] as const;

export function register(program: Command): void {
  const admin = program
    .command("admin")
    .description("Administrate the programme: what one user proposes, another approves.")
    .addHelpText("after", help);
  vaultFlags(admin.command("setup <users.json>"))
    .description("Give a vault its first users; from then on changes take two of them.")
    .action(setup);
  adminFlags(admin.command("me")).description("Who the API takes you for.").action(me);
  adminFlags(admin.command("list <what>"))
    .description(`Show ${lists.join(", ")}.`)
    .option("--all", "of changes: those that are decided, too")
    .action(list);
  adminFlags(admin.command("show <change>")).description("Show one change.").action(show);
  adminFlags(admin.command("policy"))
    .description("Show which changes one person may make alone.")
    .action(policy);
  const change = (name: string) =>
    adminFlags(admin.command(name)).option(
      "--idempotency-key <key>",
      "the same key twice has one effect, for 24 hours",
    );
  change("propose <kind> [field=value...]")
    .description("Propose a change.")
    .option("--note <text>", "why")
    .option("--file <file>", "the fields as a JSON object")
    .action(propose);
  change("approve <change>").description("Approve another's change.").action(approve);
  change("refuse <change>")
    .description("Refuse another's change.")
    .option("--why <text>", "why")
    .action((id: string, flags: EndFlags) => end("refuse", id, flags));
  change("withdraw <change>")
    .description("Take your own change back.")
    .option("--why <text>", "why")
    .action((id: string, flags: EndFlags) => end("withdraw", id, flags));
}

const help = `
Examples:
  pantun admin setup users.json --dir var/vault --passphrase-file secret.txt
  export PANTUN_CLIENT_URL=https://127.0.0.1:8606 PANTUN_CLIENT_CA=ca.pem
  export PANTUN_CLIENT_CERTIFICATE=alice.pem PANTUN_CLIENT_KEY=alice.key
  pantun admin list sub-ranges
  pantun admin propose issuer.put id=BANK0001 name="Bank One"
  pantun admin propose requestor.put trid=99900000001 name=Shop type=MERCHANT acquirers=458001
  pantun admin propose key.rotate usage=ptav from=1 --note "yearly"
  pantun admin list changes
  pantun admin approve 12          (as somebody else)

Kinds of changes and their fields:
${changeKindNames.map((name) => `  ${name.padEnd(17)} ${fieldsOf(name).join(" ")}`).join("\n")}

users.json: [{"name": "alice", "roles": ["programme", "users"], "identities": ["URI:spiffe://…"],
"secretFile": "alice.secret"}, …]; secretFile holds lines of 'pantun requestor secret'.`;

interface Field {
  readonly type?: string;
}

function fieldTypes(kind: ChangeKindName): Readonly<Record<string, Field>> {
  return (changeKinds[kind].content as { readonly properties: Record<string, Field> }).properties;
}

function fieldsOf(kind: ChangeKindName): string[] {
  const { required = [] } = changeKinds[kind].content as { readonly required?: string[] };
  const names = Object.keys(fieldTypes(kind));
  return names.map((name) => (required.includes(name) ? name : `[${name}]`));
}

async function setup(path: string, flags: Omit<CommandFlags, "reason">): Promise<void> {
  const users = usersIn(path);
  await withCommands(flags, async ({ vault, commands, call }) => {
    await submitOffice({ commands, clock: systemClock, shards: vault.shards }, call, {
      command: "setup",
      by: localUser(),
      users,
    });
  });
  printResult(flags, { users: users.map(({ name, roles }) => ({ name, roles })) }, [
    ...users.map(({ name, roles }) => [name, roles.join(", ")] as const),
  ]);
}

function usersIn(path: string): User[] {
  const content = readJson(path);
  if (!Array.isArray(content)) throw appError("INVALID_REQUEST", `${path} is no list of users.`);
  return content.map((one) => {
    const { secretFile, ...user } = Object(one) as {
      secretFile?: unknown;
      name?: unknown;
      roles?: unknown;
      identities?: unknown;
    };
    const lines = secretFile === undefined ? "" : text(String(secretFile));
    // The form is the office's to judge.
    return {
      name: user.name as string,
      roles: user.roles as Role[],
      identities: (user.identities ?? []) as string[],
      secrets: lines.split(/\r?\n/).filter(Boolean),
      status: "ACTIVE",
    };
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(text(path));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw appError("INVALID_REQUEST", `${path} is no JSON.`);
    throw cause;
  }
}

function text(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${path} cannot be read.`, { cause });
  }
}

async function me(flags: AdminFlags): Promise<void> {
  const { name, roles } = await new AdminClient(flags).get("me");
  printResult(flags, { name, roles }, [
    ["user", name],
    ["roles", roles.join(", ")],
  ]);
}

async function policy(flags: AdminFlags): Promise<void> {
  const { alone, expiryHours } = await new AdminClient(flags).get("policy");
  printResult(flags, { alone, expiryHours }, [
    ["alone", alone.join(", ") || "nothing"],
    ["proposals wait", `${expiryHours} hours`],
  ]);
}

async function list(what: string, flags: AdminFlags & { readonly all?: boolean }): Promise<void> {
  if (!lists.some((one) => one === what)) {
    throw appError("USAGE", `"${what}" is no list; there are ${lists.join(", ")}.`);
  }
  const query = what === "changes" && flags.all === true ? "?state=all" : "";
  const document = await new AdminClient(flags).get(`${what}${query}`);
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(document)}\n`);
    return;
  }
  const rows = Object.values(document).find(Array.isArray) as Record<string, unknown>[];
  const left = columns[what] ?? [];
  const names = left.length > 0 ? left : Object.keys(rows[0] ?? { none: "" });
  printTable(
    names.map((name) => name.toUpperCase()),
    rows.map((row) => names.map((name) => cell(row[name]))),
  );
}

/** What fits beside each other, where that is not everything. */
const columns: Readonly<Record<string, readonly string[]>> = {
  changes: ["id", "status", "kind", "subject", "proposedBy", "decidedBy", "expiresAt"],
  requestors: ["trid", "name", "type", "status", "acquirers"],
  "sub-ranges": ["number", "prefix", "issuerId", "digits", "status", "used", "capacity", "fill"],
};

function cell(value: unknown): string {
  if (Array.isArray(value)) return value.length > 4 ? `${value.length}` : value.join(",");
  if (typeof value === "number" && !Number.isInteger(value)) return `${(value * 100).toFixed(1)} %`;
  return value === undefined || value === "" ? "-" : String(value);
}

async function show(id: string, flags: AdminFlags): Promise<void> {
  const change = await new AdminClient(flags).get(`changes/${encodeURIComponent(id)}`);
  const lines = Object.entries(change).map(([name, value]) => {
    return [name, typeof value === "object" ? JSON.stringify(value) : String(value)] as const;
  });
  printResult(flags, change, lines);
}

interface ProposeFlags extends AdminFlags {
  readonly note?: string;
  readonly file?: string;
}

async function propose(kind: string, fields: string[], flags: ProposeFlags): Promise<void> {
  const known = changeKindNames.find((name) => name === kind);
  if (known === undefined) {
    throw appError("USAGE", `"${kind}" is no kind; there are ${changeKindNames.join(", ")}.`);
  }
  const filed = flags.file === undefined ? {} : (Object(readJson(flags.file)) as object);
  const content = { ...filed, ...contentOf(known, fields) };
  const note = flags.note === undefined ? {} : { note: flags.note };
  print(flags, await new AdminClient(flags).post("changes", { kind, content, ...note }));
}

/** `name=value` by the type that the field has; lists with commas between. */
function contentOf(kind: ChangeKindName, fields: readonly string[]): Record<string, unknown> {
  const types = fieldTypes(kind);
  return Object.fromEntries(
    fields.map((field) => {
      const [, name = "", value = ""] = /^([A-Za-z]+)=([\s\S]*)$/.exec(field) ?? [];
      if (!Object.hasOwn(types, name)) {
        const there = fieldsOf(kind).join(", ");
        throw appError("USAGE", `"${field}" is no field=value of ${kind}; fields: ${there}.`);
      }
      const { type } = types[name] as Field;
      if (type === "array") return [name, value === "" ? [] : value.split(",")];
      if (type === "integer") return [name, Number(value)];
      if (type === "boolean")
        return [name, value === "true" ? true : value === "false" ? false : value];
      return [name, value];
    }),
  );
}

async function approve(id: string, flags: AdminFlags): Promise<void> {
  print(flags, await new AdminClient(flags).post(`changes/${encodeURIComponent(id)}/approve`, {}));
}

interface EndFlags extends AdminFlags {
  readonly why?: string;
}

async function end(verb: "refuse" | "withdraw", id: string, flags: EndFlags): Promise<void> {
  const body = flags.why === undefined ? {} : { why: flags.why };
  const path = `changes/${encodeURIComponent(id)}/${verb}`;
  print(flags, await new AdminClient(flags).post(path, body));
}

function print(flags: AdminFlags, answer: { change: number; status: string }): void {
  printResult(flags, answer, [
    ["change", answer.change],
    ["status", answer.status],
  ]);
}
