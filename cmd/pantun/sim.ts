// `pantun sim`: the other ends of the network, played with real messages.
import { type Command, Option } from "commander";
import { dialects, framings } from "../../codec/iso8583/mod.ts";
import { type HostFlags, simulateHost } from "../sim/host/command.ts";
import { type IssuerFlags, simulateIssuer } from "../sim/issuer/command.ts";
import { type SwitchFlags, simulateSwitch } from "../sim/switch/command.ts";
import { defaultMix } from "../sim/switch/mix.ts";
import { scenarios } from "../sim/switch/scenarios.ts";
import { registerJsonSims, tlsFlags } from "./sim-json.ts";
import { registerSupplies } from "./sim-supplies.ts";
import { type HsmFlags, hsmFlags, hsmNames } from "./vault-access.ts";
import { wholeNumber } from "./whole-number.ts";

const switchHelp = (): string => {
  const kinds = [...scenarios.values()].map(({ name, what }) => `  ${name.padEnd(16)} ${what}`);
  return `
Examples:
  pantun sim switch --dir var/vault --passphrase-file secret.txt
  pantun sim switch --dir var/vault --passphrase-file secret.txt --peer SWITCH --rate 2000
  pantun sim switch --dir var/vault --passphrase-file secret.txt --mix good=90,replay=5,amount=5
  pantun sim switch --requestor 127.0.0.1:8602 --token-file tokens.txt --mac-key-file mac.hex --json

Kinds of traffic for --mix:
${kinds.join("\n")}

Every answer is checked: reason, response code, card, echoed elements, MAC. Latency counts from the
moment at which a message was due, whether or not it could leave then.

Exit codes: 0 every answer was right, 1 an answer was wrong or missing, 2 wrong usage, 4 the service
cannot be reached, 130 interrupted.`;
};

export function register(program: Command): void {
  const sim = program.command("sim").description("play the other ends of the network");
  registerHost(sim);
  registerIssuer(sim);
  registerJsonSims(sim);
  registerSupplies(sim);
  hsmFlags(sim.command("switch"))
    .description("play MyDebit NET: payments over ISO 8583, good and bad, every answer checked")
    .option("--host <address>", "where the ISO 8583 listener is", "127.0.0.1")
    .option("--port <number>", "its port", wholeNumber(1, 65_535), 8_583)
    .option("--backup <host:port...>", "called, in this order, where the first cannot be used")
    .addOption(
      new Option("--framing <name>", "how messages are laid into the stream")
        .choices(Object.keys(framings))
        .default("raw2"),
    )
    .option("--forward <file>", "reverse what gets no answer, and keep that in this file")
    .option(
      "--connections <count>",
      "connections, each with its own sign-on",
      wholeNumber(1, 64),
      2,
    )
    .option(
      "--rate <count>",
      "messages a second, whatever the service does",
      wholeNumber(1, 200_000),
      200,
    )
    .option("--duration <seconds>", "how long", wholeNumber(1, 86_400), 10)
    .option("--mix <kinds>", "kinds of traffic and their shares", defaultMix)
    .addOption(new Option("--dir <folder>", "vault to take tokens from").env("PANTUN_VAULT_DIR"))
    .addOption(
      new Option("--passphrase-file <file>", "first line: the vault's passphrase").env(
        "PANTUN_VAULT_PASSPHRASE_FILE",
      ),
    )
    .option("--peer <name>", "use this peer's MAC key out of the vault")
    .option("--mac-key-file <file>", "MAC key: 64 hex digits or 32 bytes (X9.19: 32 digits)")
    .option("--requestor <host:port>", "fetch PTAVs from this requestor service")
    .option("--token-file <file>", "pay with these tokens, not with the vault's")
    .option("--tokens <count>", "tokens to pay with, in turn", wholeNumber(1, 1_000_000), 1_000)
    .option("--acquirer <id>", "DE32", "458001")
    .option("--merchant <id>", "DE42", "MERCHANT0000001")
    .option("--cert <file>", "our certificate, for TLS")
    .option("--key <file>", "its key")
    .option("--ca <file>", "the authority that signed the service's certificate")
    .option("--json", "one JSON document instead of a table")
    .addHelpText("after", switchHelp)
    .action((flags: SwitchFlags & HsmFlags) => simulateSwitch({ ...flags, hsm: hsmNames(flags) }));
}

