// `node deploy/tools/install.ts helm promtool` finds or installs tools and prints where they are;
// without names it takes all of them. Ends with 1 where one could not be had.
import { obtain } from "./obtain.ts";
import { getTool, tools } from "./tool-table.ts";

function main(names: readonly string[]): void {
  const wanted = names.length === 0 ? tools : names.map(getTool);
  for (const tool of wanted) {
    const path = obtain(tool);
    if (path === null) {
      process.stderr.write(`${tool.name} ${tool.version} could not be found or installed\n`);
      process.exitCode = 1;
    } else process.stdout.write(`${tool.name}\t${path}\n`);
  }
}

main(process.argv.slice(2));
