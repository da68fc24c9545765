// The store over one LMDB environment, the vault's own.
import type { Environment } from "../../vault/mod.ts";
import type { Row, Rows, Store } from "./port.ts";

/** LMDB's page. */
const pageBytes = 4_096;

/** Rows of a group lie scattered over the tables: so many pages even where little is written. */
const scatteredPages = 2_048;

export function lmdbStore(env: Environment): Store {
  let open = false;
  return {
    rows: (name) => rowsOf(env, name),
    write: (work, bytes = 0) => {
      if (open) return work();
      open = true;
      try {
        const result = env.write(work, scatteredPages + Math.ceil((2 * bytes) / pageBytes));
        // Whoever reads next sees what was written, without waiting for the event loop to turn.
        env.root.resetReadTxn();
        return result;
      } finally {
        open = false;
      }
    },
  };
}

function rowsOf(env: Environment, name: string): Rows {
  const table = env.table(name);
  return {
    get: (key) => table.getBinary(key),
    put: (key, value) => void table.putSync(key, value),
    remove: (key) => void table.removeSync(key),
    range: ({ start, end, limit, reverse = false }) => {
      const rows: Row[] = [];
      // A reversed range begins at the key before `end`; LMDB would take `end` itself too.
      const from = reverse ? end : start;
      const to = reverse ? start : end;
      const found = table.getRange({
        start: from,
        end: to,
        limit,
        reverse,
        exclusiveStart: reverse,
        inclusiveEnd: reverse,
      });
      for (const { key, value } of found) rows.push({ key: Buffer.from(key as Buffer), value });
      return rows;
    },
  };
}