const hostHelp = `
Examples:
  pantun sim host --dialect iso87-bcd --framing nac --port 9000
  pantun sim host --dialect mine.json --decline-from 50000 --decline-code 51
  pantun sim host --rules rules.json --delay 200 --drop-every 10

Sign-on, sign-off, echo, cut-over and key change are answered 00 (1993 and later: zeros), other
network messages 12. Requests and advices are approved unless a rule says otherwise. The same key
(class, DE7, DE11, DE32, DE37) with the same content gets the stored answer again, with other
content 94. Nothing sensitive is printed. Ctrl-C ends it and prints what it did.

Rules are a JSON list; the first that fits counts:
  [{"mti": ["0100", "0200"], "amount": {"from": 5000, "to": 5099}, "code": "51"},
   {"starts": {"2": "999999"}, "delayMs": 3000, "set": {"38": "A12345"}},
   {"mti": "0420", "every": 10, "drop": true}, {"mti": "0400", "close": true}]

Exit codes: 0 stopped, 2 wrong usage, 7 plain TCP beyond this machine without --insecure, 8 the port
is taken.`;

function registerHost(sim: Command): void {
  const names = Object.keys(dialects).join(", ");
  sim
    .command("host")
    .description("play an issuer or a network in any dialect: answers whoever calls")
    .option("--dialect <name>", `${names}, or a dialect file that ends with .json`, "mydebit")
    .addOption(
      new Option("--framing <name>", "how messages are laid into the stream")
        .choices(Object.keys(framings))
        .default("raw2"),
    )
    .option("--listen <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "its port; 0 takes a free one", wholeNumber(0, 65_535), 0)
    .option("--rules <file>", "how to decide, JSON")
    .option("--decline-from <amount>", "decline from this amount on", wholeNumber(0, 999_999_999))
    .option("--decline-code <code>", "DE39 of that", "51")
    .option("--delay <ms>", "answer late", wholeNumber(0, 600_000), 0)
    .option("--drop-every <number>", "leave every n-th payment unanswered", wholeNumber(1, 1_000))
    .option("--need-sign-on", "answer payments before a sign-on with 91")
    .option("--cert <file>", "our certificate, for TLS")
    .option("--key <file>", "its key")
    .option("--ca <file>", "the authority that signed the callers' certificates")
    .option("--insecure", "allow plain TCP beyond this machine: card numbers travel in clear")
    .option("--json", "one JSON document at the end instead of lines")
    .addHelpText("after", hostHelp)
    .action((flags: HostFlags) => simulateHost(flags));
}

const issuerHelp = `
Examples:
  pantun sim issuer --file actions.jsonl
  pantun sim issuer --file actions.jsonl --port 9001 --mac-key-file mac.hex --json
  pantun sim issuer --file actions.jsonl --url http://127.0.0.1:8605 --client-id bank \
    --secret-file bank.secret --signing-key bank.key

A line is a JSON object: pan and action (SUSP RESM DELT EXPU PANU INQY), and where they belong
reason (LOST STOL FRAD CLSD RNEW REPL CUST FOUN NFRD OTHR), newPan and newExpiry (YYMM), reference
(the event's; the same again changes nothing), causedAt (YYYYMMDDhhmmss, UTC). Card numbers are
printed masked.

Over JSON a good answer is shown as 00, an error by its code.

Exit codes: 0 every answer was 00, 1 one was not or is missing, 2 wrong usage, 4 the service cannot
be reached.`;

function registerIssuer(sim: Command): void {
  tlsFlags(sim.command("issuer"))
    .description("play a card issuer: file actions over ISO 8583 or JSON, each with its answer")
    .requiredOption("--file <file>", "what happens to which card, a JSON object a line")
    .option("--host <address>", "where the ISO 8583 listener is", "127.0.0.1")
    .option("--port <number>", "its port", wholeNumber(1, 65_535), 8_583)
    .addOption(
      new Option("--framing <name>", "how messages are laid into the stream")
        .choices(Object.keys(framings))
        .default("raw2"),
    )
    .option("--institution <id>", "DE32", "589001")
    .option("--mac-key-file <file>", "MAC key: 64 hex digits or 32 bytes (X9.19: 32 digits)")
    .option("--url <url>", "over the JSON API that is here, instead of ISO 8583")
    .option("--client-id <id>", "who we are there, as in the parties file")
    .option("--secret-file <file>", "first line: our secret")
    .option("--signing-key <file>", "our private key, of `pantun sim keys`")
    .option("--json", "one JSON document instead of lines")
    .addHelpText("after", issuerHelp)
    .action((flags: IssuerFlags) => simulateIssuer(flags));
}
