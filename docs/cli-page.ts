// The page of the command line: every command's own help, so that the page cannot say anything
// else.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";

const folder = fileURLToPath(new URL("../cmd/pantun/", import.meta.url));

interface Noun {
  readonly register: (program: Command) => void;
}

/** Files of the program that add commands. */
function nounFiles(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .filter((name) => /^export (async )?function register\(/m.test(readText(name)))
    .sort();
}

function readText(name: string): string {
  return readFileSync(`${folder}${name}`, "utf8");
}

/** The help of one command as a terminal of 100 columns would show it. */
function helpOf(command: Command): string {
  let text = "";
  command.configureHelp({ helpWidth: 100 });
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text.trim().replace(/[ \t]+$/gm, "");
}

function sections(command: Command, name: string): string[] {
  const own = `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``;
  const below = [...command.commands]
    .sort((a, b) => (a.name() < b.name() ? -1 : 1))
    .flatMap((child) => sections(child, `${name} ${child.name()}`));
  return [own, ...below];
}

/** Content of docs/reference/cli.md. */
export async function cliPage(): Promise<string> {
  const program = new Command("pantun");
  for (const name of nounFiles()) {
    const noun = (await import(`../cmd/pantun/${name}`)) as Noun;
    noun.register(program);
  }
  const commands = [...program.commands].sort((a, b) => (a.name() < b.name() ? -1 : 1));
  const body = commands.flatMap((command) => sections(command, `pantun ${command.name()}`));
  return `# The command line

Made by \`npm run generate\` from \`cmd/pantun/\`; do not edit.

In a clone every command runs as \`npx pantun …\`. Results go to standard output, progress and
messages to standard error; \`--json\` gives one document for machines. Exit codes are listed in
[Reasons, errors and exit codes](errors.md#exit-codes).

${body.join("\n\n")}
`;
}
