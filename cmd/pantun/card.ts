// `pantun card`: what an issuer would say of a card, said by the administrator, on a running
// service or on a vault that none has open.
import type { Command } from "commander";
import type { CardAction, Done } from "../../actors/mod.ts";
import { CardDesk } from "../../actors/mod.ts";
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import { parseYymm } from "../../vault/mod.ts";
import { type CommandFlags, commandFlags, receiptLines, withActors } from "./command-access.ts";
import { type PanFlags, panFlag, readPans } from "./pan-input.ts";
import { printResult, type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";

interface CardFlags extends CommandFlags, PanFlags {
  readonly causedAt?: number;
}

export function register(program: Command): void {
  const card = program
    .command("card")
    .description("Look at cards and change their state; their tokens follow.")
    .addHelpText("after", help);
  panFlag(vaultFlags(card.command("show")), "the card number")
    .description("Show a card and its tokens.")
    .action(show);
  change(card, "suspend").description("Suspend it with all its tokens, also before it has any.");
  change(card, "resume").description("Take its suspension away; those of others stay.");
  change(card, "delete")
    .description("Close it for good with all its tokens.")
    .option("--yes", "do it");
  change(card, "expiry")
    .description("Store a later expiry; its tokens go on.")
    .requiredOption("--expiry <YYMM>", "the new expiry", parseExpiry);
  panFlag(commandFlags(card.command("pan")), "the old and then the new card number")
    .description("Move all its tokens behind another number of the same issuer.")
    .requiredOption("--expiry <YYMM>", "expiry of the new card", parseExpiry)
    .action(movePan);
}

const help = `
Examples:
  pantun card show --dir var/vault --passphrase-file secret.txt
  pantun card suspend --reason LOST --pan-file - < number.txt
  printf '%s\\n%s\\n' "$OLD" "$NEW" | pantun card pan --expiry 3009 --reason REPLACEMENT

Card numbers are typed, or come from a file or standard input, never from the command line; they
are shown masked. A service that has the vault open carries the change out, and its next payment
sees it.`;

function change(parent: Command, action: CardAction["action"]): Command {
  return panFlag(commandFlags(parent.command(action)), "the card number")
    .option(
      "--caused-at <time>",
      "when it happened, ISO 8601; earlier words than known are stale",
      parseTime,
    )
    .action((flags: CardFlags & { readonly yes?: boolean; readonly expiry?: number }) =>
      act(action, flags),
    );
}

function parseExpiry(text: string): number {
  const expiry = parseYymm(text);
  if (expiry === undefined)
    throw appError("USAGE", `"${text}" is no expiry; it has 4 digits, YYMM.`);
  return expiry;
}

function parseTime(text: string): number {
  const at = Date.parse(text);
  if (Number.isNaN(at) || at <= 0) throw appError("USAGE", `"${text}" is no time.`);
  return at;
}

async function act(
  action: CardAction["action"],
  flags: CardFlags & { readonly yes?: boolean; readonly expiry?: number },
): Promise<void> {
  if (action === "delete" && flags.yes !== true) {
    throw appError("USAGE", "A closed card never comes back: add --yes.");
  }
  const [pan] = (await readPans(flags, ["card number"])) as [ClearPAN];
  const { reason, causedAt: causedAtMs = 0, expiry = 0 } = flags;
  const done = await withActors(flags, actOf(action, flags), ({ desk, call }) =>
    desk.card(call, { action, pan, reason, expiry, causedAtMs }),
  );
  print(flags, pan, done);
}

/** Without the number: the log has the event, sealed. */
function actOf(action: string, { reason }: CommandFlags) {
  return { act: `card.${action}`, detail: { reason } };
}

async function movePan(flags: CardFlags & { readonly expiry: number }): Promise<void> {
  const pans = await readPans(flags, ["old card number", "new card number"]);
  const [pan, newPan] = pans as [ClearPAN, ClearPAN];
  const { reason, expiry: newExpiry } = flags;
  const done = await withActors(flags, actOf("pan", flags), ({ desk, call }) =>
    desk.updatePan(call, { pan, newPan, newExpiry, reason }),
  );
  print(flags, newPan, done);
}

function print(flags: VaultFlags, pan: ClearPAN, done: Done): void {
  const { answer, repeated, position } = done;
  const { changed, stale, status, tokensAffected } = answer;
  printResult(flags, { card: pan, ...answer, repeated, position }, [
    ["card", pan.mask()],
    ["changed", changed === true ? "yes" : "no"],
    ...(stale === true ? [["stale", "yes"] as const] : []),
    ...(status === undefined ? [] : [["status", String(status)] as const]),
    ["tokens affected", Number(tokensAffected ?? 0)],
    ...receiptLines(done),
  ]);
}

async function show(flags: VaultFlags & PanFlags): Promise<void> {
  const [pan] = (await readPans(flags, ["card number"])) as [ClearPAN];
  const view = await withVault(flags, (vault) => {
    const commands = { submit: () => Promise.reject(new Error("nothing is changed here")) };
    return new CardDesk({ vault, commands, clock: systemClock }).viewCard(pan);
  });
  const { status, tokens } = view;
  if (status === undefined) throw appError("CARD_NOT_FOUND", "There is no such card.");
  printResult(flags, { card: pan, status, tokens }, [
    ["card", pan.mask()],
    ["status", status],
    ...tokens.map((token) => {
      const parts = [token.ref, token.status, token.trid, token.tpan.mask(), token.expiry];
      return ["token", parts.join("  ")] as const;
    }),
  ]);
}
