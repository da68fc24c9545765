// `pantun sim`: the other ends of the network, played with real messages.
import { type Command, InvalidArgumentError, Option } from "commander";
import { framings } from "../../codec/iso8583/mod.ts";
import { type SwitchFlags, simulateSwitch } from "../sim/switch/command.ts";
import { defaultMix } from "../sim/switch/mix.ts";
import { scenarios } from "../sim/switch/scenarios.ts";

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
  sim
    .command("switch")
    .description("play MyDebit NET: payments over ISO 8583, good and bad, every answer checked")
    .option("--host <address>", "where the ISO 8583 listener is", "127.0.0.1")
    .option("--port <number>", "its port", whole(1, 65_535), 8_583)
    .option("--backup <host:port...>", "called, in this order, where the first cannot be used")
    .addOption(
      new Option("--framing <name>", "how messages are laid into the stream")
        .choices(Object.keys(framings))
        .default("raw2"),
    )
    .option("--forward <file>", "reverse what gets no answer, and keep that in this file")
    .option("--connections <count>", "connections, each with its own sign-on", whole(1, 64), 2)
    .option(
      "--rate <count>",
      "messages a second, whatever the service does",
      whole(1, 200_000),
      200,
    )
    .option("--duration <seconds>", "how long", whole(1, 86_400), 10)
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
    .option("--token-file <file>", "TRID and token reference a line, where there is no vault")
    .option("--tokens <count>", "tokens to pay with, in turn", whole(1, 1_000_000), 1_000)
    .option("--acquirer <id>", "DE32", "458001")
    .option("--merchant <id>", "DE42", "MERCHANT0000001")
    .option("--cert <file>", "our certificate, for TLS")
    .option("--key <file>", "its key")
    .option("--ca <file>", "the authority that signed the service's certificate")
    .option("--json", "one JSON document instead of a table")
    .addHelpText("after", switchHelp)
    .action((flags: SwitchFlags) => simulateSwitch(flags));
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`a whole number from ${min} to ${max} is expected.`);
  };
}
