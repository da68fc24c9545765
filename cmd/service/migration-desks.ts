// The three desks of a migration, files, batches and single cards, with one way of working on a
// record, one line to the issuers and one pace.
import { randomInt } from "node:crypto";
import { CardDesk, endMigration } from "../../actors/mod.ts";
import {
  BatchDesk,
  CardLedger,
  Digests,
  type IssuerLine,
  loadServiceKey,
  MigrationCards,
  MigrationDesk,
  Pace,
  type RecordPorts,
  type RecordStatus,
  type RunStatus,
  type RunStep,
} from "../../api/migration/mod.ts";
import { type Logger, type Metrics, systemClock } from "../../platform/mod.ts";
import type { Settings } from "../pantun/settings.ts";
import type { SftpParties } from "./migration-doors.ts";
import type { Inside } from "./migration-insides.ts";
import type { Parties } from "./parties.ts";
import { sealKeyOf } from "./upstream.ts";

export interface DeskOptions {
  readonly settings: Settings;
  readonly parties: Parties;
  readonly log: Logger;
  readonly reached?: (step: RunStep) => void;
}

export interface DeskParts {
  readonly line: IssuerLine;
  readonly root: string;
  readonly metrics: Metrics;
  readonly sftpParties: SftpParties;
}

export interface Desks {
  readonly batches: BatchDesk;
  readonly ledger: CardLedger;
  /** Ends what is under way where it stands; whoever waits for the line must be released. */
  stop(): Promise<void>;
}

const dayMs = 24 * 3_600_000;
const stanMax = 999_999;
const commandTimeoutMs = 10_000;

/** Starts what has keys: files, and where the JSON API is open batches and single cards. */
export async function openDesks(
  options: DeskOptions,
  inside: Inside,
  { line, root, metrics, sftpParties }: DeskParts,
): Promise<Desks> {
  const { settings, log, parties } = options;
  const { migrate } = settings;
  let isStopping = false;
  const records = recordPorts(options, inside, line, () => isStopping);
  const ring = inside.keys.read();
  const shared = {
    ...{ ...records, root, log },
    sealKey: sealKeyOf(ring, "pantun migration results"),
    digests: new Digests(sealKeyOf(ring, "pantun migration digests")),
    keepMs: migrate.keepDays * dayMs,
    onRecord: (status: RecordStatus) => metrics.counter("migrationRecords", { status }).add(1),
    tellEnd: (status: RunStatus) => tellEnd(inside, status),
    trids: () => parties.migrations.flatMap(({ api, trids }) => (api === undefined ? [] : trids)),
  };
  const batches = new BatchDesk(shared);
  const ledger = new CardLedger({ ...shared, keepMs: dayMs });
  const files =
    migrate.hostKeyFile === ""
      ? null
      : new MigrationDesk({
          ...shared,
          key: await loadServiceKey(migrate.pgpKeyFile),
          trids: () => [...sftpParties.keys()],
          requestorKey: (trid) => sftpParties.get(trid)?.results,
          onFile: (outcome) => metrics.counter("migrationFiles", { outcome }).add(1),
        });
  // Also without the door: what came over it before is seen through.
  ledger.start();
  batches.start();
  files?.start();
  const stop = async (): Promise<void> => {
    isStopping = true;
    await Promise.all([files?.stop(), batches.stop(), ledger.stop()]);
  };
  return { batches, ledger, stop };
}

function recordPorts(
  { settings, reached = () => {} }: DeskOptions,
  { vault, commands }: Inside,
  line: IssuerLine,
  stopping: () => boolean,
): RecordPorts {
  const clock = systemClock;
  const desk = new CardDesk({ vault, commands, clock });
  let stan = randomInt(stanMax);
  return {
    ...{ line, clock, reached, stopping },
    cards: new MigrationCards({ vault, desk, clock }),
    pace: new Pace(settings.migrate.perIssuerPerSecond, clock),
    nextStan: () => {
      stan = (stan % stanMax) + 1;
      return stan;
    },
  };
}

/** May be called again for the same run: it is told of once. */
async function tellEnd({ vault, commands }: Inside, status: RunStatus): Promise<void> {
  const { trid, run, stem, startedAt, refused = "", records, counts } = status;
  // What was forgotten and came again is another run.
  const name = `${run} ${startedAt}`;
  const deadlineMs = systemClock.monotonicMs() + commandTimeoutMs;
  const call = { client: `migrate:${trid}`, idempotencyKey: `end ${name}`, deadlineMs };
  const outcome = refused === "" ? "DONE" : "REFUSED";
  const end = { trid, migrationId: stem, outcome, reasonCode: refused, records, counts } as const;
  await endMigration({ commands, clock: systemClock, shards: vault.shards }, call, name, end);
}
