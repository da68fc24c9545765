// Everybody who takes part in the circle, at work on free ports of this machine: the acquirer and a
// shop with their webhooks, MyDebit NET, the bank's host, and 3-D Secure.
import { randomBytes } from "node:crypto";
import { type ApiAccess, ApiClient, HttpPeer } from "../../../api/http/mod.ts";
import { mydebit, raw2 } from "../../../codec/iso8583/mod.ts";
import { systemClock } from "../../../platform/mod.ts";
import { AccessControlServer } from "../../sim/ds/access-control-server.ts";
import { type DirectoryOutcome, DirectoryServer } from "../../sim/ds/directory-server.ts";
import { PiavKey } from "../../sim/ds/piav.ts";
import { SimHost } from "../../sim/host/sim-host.ts";
import { TokenPaymentRules } from "../../sim/issuer/token-payments.ts";
import { Network } from "../../sim/net/network.ts";
import { Requestor } from "../../sim/requestor/requestor.ts";
import { SwitchClient } from "../../sim/switch-client.ts";
import { switchTarget } from "../../sim/switch-target.ts";
import { WebhookReceiver } from "../../sim/webhook-receiver.ts";
import { acquirerId, merchantId, type World } from "../world.ts";
import { type CircleAccess, circleTrids, routingKey } from "./parties.ts";

const anyPort = { host: "127.0.0.1", port: 0 } as const;
/** A flush may take long on a machine that is busy otherwise. */
const patientMs = 10_000;

/** A requestor and the server at which it is told of its tokens. */
export interface Told {
  readonly name: string;
  readonly requestor: Requestor;
  readonly receiver: WebhookReceiver;
}

export interface Scene {
  readonly acquirer: Told;
  readonly shop: Told;
  /** The acquirer's connection with the network. */
  readonly terminal: SwitchClient;
  readonly network: Network;
  readonly bank: ApiClient;
  readonly bankHost: TokenPaymentRules;
  /** What the directory server said of each check. */
  readonly checks: readonly DirectoryOutcome[];
  /** Sentences of those who got something that they must not get. */
  faults(): readonly string[];
  close(): Promise<void>;
}

export async function openScene(world: World, access: CircleAccess): Promise<Scene> {
  const opened: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end();
  };
  const keep = <T>(thing: T, end: (thing: T) => Promise<unknown>): T => {
    opened.push(() => end(thing));
    return thing;
  };
  try {
    return await openAll(world, access, keep, close);
  } catch (error) {
    await close();
    throw error;
  }
}

type Keep = <T>(thing: T, end: (thing: T) => Promise<unknown>) => T;

async function openAll(
  world: World,
  access: CircleAccess,
  keep: Keep,
  close: () => Promise<void>,
): Promise<Scene> {
  const piavs = new PiavKey(randomBytes(32));
  const checks: DirectoryOutcome[] = [];
  const acs = keep(
    await AccessControlServer.open(anyPort, { opener: access.acs, piavs, declineFrom: null }),
    (server) => server.close(),
  );
  const cardsAcs = new HttpPeer(acs.url);
  const directory = keep(
    await DirectoryServer.open(anyPort, {
      service: new HttpPeer(`http://${world.service.addresses.switchHttp}`),
      acs: new Map([[routingKey, cardsAcs]]),
      cardsAcs,
      told: (outcome) => checks.push(outcome),
    }),
    (server) => server.close(),
  );
  const bankHost = new TokenPaymentRules(piavs);
  const { network, terminal } = await openNetwork(world, bankHost, keep);
  const api = `http://${world.service.addresses.http}`;
  const told = async (name: "acquirer" | "shop"): Promise<Told> => {
    const requestor = requestorOf(api, access[name], circleTrids[name], directory.url);
    const receiver = await WebhookReceiver.open({ listen: anyPort, clock: systemClock });
    return { name, requestor, receiver: keep(receiver, (server) => server.close()) };
  };
  const [acquirer, shop] = [await told("acquirer"), await told("shop")];
  const bank = new ApiClient(new HttpPeer(api), access.bank, systemClock);
  const faults = () => [...acs.faults, ...acquirer.receiver.faults, ...shop.receiver.faults];
  return { acquirer, shop, terminal, network, bank, bankHost, checks, faults, close };
}

/** The bank's host, the network in front of it, and the acquirer's terminal in front of that. */
async function openNetwork(world: World, rules: TokenPaymentRules, keep: Keep) {
  // The dialect's rules are those of a token service, which is sent no data of its own.
  const host = keep(
    new SimHost({
      validates: false,
      ...{ listen: anyPort, tls: null, codec: mydebit, framing: raw2, rules },
      ...{ clock: systemClock, needsSignOn: true },
    }),
    (server) => server.close(),
  );
  const dial = async (port: number, macKey: Buffer | null): Promise<SwitchClient> => {
    const target = switchTarget([{ host: "127.0.0.1", port }], null);
    const options = { target, connections: 1, macKey, clock: systemClock, timeoutMs: patientMs };
    return keep(await SwitchClient.connect(options), (client) => client.close());
  };
  const issuer = await dial(await host.listen(), null);
  const service = await dial(world.service.addresses.iso.port, world.macKey);
  const options = { listen: anyPort, service, issuer, clock: systemClock };
  const network = keep(await Network.open(options), (server) => server.close());
  return { network, terminal: await dial(network.port, null) };
}

function requestorOf(url: string, access: ApiAccess, trid: string, ds: string): Requestor {
  return new Requestor({
    client: new ApiClient(new HttpPeer(url), access, systemClock),
    trid,
    clock: systemClock,
    directory: new HttpPeer(ds),
    acquirerId,
    merchantId,
  });
}
