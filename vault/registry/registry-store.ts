// The registry on disk and in memory. Every change gets the next registry version and a row in
// `changes` that names what changed, so that a reader with an older copy reads those rows again and
// nothing else; a reader that is too far behind reads everything.
import type { Environment, Table } from "../store/environment.ts";
import type { Meta } from "../store/meta.ts";
import { ByteSet } from "./byte-set.ts";
import type { Acquirer, BinRange, Issuer, Registry, Requestor, SubRange } from "./records.ts";

/** Changes kept for readers to catch up by; about 20 bytes each. */
const changesKept = 4096;

export type RegistryKind = "requestors" | "issuers" | "ranges" | "subranges" | "acquirers";
/** A kind's place is stored with each change. */
const kinds: readonly RegistryKind[] = [
  "requestors",
  "issuers",
  "ranges",
  "subranges",
  "acquirers",
];

/** A row as stored: JSON text of plain values. */
export type StoredRow = Readonly<Record<string, unknown>>;

interface Rows {
  version: number;
  requestors: (Requestor | undefined)[];
  issuers: (Issuer | undefined)[];
  ranges: (BinRange | undefined)[];
  subranges: (SubRange | undefined)[];
  acquirers: (Acquirer | undefined)[];
}

const noRows = (): Rows => {
  return { version: 0, requestors: [], issuers: [], ranges: [], subranges: [], acquirers: [] };
};

export class RegistryStore {
  readonly #env: Environment;
  readonly #meta: Meta;
  readonly #tables: Readonly<Record<RegistryKind, Table>>;
  readonly #changes: Table;
  #cached: Registry | undefined;
  #abortsSeen = 0;
  #rows = noRows();

