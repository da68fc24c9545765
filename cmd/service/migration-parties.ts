// Who may migrate cards, out of the parties file, and by which way.
import type { ClientParty } from "../../api/http/mod.ts";
import { appError } from "../../platform/mod.ts";
import type { PartiesFile } from "./parties.ts";

export interface MigrationParty {
  readonly name: string;
  readonly trids: readonly string[];
  /** Undefined where it has no access over SFTP. */
  readonly sftp: { readonly keysFile: string; readonly pgpKeyFile: string } | undefined;
  /** Undefined where it has none over JSON. */
  readonly api: ClientParty | undefined;
}

/** CONFIG_INVALID for half an access, and for a secret or keys that the requestors' API has too. */
export function migrationsOf({ requestors }: PartiesFile, where: string): MigrationParty[] {
  return requestors.flatMap(({ name: requestor, identities: names, trids, http, migration }) => {
    if (migration === undefined) return [];
    const { keysFile, pgpKeyFile, api } = migration;
    const fault = (what: string) => {
      return appError("CONFIG_INVALID", `${where}: migration of ${requestor} ${what}.`);
    };
    const hasBoth = keysFile !== undefined && pgpKeyFile !== undefined;
    if (!hasBoth && (keysFile ?? pgpKeyFile) !== undefined) {
      throw fault("needs both keysFile and pgpKeyFile");
    }
    if (!hasBoth && api === undefined) throw fault("names no way to migrate");
    const isShared = api?.secretFile === http?.secretFile || api?.keysFile === http?.keysFile;
    if (api !== undefined && isShared) throw fault("needs a secret and keys of its own for api");
    const access = { name: requestor, identities: names, trids };
    return {
      name: requestor,
      trids,
      sftp: hasBoth ? { keysFile, pgpKeyFile } : undefined,
      api: api && { ...access, http: api },
    };
  });
}
