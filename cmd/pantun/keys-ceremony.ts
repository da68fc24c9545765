// `pantun keys ceremony` and `pantun keys kcv`: keys out of the components of several custodians.
import { type Command, Option } from "commander";
import {
  type CheckAlgorithm,
  type CheckMethod,
  checkValue,
  combineComponents,
  KeyStore,
  keyCheckValue,
  keyLengths,
  loadComponent,
  Pkcs11Provider,
} from "../../crypto/mod.ts";
import { appError } from "../../platform/mod.ts";
import { hsmAccess } from "../service/open-keys.ts";
import { type Ceremony, holdCeremony } from "./ceremony.ts";
import { recordKeyAct } from "./key-act.ts";
import { Terminal } from "./terminal.ts";
import { hsmNames, printResult, type VaultFlags, vaultFlags, withStore } from "./vault-access.ts";
import { wholeNumber } from "./whole-number.ts";

interface CeremonyFlags extends VaultFlags {
  readonly components: number;
  readonly component: readonly string[];
  readonly kcv?: string;
  readonly label?: string;
}

interface KcvFlags {
  readonly component: readonly string[];
  readonly algorithm?: CheckAlgorithm;
  readonly method?: CheckMethod;
  readonly json?: boolean;
}

/** An AES-256 key in the HSM. */
const kekLengths = [32] as const;

export function registerCeremony(keys: Command): void {
  vaultFlags(keys.command("ceremony"))
    .description("Make a key from the components of two or three custodians, who confirm each.")
    .argument("<key>", "kek: the key-encryption key in the HSM; zone: a peer's zone master key")
    .option("--components <count>", "how many custodians", wholeNumber(2, 3), 2)
    .option("--component <file>", "a component in hex, typed in otherwise; repeat it", collect, [])
    .option("--kcv <hex>", "check value that the key must have")
    .option("--label <name>", "for a zone key: the peer")
    .addHelpText("after", help)
    .action(ceremony);
  keys
    .command("kcv")
    .description("Show the check value of each component, and of the key that they make.")
    .option("--component <file>", "a component or a whole key in hex; repeat it", collect, [])
    .addOption(
      new Option("--algorithm <name>", "32 bytes are AES, 16 and 24 triple DES otherwise").choices([
        "aes",
        "tdes",
      ]),
    )
    .addOption(
      new Option("--method <name>", "AES: cmac; ecb is that of triple DES and older HSMs").choices([
        "cmac",
        "ecb",
      ]),
    )
    .option("--json", "one JSON document")
    .action(showCheckValues);
}

const help = `
Examples:
  pantun keys ceremony kek --components 3 --module … --token-label pantun --pin-file pin.txt
  pantun keys ceremony zone --label SWITCH --passphrase-file secret.txt --kcv 377822

Each custodian gives a name and a component, and confirms its check value with 'yes'; all confirm
that of the whole key. The key is the XOR of the components. Nothing is stored before that.`;

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

async function ceremony(what: string, flags: CeremonyFlags): Promise<void> {
  if (flags.component.length > 0 && flags.component.length !== flags.components) {
    throw appError("USAGE", `There are ${flags.components} custodians: give as many --component.`);
  }
  if (flags.kcv !== undefined && !/^[0-9A-Fa-f]{6}$/.test(flags.kcv)) {
    throw appError("USAGE", "A check value has six hex digits.");
  }
  if (what === "kek") return kekCeremony(flags);
  if (what === "zone") return zoneCeremony(flags);
  throw appError("USAGE", `'${what}' is no key of a ceremony; there are kek and zone.`);
}

