// `pantun token`: look at a token and change its state, by reference, on a running service or on a
// vault that none has open.
import type { Command } from "commander";
import type { TokenAction } from "../../actors/mod.ts";
import { appError } from "../../platform/mod.ts";
import {
  agreementsOf,
  parseRef,
  type SuspensionCause,
  type TokenView,
  type Vault,
  viewOf,
  viewToken,
} from "../../vault/mod.ts";
import { type CommandFlags, commandFlags, receiptLines, withActors } from "./command-access.ts";
import { printResult, type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";

interface CauseFlags extends CommandFlags {
  readonly cause: Cause;
}

type Cause = Exclude<SuspensionCause, "ISSUER">;

const causes: readonly Cause[] = [
  "ADMIN",
  "FRAUD_CONTROL",
  "TOKEN_REQUESTOR",
  "CARDHOLDER",
  "ISSUER_TOKEN",
];

/** Tokens that one listing shows at most. */
const listMax = 10_000;

export function register(program: Command): void {
  const token = program
    .command("token")
    .description("Look at tokens and change their state.")
    .addHelpText("after", help);
  vaultFlags(token.command("list"))
    .description("Show tokens, in no order that means anything.")
    .option("--limit <n>", "how many", parseLimit, 20)
    .option("--trid <trid>", "only those of this requestor")
    .action(list);
  vaultFlags(token.command("show <ref>"))
    .description("Show one token with its agreements.")
    .action(show);
  causeFlag(token.command("suspend <ref>"))
    .description("Suspend it for a cause; PTAVs that were fetched before stay void.")
    .action((ref: string, flags: CauseFlags) => change("suspend", ref, flags));
  causeFlag(token.command("resume <ref>"))
    .description("Take the cause away; other causes stay.")
    .action((ref: string, flags: CauseFlags) => change("resume", ref, flags));
  commandFlags(token.command("activate <ref>"))
    .description("Make an INACTIVE token usable.")
    .action((ref: string, flags: CommandFlags) => change("activate", ref, flags));
  commandFlags(token.command("delete <ref>"))
    .description("Delete it for good.")
    .option("--yes", "do it")
    .action(remove);
}

const help = `
Examples:
  pantun token list --dir var/vault --passphrase-file secret.txt --limit 5
  pantun token show 019b76da-a800-7a53-b039-74be80370ba4 …
  pantun token suspend 019b76da-a800-7a53-b039-74be80370ba4 --cause FRAUD_CONTROL …

Card and token numbers are shown masked. A service that has the vault open carries a change out, and
its next payment sees it.`;

function causeFlag(command: Command): Command {
  return commandFlags(command).option(
    "--cause <cause>",
    `who asks: ${causes.join(", ")}`,
    parseCause,
    "ADMIN",
  );
}

function parseCause(text: string): Cause {
  const cause = causes.find((known) => known === text);
  if (cause !== undefined) return cause;
  throw appError("USAGE", `"${text}" is no cause; there are ${causes.join(", ")}.`);
}

function parseLimit(text: string): number {
  const limit = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= listMax) return limit;
  throw appError("USAGE", `The limit is 1 to ${listMax}.`);
}

async function list(
  flags: VaultFlags & { readonly limit: number; readonly trid?: string },
): Promise<void> {
  const tokens = await withVault(flags, (vault) => listTokens(vault, flags.limit, flags.trid));
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify({ tokens })}\n`);
    return;
  }
  const lines = tokens.map((one) =>
    [one.ref, one.status.padEnd(9), one.trid, one.tpan.mask(), one.expiry].join("  "),
  );
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
}

function listTokens(vault: Vault, limit: number, trid: string | undefined): TokenView[] {
  const found: TokenView[] = [];
  for (const { key, value } of vault.tables.tokens.getRange({})) {
    if (found.length === limit) break;
    const view = viewOf(vault, key, value);
    if (trid === undefined || view.trid === trid) found.push(view);
  }
  return found;
}

async function show(ref: string, flags: VaultFlags): Promise<void> {
  const { token, agreements } = await withVault(flags, (vault) => {
    const view = viewToken(vault, ref);
    const index = vault.findTokenByRef(parseRef(ref)!)!.index;
    return { token: view, agreements: agreementsOf(vault, index) };
  });
  printResult(flags, { token, agreements }, [
    ...tokenLines(token),
    ...agreements.map(
      (one) =>
        [
          "agreement",
          `${one.id} at ${one.merchant}${one.revokedAt === 0 ? "" : ", revoked"}`,
        ] as const,
    ),
  ]);
}

function tokenLines(token: TokenView): (readonly [string, string | number])[] {
  return [
    ["token", token.ref],
    ["status", token.status],
    ["suspended by", token.suspendedBy.join(", ") || "-"],
    ["token number", token.tpan.mask()],
    ["token expiry", token.expiry],
    ["requestor", token.trid],
    ["card", token.pan.mask()],
    ["card expiry", token.cardExpiry],
    ["card status", token.cardStatus],
    ["assurance", token.assurance],
    ["PAR", token.par ?? "-"],
    ["provisioned", new Date(token.provisionedAt * 1_000).toISOString()],
    ["version", token.version],
  ];
}

async function change(
  action: TokenAction["action"],
  ref: string,
  flags: CommandFlags & { readonly cause?: Cause },
): Promise<void> {
  const { reason, cause = "ADMIN" } = flags;
  const caller = { who: "ADMIN" } as const;
  const act = { act: `token.${action}`, subject: ref, detail: { reason, cause } };
  const { done, token } = await withActors(flags, act, async ({ desk, call }) => ({
    done: await desk.token(call, ref, (bytes) => {
      return { command: "token", action, ref: bytes, caller, cause, reason };
    }),
    token: desk.viewToken(ref),
  }));
  const changed = done.answer.changed === true;
  const { repeated, position } = done;
  printResult(flags, { changed, repeated, position, token }, [
    ["changed", changed ? "yes" : "no"],
    ...tokenLines(token),
    ...receiptLines(done),
  ]);
}

async function remove(
  ref: string,
  flags: CommandFlags & { readonly yes?: boolean },
): Promise<void> {
  if (flags.yes !== true) throw appError("USAGE", "A deleted token never comes back: add --yes.");
  await change("delete", ref, flags);
}
