// `pantun sim ds`: a directory server and the access control server behind it, until it is told to
// stop, or until the tokens of a file are asked about.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { HttpPeer, loadOpener } from "../../../api/http/mod.ts";
import { appError, exitCode } from "../../../platform/mod.ts";
import { refusePlain } from "../../pantun/iso-endpoint.ts";
import { listenAt, type PeerFlags, peerOf } from "../api-access.ts";
import { readRemoteTokens } from "../remote-tokens.ts";
import { requestorClient } from "../switch/command.ts";
import { authenticate } from "../three-ds.ts";
import { readTokenFile } from "../token-file.ts";
import { AccessControlServer } from "./access-control-server.ts";
import { type DirectoryOutcome, DirectoryServer } from "./directory-server.ts";
import { PiavKey } from "./piav.ts";

export interface DsFlags extends PeerFlags {
  readonly listen: string;
  readonly acsKey: string;
  readonly routingKey: string;
  readonly declineFrom?: number;
  readonly tokenFile?: string;
  readonly requestor?: string;
  readonly acquirer: string;
  readonly merchant: string;
  readonly json?: boolean;
}

/** Sets the exit code: 1 when the service, or a server behind us, did what it must not. */
export async function simulateDs(flags: DsFlags): Promise<void> {
  const listen = listenAt(flags.listen);
  refusePlain(listen.host, { insecure: flags.insecure === true });
  const service = peerOf(flags);
  const acs = await AccessControlServer.open(
    { host: "127.0.0.1", port: 0 },
    {
      opener: loadOpener(flags.acsKey),
      piavs: new PiavKey(randomBytes(32)),
      declineFrom: flags.declineFrom ?? null,
    },
  );
  const outcomes: DirectoryOutcome[] = [];
  const cardsAcs = new HttpPeer(acs.url);
  const told = (outcome: DirectoryOutcome): void => {
    outcomes.push(outcome);
    if (flags.json !== true) process.stdout.write(`${lineOf(outcome)}\n`);
  };
  const byKey = new Map([[flags.routingKey, cardsAcs]]);
  const opening = DirectoryServer.open(listen, { service, acs: byKey, cardsAcs, told });
  const directory = await opening.catch(async (error: unknown) => {
    await acs.close();
    throw error;
  });
  try {
    if (flags.tokenFile === undefined) await serve(directory);
    else await askAll(directory, flags.tokenFile, flags);
  } finally {
    await directory.close();
    await acs.close();
  }
  for (const fault of acs.faults) process.stderr.write(`${fault}\n`);
  const faults = acs.faults;
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ outcomes, faults })}\n`);
  const wrong = faults.length > 0 || outcomes.some(({ right }) => !right);
  if (wrong) process.exitCode = exitCode.FAILED;
}

async function serve(directory: DirectoryServer): Promise<void> {
  process.stderr.write(`directory server on ${directory.url}\n`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
}

/** One purchase with each token, as its merchant's 3DS server would ask. */
async function askAll(directory: DirectoryServer, file: string, flags: DsFlags): Promise<void> {
  const peer = new HttpPeer(directory.url);
  for (const { trid, tpan, tpanExpiry } of await tokensOf(file, flags)) {
    await authenticate(peer, {
      acctNumber: tpan,
      cardExpiryDate: tpanExpiry,
      purchaseAmount: 12_34,
      purchaseCurrency: "458",
      acquirerBIN: flags.acquirer,
      acquirerMerchantID: flags.merchant,
      tokenRequestorID: trid,
    });
  }
}

/** Numbers that the file does not have are asked for, where a requestor service is named. */
async function tokensOf(file: string, flags: DsFlags) {
  const { requestor, acquirer: acquirerId, merchant: merchantId } = flags;
  if (requestor !== undefined) {
    const client = requestorClient(flags, requestor);
    const options = { tokensMax: Number.POSITIVE_INFINITY, acquirerId, merchantId };
    return readRemoteTokens(file, client, options).finally(() => client.close());
  }
  const tokens = readTokenFile(file);
  const without = tokens.findIndex(({ tpan }) => tpan === "");
  if (without < 0) return tokens;
  const message = `Line ${without + 1} of ${file} has no token number: name a --requestor.`;
  throw appError("USAGE", message);
}

function lineOf({ account, transStatus, says, right }: DirectoryOutcome): string {
  return `${right ? "ok   " : "WRONG"} ${account.padEnd(20)} ${transStatus}  ${says}`;
}
