// Three NATS servers and some nodes on this machine: one vault is made with its keys, and each node
// begins with a copy of it, as from a snapshot.
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CommandSeal,
  connectNats,
  NatsBus,
  type NodeShards,
  Operator,
  routeToken,
} from "../../../actors/mod.ts";
import { FileProvider, type KeyRing, KeyStore } from "../../../crypto/mod.ts";
import { freePort, type NatsSite, startSite } from "../../../deploy/tools/nats-site.ts";
import { comesTrue, isAppError, systemClock } from "../../../platform/mod.ts";
import { generateTokens, testAcquirer, Vault, viewOf } from "../../../vault/mod.ts";
import type { SimToken } from "../../sim/tokens.ts";
import { readVaultTokens } from "../../sim/vault-tokens.ts";
import { ServeProcess } from "./serve-process.ts";

export interface ClusterWorldOptions {
  readonly nodes: number;
  readonly shards: number;
  /** Tokens of each shard that commands are sent to. */
  readonly tokensPerShard: number;
}

/** A token that commands are sent to. */
export interface Subject {
  readonly shard: number;
  readonly ref: string;
}

/** The switch calls in clear, as only this machine's loopback lets it. */
const switchName = "demo-switch";
/** The requestor of every token. */
export const demoRequestor = "99900000001";
const parties = {
  switches: [{ name: switchName, roles: ["switch"] }],
  requestors: [{ name: "demo-requestor", trids: [demoRequestor] }],
  plain: { switch: switchName, requestor: "demo-requestor" },
};

export const merchantId = "MERCHANT0000001";
const tokensMax = 10_000;
/** A lease of a dead node lives for 20 s, and then somebody has to try. */
const ownedMs = 60_000;
const mapBytes = 2 ** 28;
/** More than enough that each shard gets its share of cards. */
const tokensPerWanted = 24;

export class ClusterWorld {
  readonly dir: string;
  readonly ring: KeyRing;
  readonly site: NatsSite;
  readonly shards: number;
  readonly subjects: readonly Subject[];
  /** By shard, the tokens that payments are made with. */
  readonly payers: readonly (readonly SimToken[])[];
  readonly nodes: readonly ServeProcess[];
  /** The vault as it was before the first command. */
  readonly vault: Vault;

  private constructor(
    parts: Omit<ClusterWorld, "spread" | "move" | "owners" | "standing" | "close" | "openVault">,
  ) {
    this.dir = parts.dir;
    this.ring = parts.ring;
    this.site = parts.site;
    this.shards = parts.shards;
    this.subjects = parts.subjects;
    this.payers = parts.payers;
    this.nodes = parts.nodes;
    this.vault = parts.vault;
  }

  /** Errors: an Error with a sentence where no NATS server can be had or a node does not start. */
  static async open(options: ClusterWorldOptions): Promise<ClusterWorld> {
    const dir = mkdtempSync(join(tmpdir(), "pantun-cluster-"));
    let site: NatsSite | undefined;
    const nodes: ServeProcess[] = [];
    try {
      site = await startSite(3);
      const { shards } = options;
      const { ring, vault, subjects, payers, ...files } = await makeSnapshot(dir, options);
      for (let n = 1; n <= options.nodes; n++) {
        const name = `node-${n}`;
        const home = join(dir, name);
        cpSync(join(dir, "snapshot"), home, { recursive: true });
        const ports = { switch: await freePort(), requestor: await freePort() };
        const settings = settingsOf(home, files, name, site.urls, ports);
        nodes.push(new ServeProcess(name, home, settings));
      }
      const tokens = { subjects, payers };
      const world = new ClusterWorld({ dir, ring, site, shards, ...tokens, nodes, vault });
      for (const node of nodes) node.launch();
      await Promise.all(nodes.map((node) => node.ready()));
      return world;
    } catch (error) {
      await Promise.all(nodes.map((node) => node.kill()));
      await site?.stop();
      rmSync(dir, { recursive: true, force: true });
      throw error;
    }
  }

