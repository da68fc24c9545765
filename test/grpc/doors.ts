// Servers, callers and requests that the tests of the gRPC doors share.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  createGrpcServer,
  type GrpcLimits,
  type GrpcMetrics,
  type GrpcSecurity,
  type GrpcServer,
  HealthBoard,
  type RequestorCaller,
  Resolver,
  type SwitchCaller,
  type TokenDataIssuer,
  type TokenDirectory,
} from "../../api/grpc/mod.ts";
import { AcsKeys } from "../../api/switch/mod.ts";
import { mydebit } from "../../codec/iso8583/mod.ts";
import { knownTpan, knownTpanExpiry, knownTrid } from "../../codec/pan/fixtures.ts";
import type { PaymentDispatcher, Peer } from "../../hotpath/mod.ts";
import { createLogger, type Logger, systemClock } from "../../platform/mod.ts";
import type { AdviseRequest, VerifyRequest } from "../../proto/mod.ts";
import { makeCertificate, type TestCertificate, writeCertificate } from "./certificates.ts";

export const peer: Peer = { id: 3, tag: 77, name: "switch-a", macRequired: false, macLabel: null };

export const switchIdentity = "URI:spiffe://test/switch-a";
export const directoryIdentity = "DNS:ds.test";
export const requestorIdentity = "URI:spiffe://test/requestor-a";

export const switchCallers: readonly SwitchCaller[] = [
  { kind: "switch", name: "switch-a", identities: [switchIdentity], roles: ["switch"], peer },
  {
    kind: "switch",
    name: "ds-a",
    identities: [directoryIdentity],
    roles: ["directory-server"],
    peer: { ...peer, id: 4, name: "ds-a" },
  },
];

export const requestorCallers: readonly RequestorCaller[] = [
  {
    kind: "requestor",
    name: "requestor-a",
    identities: [requestorIdentity],
    trids: [knownTrid],
  },
];

/** What a server wrote into its log, so that tests can look for what must not be there. */
export class LogLines {
  readonly lines: string[] = [];
  readonly logger: Logger;

  constructor() {
    const destination = {
      write: (line: string) => {
        this.lines.push(line);
        return true;
      },
    } as unknown as NodeJS.WritableStream;
    this.logger = createLogger({ level: "debug", pretty: false, destination });
  }

  get text(): string {
    return this.lines.join("");
  }
}

export class CountedMetrics implements GrpcMetrics {
  readonly calls: string[] = [];
  readonly itemCounts = { taken: 0, shed: 0, unanswerable: 0 };
  readonly reloads: string[] = [];
  openSessions = 0;

  handled(service: string, method: string, code: string, seconds: number): void {
    if (!(seconds >= 0)) throw new Error("a call took less than no time");
    this.calls.push(`${service.split(".").at(-1)}/${method} ${code}`);
  }

  sessions(delta: number): void {
    this.openSessions += delta;
  }

  items(outcome: "taken" | "shed" | "unanswerable", count: number): void {
    this.itemCounts[outcome] += count;
  }

  certificateReload(result: "ok" | "failed"): void {
    this.reloads.push(result);
  }
}

export interface DoorOptions {
  readonly dispatcher: PaymentDispatcher;
  readonly directory?: TokenDirectory;
  readonly security?: GrpcSecurity;
  readonly limits?: Partial<GrpcLimits>;
  readonly caller?: string;
  readonly port?: number;
}

export interface Door {
  readonly server: GrpcServer;
  readonly health: HealthBoard;
  readonly metrics: CountedMetrics;
  readonly log: LogLines;
}

const noDirectory: TokenDirectory = {
  resolve: () => ({ reasonCode: 0, issuerId: "BANK0001", acsRoutingKey: "acs-1" }),
};

export async function openSwitchDoor(options: DoorOptions): Promise<Door> {
  const health = new HealthBoard();
  const metrics = new CountedMetrics();
  const log = new LogLines();
  const { dispatcher, directory = noDirectory, caller = "switch-a", limits, port = 0 } = options;
  const insecure = { kind: "insecure", caller, outsideLoopback: "refused" } as const;
  const own = limits === undefined ? {} : { limits };
  const parts = { directory, acs: new AcsKeys(), clock: systemClock, log: log.logger };
  const resolver = new Resolver({ ...parts, ...own });
  const server = await createGrpcServer({
    listen: { host: "127.0.0.1", port },
    security: options.security ?? insecure,
    services: { kind: "switch", dispatcher, resolver, callers: switchCallers },
    health,
    metrics,
    log: log.logger,
    clock: systemClock,
    ...own,
  });
  return { server, health, metrics, log };
}

