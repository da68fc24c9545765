// Settings of `pantun migrate serve`.
import { type TSchema, Type } from "typebox";
import { count, duration, secretFile } from "../../platform/mod.ts";
import { accessTokenSeconds, tokenTriesPerMinute } from "./access-token-settings.ts";

const port = (description: string, fallback: number) =>
  count({ description, default: fallback, minimum: 0, maximum: 65_535 });

interface Shared<Framing extends TSchema> {
  readonly framing: Framing;
  readonly hostsPattern: string;
}

const path = (description: string) => Type.String({ description, default: "" });

/** The door of migrations over JSON. None of its keys may be another door's. */
const api = Type.Object({
  host: Type.String({ description: "Address of the migrations' JSON API.", default: "127.0.0.1" }),
  port: port("Port of the migrations' JSON API, which opens where keysFile is set.", 8609),
  keysFile: secretFile({
    description:
      "Our keys of that door, made by `pantun requestor keys`, none of them one of " +
      "http.keysFile; empty: it stays shut.",
  }),
  certificateFile: path("Our certificate with its chain, PEM; empty for no TLS."),
  privateKeyFile: secretFile({ description: "The certificate's key, PEM." }),
  clientCaFile: path(
    "The authority that signs the clients' certificates, PEM; empty: none is asked for.",
  ),
  insecure: Type.Boolean({
    description: "Allow it without TLS outside loopback. Token numbers then travel in clear.",
    default: false,
  }),
  accessTokenSeconds,
  callsPerSecond: count({
    description: "Calls of one client in a second.",
    default: 50,
    minimum: 1,
    maximum: 100_000,
  }),
  tokenTriesPerMinute,
  cardLimitMs: duration("ms", {
    description: "How long a call with one card waits for what comes of it.",
    default: 25_000,
    minimum: 100,
    maximum: 120_000,
  }),
});

export const migrateSettings = <Framing extends TSchema>(shared: Shared<Framing>) =>
  Type.Object({
    folder: Type.String({
      description: "Folder of uploads and results; empty: migration in the vault's folder.",
      default: "",
    }),
    host: Type.String({ description: "Address of the SFTP server.", default: "127.0.0.1" }),
    port: port("Port of the SFTP server; 0 takes a free one.", 8622),
    hostKeyFile: secretFile({
      description:
        "Our Ed25519 host key, made by `pantun migrate keys`; empty: there is no SFTP server.",
    }),
    pgpKeyFile: secretFile({
      description: "Our OpenPGP key that uploads are encrypted to, made by `pantun migrate keys`.",
    }),
    to: Type.String({
      description:
        "Hosts that pre-authorisations go to, host:port, the primary first, commas between.",
      default: "",
      pattern: shared.hostsPattern,
    }),
    name: Type.String({
      description: "Name of that host in logs, and the label of its MAC key.",
      default: "issuers",
      pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
    }),
    framing: { ...shared.framing, description: "How messages to that host are laid out." },
    mac: Type.Boolean({
      description: "Messages to that host and its answers carry a MAC (DE128).",
      default: true,
    }),
    connections: count({
      description: "Sessions that are kept with it.",
      default: 2,
      minimum: 1,
      maximum: 16,
    }),
    timeoutMs: duration("ms", {
      description: "How long it may take to answer; then the message is sent once more.",
      default: 10_000,
      minimum: 100,
      maximum: 60_000,
    }),
    insecure: Type.Boolean({
      description: "Allow it without TLS outside loopback. Card numbers then travel in clear.",
      default: false,
    }),
    acquirerId: Type.String({
      description: "DE32 of pre-authorisations.",
      default: "999999",
      pattern: "^[0-9]{1,11}$",
    }),
    merchantId: Type.String({
      description: "DE42 of pre-authorisations.",
      default: "PANTUNMIGRATION",
      pattern: "^[ -~]{1,15}$",
    }),
    perIssuerPerSecond: count({
      description: "Pre-authorisations of one issuer's cards in a second; 0: no limit.",
      default: 200,
      minimum: 0,
      maximum: 1_000_000,
    }),
    keepDays: count({
      description: "Days that results are kept for the same rows uploaded again, and statuses.",
      default: 30,
      minimum: 1,
      maximum: 3_650,
    }),
    api,
    adminPort: port("Port of metrics and health of this program.", 9465),
  });
