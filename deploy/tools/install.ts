// `node deploy/tools/install.ts helm nats-server@2.15.2` finds or installs tools and prints where
// they are; without a version it takes the first of that name, without names all of
// them. Ends with 1 where one could not be had.
import { obtain } from "./obtain.ts";
import { getTool, type Tool, tools } from "./tool-table.ts";

function named(text: string): Tool {
  const [name = "", version] = text.split("@");
  return getTool(name, version);
}

function main(names: readonly string[]): void {
  const wanted = names.length === 0 ? tools : names.map(named);
  for (const tool of wanted) {
    const path = obtain(tool);
    if (path === null) {
      process.stderr.write(`${tool.name} ${tool.version} could not be found or installed\n`);
      process.exitCode = 1;
    } else process.stdout.write(`${tool.name} ${tool.version}\t${path}\n`);
  }
}

main(process.argv.slice(2));
