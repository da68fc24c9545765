// Every setting of the program. This schema gives the type, the check, the reference page and the
// example file; nothing reads the environment past it.
import { type Static, Type } from "typebox";
import { framings } from "../../codec/iso8583/mod.ts";
import { count, duration, secretFile, size } from "../../platform/mod.ts";
import { accessTokenSeconds, tokenTriesPerMinute } from "./access-token-settings.ts";
import { migrateSettings } from "./migrate-settings.ts";

const loopback = "127.0.0.1";
const port = (description: string, fallback: number) =>
  count({ description, default: fallback, minimum: 0, maximum: 65_535 });
const path = (description: string, fallback = "") =>
  Type.String({ description, default: fallback });

/** A listening door. Without certificate files it is plain, and then only on loopback. */
const door = (what: string, fallbackPort: number) =>
  Type.Object({
    host: Type.String({ description: `Address of the ${what}.`, default: loopback }),
    port: port(`Port of the ${what}; 0 takes a free one.`, fallbackPort),
    certificateFile: path("Our certificate with its chain, PEM; empty for no TLS."),
    privateKeyFile: secretFile({ description: "The certificate's key, PEM." }),
    clientCaFile: path("The authority that signs the callers' certificates, PEM."),
    insecure: Type.Boolean({
      description: "Allow it without TLS outside loopback. Card numbers then travel in clear.",
      default: false,
    }),
  });

const framing = Type.Unsafe<string>(
  Type.Union(
    Object.keys(framings).map((name) => Type.Literal(name)),
    {
      description:
        "How ISO 8583 messages are laid into the stream, for peers that name no framing.",
      default: "raw2",
    },
  ),
);

const hostPattern = "([^:,\\[\\]]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}";
const hostsPattern = `^(${hostPattern}(,${hostPattern})*)?$`;