  constructor(env: Environment, meta: Meta) {
    this.#env = env;
    this.#meta = meta;
    this.#tables = {
      requestors: env.table("requestors"),
      issuers: env.table("issuers"),
      ranges: env.table("ranges"),
      subranges: env.table("subranges"),
      acquirers: env.table("acquirers"),
    };
    this.#changes = env.table("changes");
  }

  /** The registry as of the current read snapshot: one get where nothing changed. */
  current(): Registry {
    if (this.#abortsSeen !== this.#env.aborts()) this.#forget();
    const version = this.#meta.registryVersion();
    if (this.#cached !== undefined && this.#cached.version === version) return this.#cached;
    this.#refresh(version);
    this.#cached = registryOf(this.#rows);
    return this.#cached;
  }

  /** Stores one row and bumps the version; inside the caller's transaction. */
  put(kind: RegistryKind, number: number, row: StoredRow): void {
    this.#tables[kind].putSync(numberKey(number), Buffer.from(JSON.stringify(row)));
    const version = this.#meta.bumpRegistry();
    const change = Buffer.alloc(3);
    change[0] = kinds.indexOf(kind);
    change.writeUInt16LE(number, 1);
    this.#changes.putSync(versionKey(version), change);
    if (version > changesKept) this.#changes.removeSync(versionKey(version - changesKept));
  }

  /** One row as stored, or undefined. */
  find(kind: RegistryKind, number: number): StoredRow | undefined {
    const bytes = this.#tables[kind].getBinary(numberKey(number));
    return bytes === undefined ? undefined : parseRow(bytes);
  }

  /** All rows of one kind with their numbers, from the transaction or snapshot at hand. */
  *all(kind: RegistryKind): Generator<[number, StoredRow]> {
    for (const { key, value } of this.#tables[kind].getRange({})) {
      yield [key.readUInt16BE(0), parseRow(value)];
    }
  }

  write<T>(work: () => T): T {
    return this.#env.write(work);
  }

  /** After a rollback the copy may hold a version that never came to be. */
  #forget(): void {
    this.#abortsSeen = this.#env.aborts();
    this.#cached = undefined;
    this.#rows = noRows();
  }

  #refresh(version: number): void {
    const from = this.#rows.version;
    const rows: Rows = {
      version,
      requestors: [...this.#rows.requestors],
      issuers: [...this.#rows.issuers],
      ranges: [...this.#rows.ranges],
      subranges: [...this.#rows.subranges],
      acquirers: [...this.#rows.acquirers],
    };
    const changed = from > 0 && version > from ? this.#changedSince(from, version) : undefined;
    if (changed === undefined) this.#loadAll(rows);
    else for (const [kind, number] of changed) this.#loadRow(rows, kind, number);
    this.#rows = rows;
  }

  #changedSince(from: number, to: number): [RegistryKind, number][] | undefined {
    if (to - from >= changesKept) return undefined;
    const changed: [RegistryKind, number][] = [];
    for (let version = from + 1; version <= to; version++) {
      const change = this.#changes.getBinary(versionKey(version));
      const kind = change === undefined ? undefined : kinds[change[0]!];
      if (change === undefined || kind === undefined) return undefined;
      changed.push([kind, change.readUInt16LE(1)]);
      // A range holds its issuer, so a changed issuer means all ranges.
      if (kind === "issuers")
        for (const [number] of this.all("ranges")) changed.push(["ranges", number]);
      // And a requestor holds the acquirers that it may use now.
      if (kind === "acquirers")
        for (const [number] of this.all("requestors")) changed.push(["requestors", number]);
    }
    return changed;
  }

  #loadAll(rows: Rows): void {
    rows.requestors = [];
    rows.issuers = [];
    rows.ranges = [];
    rows.subranges = [];
    rows.acquirers = [];
    // Issuers before ranges, acquirers before requestors: these hold those.
    for (const kind of ["issuers", "ranges", "subranges", "acquirers", "requestors"] as const) {
      for (const [number, row] of this.all(kind)) setRow(rows, kind, number, row);
    }
  }

  #loadRow(rows: Rows, kind: RegistryKind, number: number): void {
    const row = this.find(kind, number);
    if (row !== undefined) setRow(rows, kind, number, row);
  }
}

function setRow(rows: Rows, kind: RegistryKind, number: number, row: StoredRow): void {
  if (kind === "issuers") rows.issuers[number] = { ...row, number } as Issuer;
  else if (kind === "subranges") rows.subranges[number] = { ...row, number } as SubRange;
  else if (kind === "acquirers") rows.acquirers[number] = { ...row, number } as Acquirer;
  else if (kind === "requestors") rows.requestors[number] = requestorOf(rows, number, row);
  else {
    const issuer = rows.issuers[row.issuer as number];
    if (issuer === undefined) throw new Error(`range ${number} has no issuer`);
    rows.ranges[number] = { ...row, number, issuer } as BinRange;
  }
}

function requestorOf(rows: Rows, number: number, row: StoredRow): Requestor {
  const acquirersListed = row.acquirers as string[];
  const suspended = new Set<string>();
  for (const one of rows.acquirers) if (one?.status === "SUSPENDED") suspended.add(one.id);
  const acquirers = new ByteSet(acquirersListed.filter((id) => !suspended.has(id)));
  const merchants = new ByteSet(row.merchants as string[]);
  return { ...(row as unknown as Requestor), number, acquirers, acquirersListed, merchants };
}

const prefixMin = 6;
const prefixMax = 12;

function registryOf(rows: Rows): Registry {
  const byTrid = new Map<string, Requestor>();
  for (const row of rows.requestors) if (row !== undefined) byTrid.set(row.trid, row);
  const byId = new Map<string, Issuer>();
  for (const row of rows.issuers) if (row !== undefined) byId.set(row.id, row);
  const byPrefix = new Map<string, BinRange>();
  for (const row of rows.ranges) if (row !== undefined) byPrefix.set(row.prefix, row);
  return {
    version: rows.version,
    requestors: rows.requestors,
    issuers: rows.issuers,
    ranges: rows.ranges,
    subRanges: rows.subranges,
    acquirers: rows.acquirers,
    findRequestor: (trid) => byTrid.get(trid),
    findIssuer: (id) => byId.get(id),
    findRange(digits, off, length) {
      let prefix = "";
      let found: BinRange | undefined;
      for (let i = 0; i < length && i < prefixMax; i++) {
        prefix += String.fromCharCode(digits[off + i]!);
        if (i + 1 >= prefixMin) found = byPrefix.get(prefix) ?? found;
      }
      return found;
    },
  };
}

function parseRow(bytes: Buffer): StoredRow {
  return JSON.parse(bytes.toString("utf8")) as StoredRow;
}

function numberKey(number: number): Buffer {
  const key = Buffer.alloc(2);
  key.writeUInt16BE(number);
  return key;
}

function versionKey(version: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(version);
  return key;
}
