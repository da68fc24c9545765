// Checks what is deployed: the chart by helm's linter and against the schemas of two Kubernetes
// versions, for every value set of its `ci` folder, and the alert rules by promtool.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { obtain } from "./obtain.ts";
import { getTool, kubernetesVersions } from "./tool-table.ts";

const chart = fileURLToPath(new URL("../helm/pantun", import.meta.url));
const rules = fileURLToPath(new URL("../prometheus/rules.yaml", import.meta.url));

/** A linter has no cluster to ask for its version. */
const templateArgs = ["template", "pantun", chart, "--kube-version", kubernetesVersions[0]];

let passed = 0;
let failed = 0;

function check(name: string, command: string, args: readonly string[], input?: string): string {
  const ran = spawnSync(command, args, { encoding: "utf8", input, maxBuffer: 1 << 26 });
  if (ran.status === 0) passed++;
  else {
    failed++;
    process.stdout.write(`${name}\n${ran.stdout}${ran.stderr}\n`);
  }
  process.stdout.write(`${ran.status === 0 ? "ok  " : "FAIL"} ${name}\n`);
  return ran.stdout ?? "";
}

function need(name: string): string {
  const path = obtain(getTool(name));
  if (path === null) throw new Error(`${name} could not be found or installed`);
  return path;
}

function checkValues(file: string): void {
  const helm = need("helm");
  const schemas = need("kubernetes-schemas");
  const values = ["--values", join(chart, "ci", file)];
  check(`helm lint ${file}`, helm, ["lint", "--strict", chart, ...values]);
  const operator = ["--api-versions", "monitoring.coreos.com/v1"];
  const template = [...templateArgs, "--namespace", "pantun", ...operator, ...values];
  const manifests = check(`helm template ${file}`, helm, template);
  for (const version of kubernetesVersions) {
    const location = `${schemas}/v${version}-local/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    // Kinds of the Prometheus operator have no schema here; they are checked by promtool's rules.
    const skip = ["-skip", "PrometheusRule,ServiceMonitor"];
    const args = ["-strict", "-summary", ...skip, "-schema-location", location, "-"];
    check(`kubeconform ${version} ${file}`, need("kubeconform"), args, manifests);
  }
}

/** Values that the chart must refuse, and the word in the refusal: its schema is strict. */
const refusals = [
  ["replicaCout=1", "replicaCout"],
  ["service.switch.port=70000", "maximum"],
  ["vault.existingSecret=", "existingSecret"],
  ["replicaCount=3", "replicaCount"],
  ["cluster.enabled=true", "replicaCount"],
  ["cluster.enabled=true,replicaCount=3", "servers"],
  ["cluster.nats.replicas=2", "replicas"],
  ["vault.hsm.module=/opt/hsm/libvendor.so", "hsm"],
  ["vault.hsm.module=libvendor.so", "module"],
  ["env.Bad-Name=1", "Bad-Name"],
] as const;

function checkRefusals(): void {
  check("helm template with defaults", need("helm"), templateArgs);
  for (const [set, word] of refusals) {
    const args = [...templateArgs, "--set", set];
    const ran = spawnSync(need("helm"), args, { encoding: "utf8" });
    const ok = ran.status !== 0 && ran.stderr.includes(word);
    if (ok) passed++;
    else failed++;
    process.stdout.write(`${ok ? "ok  " : "FAIL"} chart refuses ${set}\n`);
  }
}

for (const file of readdirSync(join(chart, "ci")).sort()) checkValues(file);
checkRefusals();
check("promtool check rules", need("promtool"), ["check", "rules", rules]);
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
