import type { Command } from "commander";
import { wholeNumber } from "./whole-number.ts";

interface DemoFlags {
  readonly keep?: boolean;
  readonly tokens: number;
  readonly load: number;
  readonly nodes: number;
}

export function register(program: Command): void {
  program
    .command("demo")
    .description("everything on this machine: service, requestor, switch, and what happens")
    .option("--keep", "go on serving until Ctrl-C")
    .option("--tokens <count>", "test tokens in the vault", wholeNumber(64, 1_000_000), 2_000)
    .option("--load <seconds>", "seconds of load on each door, 0 for none", wholeNumber(0, 60), 3)
    .option("--nodes <count>", "nodes of a cluster that is killed in parts", wholeNumber(1, 5), 1)
    .action(async (flags: DemoFlags) => {
      if (flags.nodes > 1) {
        const { runClusterDemo } = await import("../demo/cluster/run.ts");
        process.exitCode = await runClusterDemo(flags.nodes);
        return;
      }
      const { runDemo } = await import("../demo/run.ts");
      process.exitCode = await runDemo({
        keep: flags.keep === true,
        tokens: flags.tokens,
        loadSeconds: flags.load,
      });
    });
}
