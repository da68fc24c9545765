// Names of migration files. A name carries who, when and which, and nothing else: no path, no card.

/** MIG_<TRID>_<YYYYMMDD>_<NNN>.csv.pgp */
const pattern = /^(MIG_([0-9]{11})_([0-9]{4})([0-9]{2})([0-9]{2})_[0-9]{3})\.csv\.pgp$/;

export const partSuffix = ".part";

export interface UploadName {
  /** The name without its endings. */
  readonly stem: string;
  readonly trid: string;
}

/** Undefined where it is no name of a migration file. */
export function parseUploadName(name: string): UploadName | undefined {
  const [, stem, trid, year, month, day] = pattern.exec(name) ?? [];
  if (stem === undefined || trid === undefined) return undefined;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const isDate = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
  return isDate ? { stem, trid } : undefined;
}

export function uploadNameOf(stem: string): string {
  return `${stem}.csv.pgp`;
}

export function resultNameOf(stem: string): string {
  return `${stem}_RESULT.csv.pgp`;
}

export function ackNameOf(stem: string): string {
  return `${stem}_RESULT.ack`;
}
