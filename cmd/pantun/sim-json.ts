// The part of `pantun sim` that speaks JSON: requestors, and what 3-D Secure needs.
import type { Command } from "commander";
import { type DsFlags, simulateDs } from "../sim/ds/command.ts";
import { type RequestorFlags, simulateRequestor } from "../sim/requestor/command.ts";
import { wholeNumber } from "./whole-number.ts";

const requestorHelp = `
Examples:
  pantun sim requestor --client-id shop --secret-file shop.secret --signing-key shop.key \\
    --trid 99900000001 --file actions.jsonl
  pantun sim requestor … --file actions.jsonl --ds http://127.0.0.1:8611 --token-file shop.tokens

A line is a JSON object with an action and what it needs:
  provision       token (your name for it), pan, expiry (YYMM); securityCode, repeat
  token           token; status (what it is to be)
  search          pan
  authenticate    token, amount (sen): 3-D Secure with the token's number, over --ds
  token-data      token, amount; merchant: a cryptogram for one payment
  suspend, resume, delete   token; reason, repeat
  agreements      token
  bins            what token numbers begin with
  webhook         opens a server for notices and registers it; then test-webhook, end-webhook
  await           type (of an event); token, seconds
  events          all that the service can tell of the tokens
With repeat a change is sent twice under one key and must have one effect. expect names the error
that is the right answer. Signatures, ids and forms of all answers are checked; card numbers and
cryptograms are not printed. The token file keeps the tokens from one run to the next, and is what
\`pantun sim switch --token-file\` pays with.

Exit codes: 0 every answer was right, 1 one was not, 2 wrong usage, 4 the service cannot be
reached.`;

export function apiFlags(command: Command): Command {
  return command
    .option("--url <url>", "where the JSON API is", "http://127.0.0.1:8605")
    .requiredOption("--client-id <id>", "who we are, as in the parties file")
    .requiredOption("--secret-file <file>", "first line: our secret")
    .requiredOption("--signing-key <file>", "our private key, of `pantun sim keys`");
}

export function tlsFlags(command: Command): Command {
  return command
    .option("--cert <file>", "our certificate, for TLS")
    .option("--key <file>", "its key")
    .option("--ca <file>", "the authority that signed the service's certificate")
    .option("--insecure", "allow plain HTTP beyond this machine: card numbers travel in clear");
}

export function registerJsonSims(sim: Command): void {
  registerDs(sim);
  tlsFlags(apiFlags(sim.command("requestor")))
    .description("play a token requestor over the JSON API: actions, one a line, each checked")
    .requiredOption("--trid <id>", "whose tokens, 11 digits")
    .requiredOption("--file <file>", "what to do, a JSON object a line")
    .option("--token-file <file>", "tokens of earlier runs; those of this one are added")
    .option("--ds <url>", "directory server that cardholders are checked at; else it is made up")
    .option("--acquirer <id>", "DE32", "458001")
    .option("--merchant <id>", "DE42", "MERCHANT0000001")
    .option("--listen <host:port>", "where notices come; port 0 takes a free one", "127.0.0.1:0")
    .option("--webhook-url <url>", "how the service reaches that, where it is another address")
    .option("--json", "one JSON document instead of lines")
    .addHelpText("after", requestorHelp)
    .action((flags: RequestorFlags) => simulateRequestor(flags));
}

const dsHelp = `
Examples:
  pantun sim keys acs.key acs.jwks --use enc
  pantun sim ds --acs-key acs.key --routing-key acs-bank-one --listen 127.0.0.1:8611
  pantun sim ds --acs-key acs.key --routing-key acs-bank-one --token-file shop.tokens

It answers merchants' 3DS servers at POST /areq: of a token number it asks the service for the
issuer (POST /switch/v1/resolve) and passes the card, which it cannot read, to that issuer's access
control server; of a card number it asks that server at once. The server is simulated too: it opens
the card with --acs-key and answers with a PIAV and an ECI. With --token-file it asks about these
tokens itself and ends. Card numbers are not printed.

Exit codes: 0 stopped or done, 1 the service answered wrongly or a card did not open, 2 wrong usage,
7 plain HTTP beyond this machine without --insecure, 8 the port is taken.`;

function registerDs(sim: Command): void {
  tlsFlags(sim.command("ds"))
    .description("play a 3-D Secure directory server and an issuer's access control server")
    .option("--url <url>", "where the switch's JSON API is", "http://127.0.0.1:8607")
    .requiredOption("--acs-key <file>", "the issuer's private key, of `pantun sim keys --use enc`")
    .requiredOption("--routing-key <key>", "acs.routingKey of that issuer in the parties file")
    .option("--listen <host:port>", "where to be asked; port 0 takes a free one", "127.0.0.1:8611")
    .option("--decline-from <amount>", "no cardholder is known from this amount on", sen)
    .option("--token-file <file>", "ask about these tokens once, and end")
    .option("--requestor <host:port>", "numbers that the file does not have come from here (gRPC)")
    .option("--acquirer <id>", "DE32 of those questions", "458001")
    .option("--merchant <id>", "DE42 of those questions", "MERCHANT0000001")
    .option("--json", "one JSON document at the end instead of lines")
    .addHelpText("after", dsHelp)
    .action((flags: DsFlags) => simulateDs(flags));
}

const sen = wholeNumber(0, 999_999_999);