  async #operate<T>(work: (operator: Operator) => Promise<T>): Promise<T> {
    const connection = await connectNats({ servers: this.site.urls, name: "demo" });
    try {
      const bus = new NatsBus(connection);
      return await work(new Operator(bus, new CommandSeal(this.ring), systemClock));
    } finally {
      await connection.close();
    }
  }

  /** Gives every node its share at once; by themselves nodes hand over one shard in ten seconds. */
  async spread(): Promise<void> {
    const standing = await this.standing();
    await this.#operate(async (operator) => {
      for (let shard = 0; shard < this.shards; shard++) {
        const owner = standing.find(({ shards }) => shards[shard]?.state === "OWN")?.node;
        const to = this.nodes[shard % this.nodes.length]?.name ?? "";
        if (owner === undefined || owner === to) continue;
        await operator.ask(owner, { do: "move", shard, to });
      }
    });
  }

  /** The shard's owner hands it to a node; resolves once that is done, or was refused. */
  async move(shard: number, to: string): Promise<void> {
    const owner = (await this.owners())[shard] ?? "";
    await this.#operate((operator) => operator.ask(owner, { do: "move", shard, to }));
  }

  /** The owners by shard, once each has one; an Error where some have none for a minute. */
  async owners(): Promise<string[]> {
    let owners: string[] = [];
    await comesTrue("an owner of every shard", ownedMs, async () => {
      const standing = await this.standing();
      owners = Array.from({ length: this.shards }, (_, shard) => {
        return standing.find(({ shards }) => shards[shard]?.state === "OWN")?.node ?? "";
      });
      return !owners.includes("");
    });
    return owners;
  }

  /** How the shards stand on each node that answers. */
  standing(): Promise<NodeShards[]> {
    return this.#operate(async (operator) => {
      const asks = this.nodes.map(async ({ name }) => {
        try {
          return [await operator.ask(name, { do: "list" })];
        } catch (error) {
          if (isAppError(error, "NOT_REACHABLE")) return [];
          throw error;
        }
      });
      return (await Promise.all(asks)).flat();
    });
  }

  openVault(dir: string): Vault {
    return openVault(dir, this.ring);
  }

  async close(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    await this.vault.close();
    await this.site.stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function openVault(dir: string, ring: KeyRing, create?: { readonly shards: number }): Vault {
  const ports = { clock: systemClock, random: randomBytes, mapSizeBytes: mapBytes };
  return Vault.open({ dir, ring, ...ports, ...(create && { create: true, ...create }) });
}

async function makeSnapshot(dir: string, options: ClusterWorldOptions) {
  const home = join(dir, "snapshot");
  mkdirSync(home);
  const passphraseFile = join(dir, "passphrase");
  const passphrase = randomBytes(24).toString("base64");
  writeFileSync(passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  const provider = await FileProvider.create(home, Buffer.from(passphrase));
  const keyStore = await KeyStore.init(home, provider, { peers: [switchName] });
  const ring = await keyStore.load();
  const { shards, tokensPerShard } = options;
  const made = openVault(home, ring, { shards });
  await generateTokens(made, { tokens: shards * tokensPerShard * tokensPerWanted, requestors: 1 });
  const subjects = subjectsOf(made, options);
  const payers = payersOf(made, subjects, shards);
  await made.close();
  await keyStore.close();
  // Nodes begin with copies; this one stays as it is, to route by.
  const copy = join(dir, "routes");
  cpSync(home, copy, { recursive: true });
  const partiesFile = join(dir, "parties.json");
  writeFileSync(partiesFile, JSON.stringify(parties));
  return { ring, passphraseFile, partiesFile, subjects, payers, vault: openVault(copy, ring) };
}

function subjectsOf(vault: Vault, { shards, tokensPerShard }: ClusterWorldOptions): Subject[] {
  const byShard = Array.from({ length: shards }, (): Subject[] => []);
  for (const { key, value } of vault.tables.tokens.getRange({})) {
    const { ref } = viewOf(vault, Buffer.from(key), Buffer.from(value));
    const shard = routeToken(vault, ref)?.shard ?? 0;
    const found = byShard[shard] as Subject[];
    if (found.length < tokensPerShard) found.push({ shard, ref });
  }
  if (byShard.some((found) => found.length < tokensPerShard)) {
    throw new Error("a shard got too few cards");
  }
  return byShard.flat();
}

/** Tokens of each shard that no command is sent to. */
function payersOf(vault: Vault, subjects: readonly Subject[], shards: number): SimToken[][] {
  const taken = new Set(subjects.map(({ ref }) => ref));
  const byShard = Array.from({ length: shards }, (): SimToken[] => []);
  const limits = { tokensMax, acquirerId: testAcquirer, merchantId };
  for (const token of readVaultTokens(vault, limits)) {
    const shard = routeToken(vault, token.tokenRef)?.shard ?? 0;
    if (!taken.has(token.tokenRef)) byShard[shard]?.push(token);
  }
  if (byShard.some((found) => found.length === 0)) throw new Error("a shard got too few cards");
  return byShard;
}

function settingsOf(
  dir: string,
  files: { readonly passphraseFile: string; readonly partiesFile: string },
  node: string,
  urls: readonly string[],
  ports: { readonly switch: number; readonly requestor: number },
) {
  return {
    log: { level: "warn", kind: "jetstream" },
    nats: {
      servers: urls.join(","),
      node,
      replicas: 3,
      evtBytesMax: "64MiB",
      payBytesMax: "64MiB",
    },
    vault: { dir, passphraseFile: files.passphraseFile, mapBytes },
    parties: { file: files.partiesFile },
    replay: { mapBytes },
    hotpath: { workers: 0 },
    iso: { port: 0 },
    outbox: { loopbackWebhooks: true },
    switch: { port: ports.switch },
    requestor: { port: ports.requestor },
    issuer: { port: 0 },
    admin: { port: 0, grpcPort: 0 },
  };
}
