// npm run conformance:nats -- [--versions 2.12.15,2.14.9] [--sites single,cluster]
// Every check on every version, on one server and on a cluster of three; ends with 1 where a server
// behaves otherwise than the log relies on.
import { parseArgs } from "node:util";
import { type NatsVersion, startSite } from "../../../deploy/tools/nats-site.ts";
import { natsServerVersions } from "../../../deploy/tools/tool-table.ts";
import { checksFor, runCheck, type SiteKind } from "./checks.ts";

const siteKinds: readonly SiteKind[] = ["single", "cluster"];

let passed = 0;
let failed = 0;

async function runAll(version: NatsVersion, kind: SiteKind): Promise<void> {
  const site = await startSite(kind === "single" ? 1 : 3, { version });
  try {
    for (const check of checksFor(kind)) {
      const fault = await runCheck(kind, site, check).then(
        () => undefined,
        (error) => (error instanceof Error ? error.message : String(error)),
      );
      if (fault === undefined) passed++;
      else failed++;
      const end = fault === undefined ? "" : `\n     ${fault}`;
      const word = fault === undefined ? "ok  " : "FAIL";
      process.stdout.write(`${word} ${version} ${kind}: ${check.name}${end}\n`);
    }
  } finally {
    await site.stop();
  }
}

function chosen<T extends string>(text: string | undefined, all: readonly T[], what: string): T[] {
  if (text === undefined) return [...all];
  const names = text.split(",");
  const unknown = names.filter((name) => !all.some((one) => one === name));
  if (unknown.length > 0) throw new Error(`${what}: ${unknown.join(", ")}; known: ${all.join()}`);
  return all.filter((one) => names.includes(one));
}

const { values } = parseArgs({
  options: { versions: { type: "string" }, sites: { type: "string" } },
});
for (const version of chosen(values.versions, natsServerVersions, "--versions")) {
  for (const kind of chosen(values.sites, siteKinds, "--sites")) await runAll(version, kind);
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