async function kekCeremony(flags: CeremonyFlags): Promise<void> {
  const access = hsmAccess(hsmNames(flags));
  if (access === null) throw appError("USAGE", "Which HSM? Name its library with --module.");
  const begun = Pkcs11Provider.exists(flags.dir);
  // Asked first: custodians should not come together for a token that is not there.
  const open = begun ? await Pkcs11Provider.open(flags.dir, access) : null;
  let provider = open;
  try {
    const held = await hold(flags, "Key-encryption key", kekLengths);
    const { key: bytes } = held;
    if (open === null) provider = await Pkcs11Provider.create(flags.dir, access, { bytes });
    else await open.rotate(bytes);
    const made = provider?.keks().at(-1);
    // The token computed this one itself.
    if (made !== undefined && made.kcv !== "" && made.kcv !== held.kcv) {
      throw appError("HSM_FAILED", `The key in the HSM has the check value ${made.kcv}.`);
    }
    // Keys that are under a passphrase still come over with 'keys kek move'.
    if (provider !== null && KeyStore.providerKind(flags.dir) === provider.kind) {
      const store = await KeyStore.open(flags.dir, provider);
      await store.rewrap();
      await recordKeyAct(flags, store, "kek.ceremony");
    }
    report(flags, "kek", held);
  } finally {
    await provider?.close();
  }
}

async function zoneCeremony(flags: CeremonyFlags): Promise<void> {
  const { label } = flags;
  if (label === undefined) throw appError("USAGE", "Whose zone key? Name the peer with --label.");
  await withStore(flags, async (store) => {
    const held = await hold(flags, `Zone master key of ${label}`, keyLengths("zone"));
    const { key: bytes } = held;
    try {
      const own = store.list().filter((key) => key.usage === "zone" && key.label === label);
      const old = own.find((key) => key.state === "ACTIVE");
      if (old === undefined) await store.add("zone", { label, bytes });
      else {
        await store.rotate("zone", { label, bytes });
        await store.retire("zone", old.version, { label });
      }
    } finally {
      bytes.fill(0);
    }
    const made = store.list().find((key) => {
      return key.usage === "zone" && key.label === label && key.state === "ACTIVE";
    });
    await recordKeyAct(flags, store, "key.ceremony", made);
    report(flags, `zone ${label}`, held);
  });
}

async function hold(
  flags: CeremonyFlags,
  title: string,
  lengths: readonly [number, ...number[]],
): Promise<Ceremony> {
  const { components: count, component: files, kcv } = flags;
  using terminal = new Terminal();
  const options = { title, count, lengths, files, ...(kcv === undefined ? {} : { kcv }) };
  return await holdCeremony(terminal, options);
}

/** What goes into the file of the ceremony: who answered for what, and no key. */
function report(flags: CeremonyFlags, key: string, { kcv, custodians }: Ceremony): void {
  const at = new Date().toISOString();
  printResult(flags, { key, kcv, at, custodians }, [
    ["key", key],
    ["check value", kcv],
    ["time", at],
    ...custodians.map(
      (one, i) => [`custodian ${i + 1}`, `${one.name}, component ${one.kcv}`] as const,
    ),
  ]);
}

function showCheckValues(flags: KcvFlags): void {
  const { algorithm, method, component: files } = flags;
  const [first] = files;
  if (first === undefined) throw appError("USAGE", "Name the component's file with --component.");
  if (method !== undefined && algorithm === undefined) {
    throw appError("USAGE", "--method goes with --algorithm.");
  }
  const shown = (key: Buffer): string =>
    algorithm === undefined ? keyCheckValue(key) : checkValue(key, algorithm, method);
  const components = files.map((file) => loadComponent(file, 32, 24, 16));
  const parts = components.map((component, i) => ({ file: files[i]!, kcv: shown(component) }));
  const key = components.length > 1 ? combineComponents(components) : null;
  const kcv = key === null ? null : shown(key);
  for (const bytes of [...components, ...(key === null ? [] : [key])]) bytes.fill(0);
  printResult(flags, { components: parts, kcv }, [
    ...parts.map((part) => [part.file, part.kcv] as const),
    ...(kcv === null ? [] : [["the key", kcv] as const]),
  ]);
}
