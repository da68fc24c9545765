// `pantun keys kek`: the key-encryption keys of a vault whose keys are wrapped by an HSM.
import type { Command } from "commander";
import { type Kek, type KeyProvider, KeyStore, Pkcs11Provider } from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";
import { hsmAccess, openProvider } from "../service/open-keys.ts";
import { recordKeyAct } from "./key-act.ts";
import { printTable } from "./keys-table.ts";
import { hsmNames, passphraseOf, type VaultFlags, vaultFlags, withStore } from "./vault-access.ts";

export function registerKek(keys: Command): void {
  const kek = keys
    .command("kek")
    .description("The key-encryption keys in an HSM: list, rotate, destroy, move a vault there.");
  vaultFlags(kek.command("list"))
    .description("Show the key-encryption keys of this vault, the current one last.")
    .action(list);
  vaultFlags(kek.command("rotate"))
    .description("Make a new one in the HSM and wrap every key anew; services run on.")
    .action(rotate);
  vaultFlags(kek.command("destroy <id>"))
    .description("Destroy an old one in the HSM: backups from its time can never be opened again.")
    .option("--yes", "do it")
    .action(destroy);
  vaultFlags(kek.command("move"))
    .description("Wrap the keys of a passphrase vault under an HSM from now on; needs both.")
    .action(move);
}

/** The provider of an HSM. Errors: USAGE where the keys are wrapped under a passphrase. */
export function assertHsm(provider: KeyProvider): Pkcs11Provider {
  if (provider instanceof Pkcs11Provider) return provider;
  throw appError(
    "USAGE",
    "This takes an HSM: name its library with --module or PANTUN_HSM_MODULE.",
  );
}

function show(flags: VaultFlags, keks: readonly Kek[]): void {
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ keks })}\n`);
  else {
    const rows = keks.map(({ id, kcv, createdAt }, i) => [
      id,
      kcv === "" ? "-" : kcv,
      createdAt.slice(0, 19),
      i === keks.length - 1 ? "current" : "old",
    ]);
    printTable(["ID", "KCV", "CREATED", "STATE"], rows);
  }
}

async function list(flags: VaultFlags): Promise<void> {
  await withStore(flags, async (_, provider) => show(flags, assertHsm(provider).keks()));
}

async function rotate(flags: VaultFlags): Promise<void> {
  await withStore(flags, async (store, provider) => {
    const hsm = assertHsm(provider);
    await hsm.rotate();
    await store.rewrap();
    await recordKeyAct(flags, store, "kek.rotate");
    show(flags, hsm.keks());
  });
}

async function destroy(id: string, flags: VaultFlags & { readonly yes?: boolean }): Promise<void> {
  if (flags.yes !== true) {
    throw appError(
      "USAGE",
      "What this key wrapped, backups too, can never be opened again: add --yes.",
    );
  }
  await withStore(flags, async (store, provider) => {
    const hsm = assertHsm(provider);
    // A rotation that was cut short may have left keys under the old one.
    await store.rewrap();
    await hsm.destroy(id);
    await recordKeyAct(flags, store, "kek.destroy");
    show(flags, hsm.keks());
  });
}

async function move(flags: VaultFlags): Promise<void> {
  const access = hsmAccess(hsmNames(flags));
  if (access === null) throw appError("USAGE", "Which HSM? Name its library with --module.");
  const from = await openProvider(flags.dir, () => passphraseOf(flags));
  try {
    const store = await KeyStore.open(flags.dir, from);
    const to = await Pkcs11Provider.openOrCreate(flags.dir, access);
    try {
      await store.rewrap(to);
      await recordKeyAct(flags, store, "kek.move");
      process.stderr.write(
        "The keys are wrapped by the HSM. Start services with its settings (hsm.*).\n" +
          "keys/kek.json and the passphrase are needed for old backups only.\n",
      );
      show(flags, to.keks());
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}
