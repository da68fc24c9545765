// The alerts, as data. Each names its metric through the metric table, so a renamed metric breaks
// the type check and not the night of whoever is on call.
import { type MetricKey, metricTable } from "../platform/mod.ts";

export type Severity = "page" | "ticket";

export interface Alert {
  /** Also the heading of its section in docs/guides/alerts.md. */
  readonly name: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: Severity;
  /** One sentence with what is wrong; Prometheus fills in labels. */
  readonly summary: string;
  /** What to look at first. */
  readonly action: string;
}

/** The exported name of a metric, optionally with a selector: `m("shed", '{reason="rate"}')`. */
function m(key: MetricKey, selector = ""): string {
  return `${metricTable[key].name}${selector}`;
}

/** Payments per second over five minutes with one of these reasons. */
function outcomeRate(reasons: string, window = "5m"): string {
  return `sum(rate(${m("outcomes", `{reason=~"${reasons}"}`)}[${window}]))`;
}

/** True when a rate is above its floor and four times what it was an hour before. */
function jump(reasons: string, floor: number): string {
  const before = `sum(rate(${m("outcomes", `{reason=~"${reasons}"}`)}[1h] offset 10m))`;
  return `${outcomeRate(reasons)} > ${floor} and ${outcomeRate(reasons)} > 4 * ${before}`;
}

const fill = (used: MetricKey, max: MetricKey): string => `${m(used)} / ${m(max)}`;

