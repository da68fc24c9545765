// `pantun token`: look at a token and change its state, by reference, in a local vault folder.
import type { Command } from "commander";
import { DirectCards, type TokenChange } from "../../actors/mod.ts";
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
import { printResult, type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";

interface CauseFlags extends VaultFlags {
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
    .description("Look at tokens and change their state in a local vault folder.")
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
    .action((ref: string, flags: CauseFlags) => change(flags, ref, suspendWith(flags.cause)));
  causeFlag(token.command("resume <ref>"))
    .description("Take the cause away; other causes stay.")
    .action((ref: string, flags: CauseFlags) => change(flags, ref, resumeWith(flags.cause)));
  vaultFlags(token.command("delete <ref>"))
    .description("Delete it for good.")
    .option("--yes", "do it")
    .action(remove);
}

const help = `
Examples:
  pantun token list --dir var/vault --passphrase-file secret.txt --limit 5
  pantun token show 019b76da-a800-7a53-b039-74be80370ba4 …
  pantun token suspend 019b76da-a800-7a53-b039-74be80370ba4 --cause FRAUD_CONTROL …

Card and token numbers are shown masked.`;

function causeFlag(command: Command): Command {
  return vaultFlags(command).option(
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

const suspendWith = (cause: Cause) => (vault: Vault, ref: string) =>
  new DirectCards(vault).token("suspend", ref, cause);
const resumeWith = (cause: Cause) => (vault: Vault, ref: string) =>
  new DirectCards(vault).token("resume", ref, cause);

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
  flags: VaultFlags,
  ref: string,
  work: (vault: Vault, ref: string) => TokenChange,
): Promise<void> {
  const result = await withVault(flags, (vault) => work(vault, ref));
  const { changed, token } = result;
  printResult(flags, result, [["changed", changed ? "yes" : "no"], ...tokenLines(token)]);
}

async function remove(ref: string, flags: VaultFlags & { readonly yes?: boolean }): Promise<void> {
  if (flags.yes !== true) throw appError("USAGE", "A deleted token never comes back: add --yes.");
  await change(flags, ref, (vault, one) => new DirectCards(vault).token("delete", one, "ADMIN"));
}