export async function openRequestorDoor(
  issuer: TokenDataIssuer,
  security?: GrpcSecurity,
): Promise<Door> {
  const health = new HealthBoard();
  const metrics = new CountedMetrics();
  const log = new LogLines();
  const caller = "requestor-a";
  const server = await createGrpcServer({
    listen: { host: "127.0.0.1", port: 0 },
    security: security ?? { kind: "insecure", caller, outsideLoopback: "refused" },
    services: { kind: "requestor", issuer, callers: requestorCallers },
    health,
    metrics,
    log: log.logger,
    clock: systemClock,
  });
  return { server, health, metrics, log };
}

/** A folder with an authority, a server's certificate and what is needed for mTLS. */
export class TestPKI {
  readonly dir = fs.mkdtempSync(path.join(os.tmpdir(), "pantun-grpc-"));
  readonly authority: TestCertificate = makeCertificate("test authority", []);
  readonly caFile: string;

  constructor() {
    this.caFile = path.join(this.dir, "ca.crt");
    fs.writeFileSync(this.caFile, this.authority.certificate);
    this.renewServer();
  }

  /** Writes a new certificate of the server; returns it. */
  renewServer(): TestCertificate {
    const names = ["DNS:localhost", "IP:127.0.0.1"];
    const made = makeCertificate("server", names, this.authority);
    writeCertificate(this.dir, "server", made);
    return made;
  }

  serverSecurity(reloadIntervalMs = 20): Extract<GrpcSecurity, { kind: "mtls" }> {
    const certificateFile = path.join(this.dir, "server.crt");
    const privateKeyFile = path.join(this.dir, "server.key");
    const files = { certificateFile, privateKeyFile, clientCAFile: this.caFile };
    return { kind: "mtls", files, reloadIntervalMs };
  }

  /** Files of a client whose certificate carries these names. */
  client(name: string, names: readonly string[], issuer: TestCertificate = this.authority) {
    const files = writeCertificate(this.dir, name, makeCertificate(name, names, issuer));
    return { kind: "mtls", ...files, serverCAFile: this.caFile } as const;
  }

  remove(): void {
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

export const knownPtav = "EwEAAKGyw9RpVbkAuHbVDFLsKAk=";

/** A payment that the network profile takes. */
export function paymentRequest(changes: Partial<VerifyRequest> = {}): VerifyRequest {
  return {
    mti: "0100",
    tpan: knownTpan,
    processingCode: "000000",
    amount: 12_345n,
    transmissionDateTime: "0101000500",
    stan: "000123",
    localTime: "080500",
    localDate: "0101",
    tokenExpiry: knownTpanExpiry,
    mcc: "5411",
    posEntryMode: "810",
    posCondition: "59",
    acquirerId: "458001",
    forwarderId: "",
    rrn: "600100000123",
    terminalId: "TERM0001",
    merchantId: "MERCHANT0000001",
    merchantName: "",
    currency: "458",
    trid: knownTrid,
    ptav: knownPtav,
    initiation: "C",
    mitType: "",
    storedCredential: "F",
    agreementId: "",
    piav: "",
    eci: "",
    dsTransId: "",
    otherTags: [],
    original: undefined,
    replacementAmount: 0n,
    ...changes,
  };
}

export function adviceRequest(changes: Partial<AdviseRequest> = {}): AdviseRequest {
  return {
    tpan: knownTpan,
    processingCode: "000000",
    amount: 12_345n,
    transmissionDateTime: "0101000900",
    stan: "000124",
    localTime: "080900",
    localDate: "0101",
    acquirerId: "458001",
    rrn: "600100000123",
    responseCode: "00",
    merchantId: "MERCHANT0000001",
    currency: "458",
    original: {
      mti: "0100",
      stan: "000123",
      transmissionDateTime: "0101000500",
      acquirerId: "458001",
      forwarderId: "",
    },
    verificationId: "00000000-0000-7000-8000-000000000001",
    repeat: false,
    ...changes,
  };
}

/** The same payment as an ISO 8583 message; `stan` tells messages apart. */
export function paymentMessage(stan: number): Buffer {
  const out = Buffer.alloc(1_024);
  const fields = {
    "2": knownTpan,
    "3": "000000",
    "4": "000000012345",
    "7": "0101000500",
    "11": String(stan).padStart(6, "0"),
    "12": "080500",
    "13": "0101",
    "14": knownTpanExpiry,
    "18": "5411",
    "22": "810",
    "25": "59",
    "32": "458001",
    "37": "600100000123",
    "41": "TERM0001",
    "42": "MERCHANT0000001",
    "49": "458",
    "120": { "03": knownTrid, "04": knownPtav, "05": "C", "07": "F" },
  };
  return out.subarray(0, mydebit.encode({ mti: "0100", fields }, out, 0));
}

/** Waits for a condition that other parts of the program bring about. */
export async function until(what: string, holds: () => boolean, limitMs = 5_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
