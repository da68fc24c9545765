// The demo's own small world in a temporary folder: keys under a fresh passphrase, a vault of test
// tokens, and the service on free ports.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileProvider, type KeyRing, KeyStore } from "../../crypto/mod.ts";
import { createLogger, loadConfig, systemClock } from "../../platform/mod.ts";
import { generateTokens, testIssuer, Vault } from "../../vault/mod.ts";
import { type Settings, settingsSchema } from "../pantun/settings.ts";
import { type Parties, partiesOf } from "../service/parties.ts";
import { type Service, startService } from "../service/service.ts";
import type { SimToken } from "../sim/tokens.ts";
import { readVaultTokens } from "../sim/vault-tokens.ts";

export const switchName = "mydebit-net";
export const issuerName = "bank-one";
export const acquirerId = "458001";
export const merchantId = "MERCHANT0000001";
const requestorCount = 4;

export interface World {
  readonly dir: string;
  readonly passphraseFile: string;
  readonly settings: Settings;
  readonly service: Service;
  readonly ring: KeyRing;
  readonly macKey: Buffer;
  readonly tokens: readonly SimToken[];
  close(): Promise<void>;
}

/** What a world may have beside the demo's own. */
export interface WorldParts {
  /** Settings, by path. */
  readonly flags?: Readonly<Record<string, string>>;
  /** Parts of the requestor's row in the parties file, and rows of other requestors' clients. */
  readonly requestor?: object;
  readonly requestors?: readonly object[];
  /** The same of the switch's and of the issuer's row, and rows of other issuers' clients. */
  readonly switch?: object;
  readonly issuer?: object;
  readonly issuers?: readonly object[];
  /** Peers beside the switch that have a MAC key. */
  readonly macPeers?: readonly string[];
}

export interface WorldOptions extends WorldParts {
  readonly tokens: number;
  /** Parts that need files, which it makes in the world's folder before anything is opened. */
  readonly prepare?: (dir: string) => Promise<WorldParts>;
}

/** TRIDs of the generated requestors: the sandbox's TSP code 999, then a counter. */
export function demoTrid(number: number): string {
  return `999${String(number).padStart(8, "0")}`;
}

export async function openWorld(options: WorldOptions): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), "pantun-demo-"));
  const remove = () => rmSync(dir, { recursive: true, force: true });
  try {
    return await buildWorld(dir, options, remove);
  } catch (error) {
    remove();
    throw error;
  }
}

async function buildWorld(dir: string, given: WorldOptions, remove: () => void): Promise<World> {
  const options = { ...given, ...(await given.prepare?.(dir)) };
  const passphraseFile = join(dir, "passphrase");
  const passphrase = randomBytes(24).toString("base64");
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  const provider = await FileProvider.create(dir, Buffer.from(passphrase));
  const keyStore = await KeyStore.init(dir, provider, {
    peers: [switchName, ...(options.macPeers ?? [])],
  });
  const ring = await keyStore.load();
  const tokens = await fillVault(dir, ring, options.tokens);
  await keyStore.close();
  const settings = demoSettings(dir, passphraseFile, options.flags);
  const log = createLogger({ level: "error", pretty: false, destination: process.stderr });
  const service = await startService({ settings, parties: demoParties(options), log });
  return {
    dir,
    passphraseFile,
    settings,
    service,
    ring,
    macKey: ring.active("mac", switchName).bytes,
    tokens,
    async close() {
      await service.stop();
      remove();
    },
  };
}

async function fillVault(dir: string, ring: KeyRing, count: number): Promise<SimToken[]> {
  const vault = Vault.open({
    dir,
    ring,
    create: true,
    clock: systemClock,
    random: randomBytes,
    mapSizeBytes: demoMapBytes,
  });
  await generateTokens(vault, {
    tokens: count,
    tokensPerCard: 2,
    requestors: requestorCount,
    acquirer: acquirerId,
  });
  const tokens = readVaultTokens(vault, { tokensMax: count, acquirerId, merchantId });
  await vault.close();
  return tokens;
}

const demoMapBytes = 2 ** 30;

function demoSettings(
  dir: string,
  passphraseFile: string,
  flags: WorldOptions["flags"] = {},
): Settings {
  const { value } = loadConfig(settingsSchema, {
    flags: {
      "vault.dir": dir,
      "vault.passphraseFile": passphraseFile,
      "vault.mapBytes": String(demoMapBytes),
      "replay.mapBytes": String(demoMapBytes),
      "iso.port": "0",
      "switch.port": "0",
      "requestor.port": "0",
      "issuer.port": "0",
      "outbox.loopbackWebhooks": "true",
      "admin.port": "0",
      "admin.grpcPort": "0",
      ...flags,
    },
  });
  return value;
}

export function demoParties(rows: Omit<WorldParts, "flags" | "macPeers"> = {}): Parties {
  const { requestor, requestors = [], switch: payer, issuer, issuers = [] } = rows;
  const trids = Array.from({ length: requestorCount }, (_, i) => demoTrid(i + 1));
  return partiesOf(
    {
      switches: [{ name: switchName, roles: ["switch", "directory-server"], ...payer }],
      requestors: [{ name: "acquirer-one", trids, ...requestor }, ...requestors],
      issuers: [{ name: issuerName, issuerId: testIssuer, ...issuer }, ...issuers],
      plain: { switch: switchName, requestor: "acquirer-one", issuer: issuerName },
    },
    "the demo's parties",
  );
}