export const alerts: readonly Alert[] = [
  {
    name: "PantunNotReady",
    expr: `${m("ready")} == 0 or up{job=~".*pantun.*"} == 0`,
    for: "2m",
    severity: "page",
    summary: "{{ $labels.instance }} takes no payments.",
    action: "Read /readyz: it names the condition that fails.",
  },
  {
    name: "PantunSlow",
    expr:
      `histogram_quantile(0.99, sum by (le) (rate(${m("verifySeconds")}_bucket[5m]))) > 0.002 ` +
      `and sum(rate(${m("verifySeconds")}_count[5m])) > 1`,
    for: "10m",
    severity: "ticket",
    summary: "99 of 100 verifications take longer than 2 ms.",
    action: "Look at the stage timings and the event loop on the dashboard's second row.",
  },
  {
    name: "PantunShedding",
    expr: `sum by (reason) (rate(${m("shed")}[5m])) > 0`,
    for: "1m",
    severity: "page",
    summary: "Payments are refused with overload ({{ $labels.reason }}).",
    action: "Compare the offered rate with the measured capacity; look for a slow disk.",
  },
  {
    name: "PantunSystemErrors",
    expr: `${outcomeRate("9096")} > 0`,
    for: "1m",
    severity: "page",
    summary: "Payments fail with 9096: a claim or journal row could not be stored.",
    action: "Look at the disk and the size of the replay store first.",
  },
  {
    name: "PantunTridMismatchJump",
    expr: jump("1003", 0.1),
    for: "5m",
    severity: "page",
    summary: "Tokens are tried by requestors that they do not belong to.",
    action: "Find the acquirer in the history: this is what stolen tokens look like.",
  },
  {
    name: "PantunReplayJump",
    expr: jump("2006|9409", 0.1),
    for: "5m",
    severity: "page",
    summary: "One-time values are presented a second time, far more often than an hour ago.",
    action: "One acquirer: its retry logic. Many: treat as fraud.",
  },
  {
    name: "PantunCryptogramFailureJump",
    expr: jump("2002|2003|2004", 0.5),
    for: "5m",
    severity: "ticket",
    summary: "Cryptograms fail far more often than an hour ago.",
    action: "After a key rotation: is the old version still verifying? Else look for guessing.",
  },
  {
    name: "PantunTokenScan",
    expr: jump("1001|1005", 1),
    for: "5m",
    severity: "page",
    summary: "Unknown or deleted tokens are tried in numbers.",
    action: "Somebody may be enumerating tokens: the log's payments.scan names the acquirer.",
  },
  {
    name: "PantunFailedTags",
    expr: `increase(${m("failedTags")}[10m]) > 0`,
    for: "0m",
    severity: "page",
    summary: "A sealed record did not open.",
    action: "Corruption or tampering: run pantun vault verify, keep the files.",
  },
  {
    name: "PantunPanReleaseJump",
    expr:
      `sum by (caller) (rate(${m("panReleased")}[5m])) > 10 and ` +
      `sum by (caller) (rate(${m("panReleased")}[5m])) > ` +
      `3 * sum by (caller) (rate(${m("panReleased")}[1d] offset 10m))`,
    for: "10m",
    severity: "ticket",
    summary: "{{ $labels.caller }} draws three times as many card numbers as usual.",
    action: "Is it a sale, or a caller that should be stopped?",
  },
  {
    name: "PantunClockStep",
    expr: `increase(${m("clockSteps")}[10m]) > 0`,
    for: "0m",
    severity: "page",
    summary: "The wall clock stepped by more than a minute and was not followed.",
    action: "Repair the time service, then restart; old cryptograms stay refused.",
  },
  {
    name: "PantunReplayStoreFull",
    expr: `${fill("replayBytes", "replayBytesMax")} > 0.7`,
    for: "5m",
    severity: "page",
    summary: "The replay store is more than 70 % full; a full one refuses claims.",
    action: "Raise the map size: about 70 bytes a claim over two lifetimes of a cryptogram.",
  },
  {
    name: "PantunVaultFull",
    expr: `${m("vaultBytes")} / on (instance, store) ${m("vaultBytesMax")} > 0.8`,
    for: "15m",
    severity: "ticket",
    summary: "The {{ $labels.store }} database is more than 80 % full.",
    action: "Raise its map size and see that the disk has room.",
  },
  {
    name: "PantunTokenRangeFull",
    expr: `${m("rangeFillRatio")} > 0.7`,
    for: "1h",
    severity: "ticket",
    summary: "Sub-range {{ $labels.range }} has given out more than 70 % of its numbers.",
    action: "Open another sub-range before drawing gets slow.",
  },
  {
    name: "PantunQueueDeep",
    expr: `${fill("queueMessages", "queueMessagesMax")} > 0.5`,
    for: "1m",
    severity: "ticket",
    summary: "The queue is half full.",
    action: "Shedding is near: look at the batch sizes and the disk.",
  },
  {
    name: "PantunHistoryBehind",
    // Half a minute of work at a thousand payments a second.
    expr: `${m("historyRowsBehind")} > 30000`,
    for: "5m",
    severity: "ticket",
    summary: "The history is more than 30,000 verifications behind.",
    action: "Agreements and reversals lean on it: look at the fold's log lines.",
  },
  {
    name: "PantunWorkersReplaced",
    expr: `increase(${m("workersReplaced")}[1h]) > 2`,
    for: "0m",
    severity: "ticket",
    summary: "Hot-path workers die or hang repeatedly.",
    action: "Read the log for worker.replaced and the kernel log for memory.",
  },
  {
    name: "PantunNoSwitchSignedOn",
    expr: `sum(${m("isoSignedOn")}) == 0 and sum(rate(${m("isoMessages")}[1h] offset 10m)) > 0`,
    for: "2m",
    severity: "page",
    summary: "No switch is signed on any more over ISO 8583.",
    action: "Look at the connections, then call the network's operators.",
  },
  {
    name: "PantunForwardOld",
    expr: `${m("forwardAge")} > 300`,
    for: "1m",
    severity: "ticket",
    summary: "Advices for {{ $labels.peer }} have waited for more than five minutes.",
    action: "Is a session with it signed on? Read the log for the host and its backups.",
  },
  {
    name: "PantunForwardParked",
    expr: `${m("forwardParked")} > 0`,
    for: "0m",
    severity: "ticket",
    summary: "Advices for {{ $labels.peer }} were put aside after six attempts.",
    action: "Find out why it refuses them, then start once with forward.retryParked.",
  },
  {
    name: "PantunCertificateExpires",
    expr: `${m("certificateExpiry")} > 0 and ${m("certificateExpiry")} - time() < 14 * 86400`,
    for: "1h",
    severity: "ticket",
    summary: "The certificate of the {{ $labels.door }} door expires within two weeks.",
    action: "Put the new files in place; they are read again without a restart.",
  },
  {
    name: "PantunNoCommands",
    expr: `${m("commandsPlace", '{place="nowhere"}')} == 1 and ${m("ready")} == 1`,
    for: "2m",
    severity: "page",
    summary: "Nobody runs the commands: no card can be suspended.",
    action: "Read the log for commands.alarm; pantun vault verify says whether the log is whole.",
  },
  {
    name: "PantunWebhooksLate",
    expr: `${m("outboxAge")} > 3600`,
    for: "10m",
    severity: "ticket",
    summary: "Requestor {{ $labels.subscriber }} gets its webhooks more than an hour late.",
    action: "Look at pantun outbox list; call the requestor where its receiver fails.",
  },
  {
    name: "PantunWebhooksDead",
    expr: `increase(${m("outboxDeliveries", '{outcome="dead"}')}[1h]) > 0`,
    for: "0m",
    severity: "ticket",
    summary: "Webhooks to requestor {{ $labels.subscriber }} were given up.",
    action: "Once its receiver answers: pantun outbox replay.",
  },
  {
    name: "PantunEventLoopSlow",
    expr: "nodejs_eventloop_lag_p99_seconds > 0.05",
    for: "5m",
    severity: "ticket",
    summary: "The event loop stands still for more than 50 ms at times.",
    action: "Something works too long in one turn: take a CPU profile.",
  },
];