export const settingsSchema = Type.Object({
  log: Type.Object({
    level: Type.Union(
      [Type.Literal("debug"), Type.Literal("info"), Type.Literal("warn"), Type.Literal("error")],
      { description: "The least level that is logged.", default: "info" },
    ),
    kind: Type.Union([Type.Literal("embedded"), Type.Literal("jetstream")], {
      description:
        "Where changes of cards and tokens are kept: in the vault, for one machine, or on NATS " +
        "JetStream, for a cluster.",
      default: "embedded",
    }),
  }),
  vault: Type.Object({
    dir: path("Folder of the vault.", "var/vault"),
    passphraseFile: secretFile({
      description: "File with the passphrase that the keys are wrapped under.",
    }),
    mapBytes: size({
      description: "Address space of the vault's map; size it for the vault at its largest.",
      default: 16 * 2 ** 30,
      minimum: 2 ** 24,
      maximum: 2 ** 42,
    }),
  }),
  hsm: Type.Object({
    module: path("PKCS#11 library of the HSM that holds the key-encryption key; empty: none."),
    tokenLabel: path("The token by its label."),
    tokenSerial: path("The token by its serial number."),
    pinFile: secretFile({ description: "File with the PIN of the token's user." }),
  }),
  replay: Type.Object({
    mapBytes: size({
      description: "Map of the replay store; a claim takes about 70 bytes and lives three windows.",
      default: 4 * 2 ** 30,
      minimum: 2 ** 22,
      maximum: 2 ** 40,
    }),
  }),
  ptav: Type.Object({
    ttlSeconds: duration("s", {
      description: "How long a PTAV is good. One value for all processes of a vault.",
      default: 900,
      minimum: 60,
      maximum: 86_400,
    }),
    perTokenPerMinute: count({
      description: "PTAVs that one token may get in a minute from this node; 0: no limit.",
      default: 20,
      minimum: 0,
      maximum: 1_000_000,
    }),
  }),
  hotpath: Type.Object({
    workers: count({
      description: "Threads of the pool; 0 judges every batch in the main thread.",
      default: 1,
      minimum: 0,
      maximum: 64,
    }),
    inlineRowsMax: count({
      description:
        "Up to this many messages a batch runs in the main thread while no worker is busy.",
      default: 32,
      minimum: 0,
      maximum: 256,
    }),
    batches: count({
      description: "Batches of 256 messages that may wait or run; beyond them messages are shed.",
      default: 16,
      minimum: 2,
      maximum: 256,
    }),
    deadlineMs: duration("ms", {
      description: "A message that waited longer than this is answered 91 and not worked on.",
      default: 2_000,
      minimum: 1,
      maximum: 60_000,
    }),
  }),
  parties: Type.Object({
    file: path("JSON file with the peers and requestors that may call; see the guide."),
  }),
  iso: Type.Object({ ...door("ISO 8583 listener", 8583).properties, framing }),
  forward: Type.Object({
    to: Type.String({
      description:
        "Hosts that accepted advices are passed on to, host:port, the primary first, commas " +
        "between; empty: none are.",
      default: "",
      pattern: hostsPattern,
    }),
    name: Type.String({
      description: "Name of that host in metrics and logs, and the label of its MAC key.",
      default: "upstream",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    }),
    receiver: Type.String({
      description: "DE100 of the advices that are passed on; empty: all.",
      default: "",
      pattern: "^[0-9]{0,11}$",
    }),
    framing: { ...framing, description: "How messages to that host are laid into the stream." },
    mac: Type.Boolean({
      description: "Messages to that host and its answers carry a MAC (DE128).",
      default: true,
    }),
    connections: count({
      description: "Sessions that are kept with it.",
      default: 1,
      minimum: 1,
      maximum: 16,
    }),
    timeoutMs: duration("ms", {
      description: "How long it may take to answer; then the advice is repeated.",
      default: 10_000,
      minimum: 100,
      maximum: 60_000,
    }),
    file: path("File of the queue, sealed; empty: forward.log in the vault's folder."),
    retryParked: Type.Boolean({
      description: "At the start, try again what was put aside after six attempts.",
      default: false,
    }),
    insecure: Type.Boolean({
      description: "Allow it without TLS outside loopback. Token numbers then travel in clear.",
      default: false,
    }),
  }),
  switch: door("switch's gRPC service", 8601),
  requestor: door("requestors' gRPC service", 8602),
  issuer: door("issuers' gRPC service, which opens where the parties file names an issuer", 8604),
  http: Type.Object({
    ...door("requestors' JSON API, which opens where http.keysFile is set", 8605).properties,
    clientCaFile: path(
      "The authority that signs the clients' certificates, PEM; empty: none is asked for.",
    ),
    insecure: Type.Boolean({
      description: "Allow it without TLS outside loopback. Token numbers then travel in clear.",
      default: false,
    }),
    keysFile: secretFile({
      description: "Our keys of that door, made by `pantun requestor keys`; empty: it stays shut.",
    }),
    accessTokenSeconds,
    callsPerSecond: count({
      description: "Calls of one client in a second, on this node.",
      default: 200,
      minimum: 1,
      maximum: 100_000,
    }),
    tokenTriesPerMinute,
    provisionsPerCardPerHour: count({
      description: "Provisionings of one card number in an hour, over JSON and gRPC, on this node.",
      default: 5,
      minimum: 1,
      maximum: 1_000_000,
    }),
  }),
  migrate: migrateSettings({ framing, hostsPattern }),
  switchHttp: Type.Object({
    enabled: Type.Boolean({ description: "Open the switch's JSON API.", default: false }),
    host: Type.String({ description: "Address of the switch's JSON API.", default: loopback }),
    port: port("Port of the switch's JSON API; 0 takes a free one.", 8607),
    certificateFile: path("Our certificate with its chain, PEM; empty: plain, only on loopback."),
    privateKeyFile: secretFile({ description: "The certificate's key, PEM." }),
    clientCaFile: path("The authority that signs the callers' certificates, PEM."),
  }),
  administration: Type.Object({
    ...door("administration API, which opens where keysFile or clientCaFile is set", 8606)
      .properties,
    clientCaFile: path(
      "The authority that signs the users' certificates, PEM; empty: none is asked for.",
    ),
    insecure: Type.Boolean({
      description: "Allow it without TLS outside loopback. For trials only.",
      default: false,
    }),
    keysFile: secretFile({
      description:
        "Keys that sign access tokens, made by `pantun requestor keys`; empty: users come with " +
        "certificates only.",
    }),
    accessTokenSeconds,
    callsPerSecond: count({
      description: "Calls of one user in a second, on this node.",
      default: 50,
      minimum: 1,
      maximum: 10_000,
    }),
    tokenTriesPerMinute: count({
      description:
        "Requests for an access token from one address in a minute; a command of " +
        "`pantun admin` with a secret makes one.",
      default: 120,
      minimum: 1,
      maximum: 10_000,
    }),
  }),
  commands: Type.Object({
    enabled: Type.Boolean({
      description:
        "Take commands: one process of a vault runs its actors, the others hand theirs to it. " +
        "Without it tokens and cards can be read and paid with, and not changed.",
      default: true,
    }),
    issuerResumeClearsAll: Type.Boolean({
      description:
        "An issuer's resume of a suspended card lifts every suspension of its tokens, also those " +
        "by requestors, cardholders and fraud control. All nodes of a cluster need the same " +
        "value; `pantun card resume` on a vault that no service runs lifts the issuer's only.",
      default: false,
    }),
  }),
  nats: Type.Object({
    servers: Type.String({
      description: "nats://host:port or tls://host:port, commas between; for log.kind jetstream.",
      default: "",
      pattern: "^((nats|tls)://[^,\\s]+(,(nats|tls)://[^,\\s]+)*)?$",
    }),
    node: Type.String({
      description: "Name of this node, unique in the cluster; empty: the machine's name.",
      default: "",
      pattern: "^([a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?)?$",
    }),
    credentialsFile: secretFile({ description: "Credentials for NATS, as nsc writes them." }),
    caFile: path("The authority that signs the servers' certificates, PEM; empty: the system's."),
    certificateFile: path("Our certificate for NATS with its chain, PEM; empty for none."),
    privateKeyFile: secretFile({ description: "That certificate's key, PEM." }),
    replicas: count({
      description: "Servers that hold each stream: 3 or 5, or 1 for trials.",
      default: 3,
      minimum: 1,
      maximum: 5,
    }),
    placementTags: Type.String({
      description: "Only servers with these tags hold the streams, commas between; empty: any.",
      default: "",
    }),
    evtBytesMax: size({
      description: "Room for the events of one shard on the servers.",
      default: 8 * 2 ** 30,
      minimum: 2 ** 20,
      maximum: 2 ** 40,
    }),
    payBytesMax: size({
      description: "Room for the payments of one shard on the servers.",
      default: 8 * 2 ** 30,
      minimum: 2 ** 20,
      maximum: 2 ** 40,
    }),
  }),
  outbox: Type.Object({
    loopbackWebhooks: Type.Boolean({
      description: "Send webhooks to this machine too, without TLS. For trials only.",
      default: false,
    }),
  }),
  admin: Type.Object({
    host: Type.String({ description: "Address of metrics and health.", default: loopback }),
    port: port("Port of metrics and health over HTTP.", 9464),
    grpcPort: port("Port of gRPC health and reflection.", 8603),
  }),
});

export type Settings = Static<typeof settingsSchema>;
