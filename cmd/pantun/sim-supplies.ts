// The part of `pantun sim` that makes what the simulators are given: keys of parties, test cards.
import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { makeKeyPair } from "../../api/http/mod.ts";
import { withCheckDigit } from "../../codec/pan/mod.ts";
import { appError } from "../../platform/mod.ts";
import { wholeNumber } from "./whole-number.ts";

export function registerSupplies(sim: Command): void {
  sim
    .command("keys <private-file> <public-file>")
    .description("a key pair of a party as two JWK sets; the parties file names the public one")
    .addOption(
      new Option("--use <use>", "sig signs calls, enc opens card numbers")
        .choices(["sig", "enc"])
        .default("sig"),
    )
    .option("--kid <id>", "what the key is called; the use, where it has no name")
    .action(keys);
  sim
    .command("cards")
    .description("numbers of test cards in the range 999999, which no bank has")
    .option("--count <n>", "how many", wholeNumber(1, 100_000), 1)
    .option("--from <n>", "the first one's place in the range", wholeNumber(0, 999_899_999), 0)
    .action(cards);
}

interface KeysFlags {
  readonly use: "sig" | "enc";
  readonly kid?: string;
}

function keys(privateFile: string, publicFile: string, { use, kid = use }: KeysFlags): void {
  if (!/^[A-Za-z0-9._~-]{1,64}$/.test(kid)) throw appError("USAGE", "--kid is no name.");
  const { privateSet, publicSet } = makeKeyPair(use, kid);
  write(privateFile, privateSet, 0o600);
  write(publicFile, publicSet, 0o644);
}

function write(file: string, text: string, mode: number): void {
  try {
    writeFileSync(file, text, { mode, flag: "wx" });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === "EEXIST";
    const why = exists ? "exists already and is left as it is" : "cannot be written";
    throw appError("FILE_UNREADABLE", `${file} ${why}.`, { cause });
  }
}

const placeDigits = 9;

function cards({ count, from }: { readonly count: number; readonly from: number }): void {
  for (let place = from; place < from + count; place++) {
    const head = `999999${String(place).padStart(placeDigits, "0")}`;
    process.stdout.write(`${withCheckDigit(head)}\n`);
  }
}
