// The whole path behind a door on a real socket: vault, replay store, journal, history, pipeline.

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suspendToken } from "../../actors/card/test-rig.ts";
import { createIsoServer, type IsoServer } from "../../api/iso/mod.ts";
import { type Key, KeyPage, KeyRing, type KeyUsage, keyCheckValue } from "../../crypto/mod.ts";
import { Batch, Dispatcher, type OpenedPipeline, openPipeline } from "../../hotpath/mod.ts";
import { createMetrics, silentLogger, systemClock } from "../../platform/mod.ts";
import {
  generateTokens,
  HistoryKeeper,
  parseRef,
  refText,
  tokenAt,
  Vault,
} from "../../vault/mod.ts";
import { macPeer } from "./door.ts";

function key(usage: KeyUsage, label = ""): Key {
  const bytes = randomBytes(usage === "seal" ? 64 : 32);
  return {
    usage,
    label,
    version: 1,
    state: "ACTIVE",
    kcv: keyCheckValue(bytes.subarray(0, 32)),
    bytes,
  };
}

export interface RealDoor {
  readonly port: number;
  readonly ring: KeyRing;
  readonly macKey: Buffer;
  readonly server: IsoServer;
  readonly opened: OpenedPipeline;
  close(): Promise<void>;
}

const mapBytes = 2 ** 28;

/** Generates a vault of so many tokens, every 50th suspended, and opens a door before it. */
export async function openRealDoor(tokens: number): Promise<RealDoor> {
  const dir = mkdtempSync(join(tmpdir(), "pantun-iso-"));
  const mac = key("mac", "switch");
  const usages: KeyUsage[] = ["index", "seal", "ptav", "fingerprint", "route", "audit"];
  const ring = new KeyRing([...usages.map((usage) => key(usage)), mac]);
  await fillVault(dir, ring, tokens);
  const keys = new KeyPage();
  keys.publish(ring);
  const settings = {
    dir,
    peers: [macPeer],
    ptavTtlSeconds: 900,
    vaultMapBytes: mapBytes,
    replayMapBytes: mapBytes,
  };
  const opened = openPipeline(settings, {
    keys: keys.shared,
    cells: createMetrics().addBlock(),
    place: "inline",
    journalName: "main",
  });
  const dispatcher = inlineDispatcher(opened);
  const fail = (error: unknown): never => {
    throw error;
  };
  const keeper = new HistoryKeeper({
    history: opened.history,
    segmentAgeMs: 1e9,
    anchor: () => {},
    onError: fail,
  });
  keeper.start();
  const server = createIsoServer({
    listen: { host: "127.0.0.1", port: 0 },
    tls: null,
    peers: { byIdentity: new Map(), byAddress: new Map(), plainDefault: macPeer },
    dispatcher,
    keys,
    log: silentLogger(),
    clock: systemClock,
    random: randomBytes,
  });
  const { port } = await server.listen();
  const close = async (): Promise<void> => {
    await server.stop();
    keeper.stop();
    await dispatcher.drain();
    await opened.close();
    rmSync(dir, { recursive: true, force: true });
  };
  return { port, ring, macKey: mac.bytes, server, opened, close };
}

async function fillVault(dir: string, ring: KeyRing, tokens: number): Promise<void> {
  const vault = Vault.open({
    dir,
    create: true,
    ring,
    clock: systemClock,
    random: randomBytes,
    mapSizeBytes: mapBytes,
  });
  await generateTokens(vault, { tokens });
  const refs: string[] = [];
  for (const { value } of vault.tables.tokens.getRange({})) {
    refs.push(refText(value.subarray(tokenAt.ref, tokenAt.ref + 16)));
  }
  for (let i = 7; i < refs.length; i += 50) suspendToken(vault, refs[i] ?? "", "TOKEN_REQUESTOR");
  if (refs.some((ref) => parseRef(ref) === undefined)) throw new Error("a reference is unreadable");
  await vault.close();
}

function inlineDispatcher(opened: OpenedPipeline): Dispatcher {
  return new Dispatcher({
    batches: Array.from({ length: 8 }, () => new Batch()),
    runner: { capacity: 0, run: () => Promise.reject(new Error("there is no pool")) },
    inline: (batch) => opened.pipeline.processBatch(batch),
    refuse: (batch) => opened.pipeline.refuseBatch(batch, 9_096),
    inlineRowsMax: 256,
    nowMs: () => systemClock.monotonicMs(),
    onRunnerFault: (error) => {
      throw error;
    },
  });
}
