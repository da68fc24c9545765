// `pantun art`: what the cards of an issuer look like, said by the administrator.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Look } from "../../actors/mod.ts";
import { CardArt, uploadBytesMax } from "../../api/art/mod.ts";
import { appError, systemClock } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { type CommandFlags, commandFlags, withActors } from "./command-access.ts";
import { printResult, type VaultFlags, vaultFlags, withVault } from "./vault-access.ts";

interface PutFlags extends CommandFlags {
  readonly issuer: string;
  readonly range: string;
  readonly picture?: string;
  readonly alt: string;
  readonly background?: string;
  readonly foreground?: string;
}

export function register(program: Command): void {
  const art = program
    .command("art")
    .description("Card art: the pictures that requestors show for an issuer's cards.")
    .addHelpText("after", help);
  commandFlags(art.command("put"))
    .description("Take a picture for an issuer's cards, or draw one in its colours.")
    .requiredOption("--issuer <id>", "the issuer")
    .option("--range <prefix>", "only cards of this BIN range", "")
    .option("--picture <file>", "a PNG of a card, 1536 x 969 or alike; without it one is drawn")
    .option("--alt <text>", "what the picture shows", "")
    .option("--background <RRGGBB>", "colour of the card")
    .option("--foreground <RRGGBB>", "colour of text on it; without it black or white, as fits")
    .action(put);
  vaultFlags(art.command("show"))
    .description("Show what an issuer's cards look like.")
    .requiredOption("--issuer <id>", "the issuer")
    .action(show);
  vaultFlags(art.command("get <asset> <file>"))
    .description("Write a stored picture to a new file.")
    .action(get);
}

const help = `
Examples:
  pantun art put --issuer BANK0001 --picture card.png --alt "A blue card" --background 224488 …
  pantun art put --issuer BANK0001 --background 660022 …
  pantun art show --issuer BANK0001 --dir var/vault --passphrase-file secret.txt

A picture never changes: another one gets another id, and tokens that are made from then on answer
with it.`;

async function put(flags: PutFlags): Promise<void> {
  const { issuer, range: prefix, alt: altText, background, foreground } = flags;
  const picture = flags.picture === undefined ? undefined : readPicture(flags.picture);
  const act = { act: "art.put", subject: issuer };
  const done = await withActors(flags, act, ({ vault, commands, call }) => {
    const art = new CardArt({ vault, commands, clock: systemClock });
    return art.put(call, issuer, { prefix, picture, altText, background, foreground });
  });
  printResult(flags, done, [["changed", done.changed ? "yes" : "no"], ...lines(done.look)]);
}

function readPicture(file: string): Buffer {
  try {
    if (statSync(file).size > uploadBytesMax) {
      throw appError("PAYLOAD_TOO_LARGE", `${file} takes more than a MiB.`);
    }
    return readFileSync(file);
  } catch (cause) {
    if (cause instanceof Error && "kind" in cause) throw cause;
    throw appError("FILE_UNREADABLE", `${file} cannot be read.`, { cause });
  }
}

async function show(flags: VaultFlags & { readonly issuer: string }): Promise<void> {
  const face = await withVault(flags, (vault) => artOf(vault).face(flags.issuer));
  if (face === undefined) {
    throw appError("ASSET_NOT_FOUND", `The issuer ${flags.issuer} has no card art yet.`);
  }
  printResult(flags, face, face.looks.flatMap(lines));
}

async function get(assetId: string, file: string, flags: VaultFlags): Promise<void> {
  const picture = await withVault(flags, (vault) => artOf(vault).picture(assetId));
  try {
    writeFileSync(file, picture, { flag: "wx" });
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `${file} exists already or cannot be written.`, { cause });
  }
  printResult(flags, { assetId, file, bytes: picture.length }, [
    ["written", file],
    ["bytes", picture.length],
  ]);
}

function artOf(vault: Vault): CardArt {
  const commands = { submit: () => Promise.reject(new Error("nothing is changed here")) };
  return new CardArt({ vault, commands, clock: systemClock });
}

function lines({ prefix, assetId, altText, background, foreground, isGeneric }: Look) {
  return [
    ["range", prefix === "" ? "all others" : prefix],
    ["picture", assetId],
    ["shows", altText],
    ["colours", `${foreground} on ${background}`],
    ["drawn here", isGeneric ? "yes" : "no"],
  ] as [string, string][];
}
