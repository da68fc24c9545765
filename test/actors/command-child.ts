// Another process on the same vault: takes lines {shard, account, command, key} and prints what
// became of them, and every change of place.
import { createInterface } from "node:readline";
import { envelope, gist } from "../../actors/runtime/test-rig.ts";
import { openCommands } from "./command-rig.ts";

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
const commands = await openCommands(process.argv[2]!, { place: (place) => say({ place }) });
for await (const line of createInterface({ input: process.stdin })) {
  const { shard, account, command, key } = JSON.parse(line) as Line;
  void commands
    .submit(envelope(shard, account, command, { key }))
    .then((reply) => say({ key, gist: gist(reply) }));
}
await commands.stop();

type Line = {
  readonly shard: number;
  readonly account: number;
  readonly command: { readonly do: "deposit"; readonly amount: number };
  readonly key: string;
};
