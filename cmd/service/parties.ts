// Who may call: switches and directory servers with their peers, and token requestors. One JSON
// file, checked by one schema, turned into the tables that the doors and the pipeline take.
import { readFileSync } from "node:fs";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { IssuerCaller, RequestorCaller, SwitchCaller } from "../../api/grpc/mod.ts";
import {
  type ClientParty,
  issuerScopes,
  migrationScopes,
  type Scope,
  scopes,
} from "../../api/http/mod.ts";
import type { CallOut, IsoPeerSettings, IsoPeers } from "../../api/iso/mod.ts";
import type { AcsParty } from "../../api/switch/mod.ts";
import { framings, type HeadAddresses } from "../../codec/iso8583/mod.ts";
import { type Peer, peerTag } from "../../hotpath/mod.ts";
import { appError } from "../../platform/mod.ts";
import { doorCode } from "../../vault/mod.ts";
import { type MigrationParty, migrationsOf } from "./migration-parties.ts";

const closed = { additionalProperties: false } as const;
const name = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" });
const identities = Type.Array(Type.String({ pattern: "^(URI|DNS):.+$" }), { default: [] });

/** Addresses of plain ISO 8583 connections; for loopback and test networks. */
const addresses = Type.Array(Type.String(), { default: [] });
/** DE128 on ISO 8583: "required" and "none" say what they say; over gRPC it is optional. */
const mac = Type.Union([Type.Literal("required"), Type.Literal("none")], { default: "required" });
/** Layout of its frames; the setting iso.framing where it is left out. */
const framing = Type.Unsafe<string>(
  Type.Union(Object.keys(framings).map((one) => Type.Literal(one))),
);

/** A client of the JSON API, with the scopes that its kind may have. */
const httpAccess = <S extends Scope>(all: readonly S[]) =>
  Type.Object(
    {
      clientId: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" }),
      /** Hashes of its secrets, lines of `pantun requestor secret` or `pantun issuer secret`. */
      secretFile: Type.String({ minLength: 1 }),
      /** Its public keys, a JWK set. */
      keysFile: Type.String({ minLength: 1 }),
      scopes: Type.Array(Type.Unsafe<S>(Type.Union(all.map((one) => Type.Literal(one)))), {
        default: [...all],
      }),
    },
    closed,
  );

export const partiesSchema = Type.Object(
  {
    switches: Type.Array(
      Type.Object(
        {
          name,
          /** Names in the client certificate, "DNS:…" or "URI:…". */
          identities,
          addresses,
          roles: Type.Array(
            Type.Union([Type.Literal("switch"), Type.Literal("directory-server")]),
            { default: ["switch"] },
          ),
          mac,
          framing: Type.Optional(framing),
          /** Digits of TPDU or BASE I addresses, in messages that we begin. */
          stations: Type.Optional(
            Type.Object(
              {
                destination: Type.String({ pattern: "^[0-9]{1,6}$" }),
                source: Type.String({ pattern: "^[0-9]{1,6}$" }),
              },
              closed,
            ),
          ),
          /**
           * File with the zone master key in hex: the peer may then change its MAC key (0800 161).
           */
          zoneKeyFile: Type.Optional(Type.String({ minLength: 1 })),
          /** Access to the JSON API: a JWK set with the key that card numbers are encrypted to. */
          http: Type.Optional(
            Type.Object({ keysFile: Type.Optional(Type.String({ minLength: 1 })) }, closed),
          ),
          /** Where the peer waits to be called: the primary first, then its backups. */
          callOut: Type.Optional(
            Type.Object(
              {
                hosts: Type.Array(Type.String({ pattern: "^[^:]+:[0-9]{1,5}$" }), { minItems: 1 }),
                connections: Type.Integer({ minimum: 1, maximum: 16, default: 1 }),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
      { default: [] },
    ),
    requestors: Type.Array(
      Type.Object(
        {
          name,
          identities,
          trids: Type.Array(Type.String({ pattern: "^[0-9]{11}$" })),
          /** Access to the JSON API. */
          http: Type.Optional(httpAccess(scopes)),
          /** Migration of stored cards: over SFTP, where the user's name is the TRID, or JSON. */
          migration: Type.Optional(
            Type.Object(
              {
                /** Public keys that may log in, as in authorized_keys. */
                keysFile: Type.Optional(Type.String({ minLength: 1 })),
                /** OpenPGP key that results are encrypted to, armoured. */
                pgpKeyFile: Type.Optional(Type.String({ minLength: 1 })),
                /** Access to the migrations' JSON API, with a secret and keys of its own. */
                api: Type.Optional(httpAccess(migrationScopes)),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
      { default: [] },
    ),
    /** Clients of card issuers; each speaks for one issuer of the registry. */
    issuers: Type.Array(
      Type.Object(
        {
          name,
          identities,
          issuerId: Type.String({ pattern: "^[A-Za-z0-9]{1,8}$" }),
          /** Its access control server, for 3-D Secure. */
          acs: Type.Optional(
            Type.Object(
              {
                routingKey: Type.String({ minLength: 1 }),
                keysFile: Type.String({ minLength: 1 }),
              },
              closed,
            ),
          ),
          /** Access to the JSON API. */
          http: Type.Optional(httpAccess(issuerScopes)),
          /** File actions over ISO 8583 (0302), under the same names as over gRPC. */
          iso: Type.Optional(
            Type.Object({ addresses, mac, framing: Type.Optional(framing) }, closed),
          ),
        },
        closed,
      ),
      { default: [] },
    ),
    /** Who a caller without a certificate is; only doors without TLS ask. */
    plain: Type.Object(
      {
        switch: Type.Optional(name),
        requestor: Type.Optional(name),
        issuer: Type.Optional(name),
      },
      { ...closed, default: {} },
    ),
  },
  closed,
);

export type PartiesFile = Static<typeof partiesSchema>;

export interface Parties {
  /**
   * Every peer at the place of its id, those of earlier files included; a switch, or an issuer with
   * ISO 8583, has one over ISO 8583 and one over gRPC, the one after the other.
   */
  readonly peers: readonly Peer[];
  readonly iso: IsoPeers;
  /** By peer name, of those that name a framing or addresses. */
  readonly lines: ReadonlyMap<string, PartyLine>;
  readonly callOuts: readonly CallOut[];
  /** Files of zone master keys by peer name. */
  readonly zoneKeyFiles: ReadonlyMap<string, string>;
  readonly switches: readonly SwitchCaller[];
  readonly requestors: readonly RequestorCaller[];
  /** Switches that may use the JSON API; "" where no key is named. */
  readonly httpSwitches: readonly { readonly caller: SwitchCaller; readonly keysFile: string }[];
  readonly acs: readonly AcsParty[];
  readonly issuers: readonly IssuerCaller[];
  /** Requestors and issuers that may use the JSON API. */
  readonly httpClients: readonly ClientParty[];
  /** Requestors that may migrate cards. */
  readonly migrations: readonly MigrationParty[];
  readonly plainSwitch: string | null;
  readonly plainRequestor: string | null;
  readonly plainIssuer: string | null;
}

/** Framing null: the one of the settings. */
export interface PartyLine {
  readonly framing: string | null;
  readonly addresses?: HeadAddresses;
}

/** The door's settings of each peer, `fallback` being the framing of those that name none. */
export function linesOf(parties: Parties, fallback: string): ReadonlyMap<string, IsoPeerSettings> {
  const lines = new Map<string, IsoPeerSettings>();
  for (const [name, line] of parties.lines) {
    const framing = framings[line.framing ?? fallback];
    if (framing === undefined) throw new Error("the schema let an unknown framing pass");
    lines.set(name, { ...line, framing });
  }
  return lines;
}

/** `known`: peers that keep their ids. Errors: FILE_UNREADABLE, CONFIG_INVALID. */
export function loadParties(path: string, known: readonly Peer[] = []): Parties {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw appError("FILE_UNREADABLE", `The parties file ${path} cannot be read.`, { cause });
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw appError("CONFIG_INVALID", `The parties file ${path} is not JSON.`, { cause });
  }
  return partiesOf(content, path, known);
}

export function partiesOf(content: unknown, where: string, known: readonly Peer[] = []): Parties {
  const file = Value.Default(partiesSchema, content);
  if (!Value.Check(partiesSchema, file)) {
    const [fault] = Value.Errors(partiesSchema, file);
    const place = fault?.instancePath === "" ? "its top" : (fault?.instancePath ?? "?");
    throw appError("CONFIG_INVALID", `${where}: ${place} ${fault?.message ?? "is wrong"}.`);
  }
  const peers: Peer[] = [...known];
  const byIdentity = new Map<string, Peer>();
  const byAddress = new Map<string, Peer>();
  let plainDefault: Peer | null = null;
  const lines = new Map<string, PartyLine>();
  const callOuts: CallOut[] = [];
  const zoneKeyFiles = new Map<string, string>();
  const jsonPeers: Peer[] = [];
  const switches = file.switches.map((party): SwitchCaller => {
    const macLabel = party.mac === "none" ? null : party.name;
    const [iso, grpc, json] = peersOf(peers, party.name, macLabel);
    jsonPeers.push(json);
    for (const identity of party.identities) byIdentity.set(identity, iso);
    for (const address of party.addresses) byAddress.set(address, iso);
    if (party.name === file.plain.switch) plainDefault = iso;
    const { stations, callOut } = party;
    if (party.framing !== undefined || stations !== undefined) {
      const own = stations === undefined ? {} : { addresses: stations };
      lines.set(party.name, { framing: party.framing ?? null, ...own });
    }
    if (party.zoneKeyFile !== undefined) zoneKeyFiles.set(party.name, party.zoneKeyFile);
    if (callOut !== undefined) {
      callOuts.push({ ...callOut, peer: iso, hosts: callOut.hosts.map(hostOf) });
    }
    const { roles } = party;
    return { kind: "switch", name: party.name, identities: party.identities, roles, peer: grpc };
  });
  checkPlain(file, where);
  for (const { iso, ...party } of file.issuers) {
    if (iso === undefined) continue;
    const { name: issuer, issuerId } = party;
    const [peer] = peersOf(peers, issuer, iso.mac === "none" ? null : issuer, issuerId);
    const taken =
      file.switches.some((other) => other.name === issuer) ||
      party.identities.some((identity) => byIdentity.has(identity)) ||
      iso.addresses.some((address) => byAddress.has(address));
    if (taken) {
      const text = `${where}: the issuer ${issuer} has a name or address of another ISO 8583 peer.`;
      throw appError("CONFIG_INVALID", text);
    }
    for (const identity of party.identities) byIdentity.set(identity, peer);
    for (const address of iso.addresses) byAddress.set(address, peer);
    if (iso.framing !== undefined) lines.set(issuer, { framing: iso.framing });
  }
  return {
    peers,
    iso: { byIdentity, byAddress, plainDefault },
    lines,
    callOuts,
    zoneKeyFiles,
    switches,
    requestors: file.requestors.map(({ name: requestor, identities: names, trids }) => {
      return { kind: "requestor", name: requestor, identities: names, trids };
    }),
    migrations: migrationsOf(file, where),
    httpSwitches: file.switches.flatMap(({ http }, at) => {
      const caller = { ...(switches[at] as SwitchCaller), peer: jsonPeers[at] as Peer };
      return http === undefined ? [] : [{ caller, keysFile: http.keysFile ?? "" }];
    }),
    acs: file.issuers.flatMap(({ issuerId, acs }) =>
      acs === undefined ? [] : [{ issuerId, ...acs }],
    ),
    httpClients: [
      ...file.requestors.map(({ migration: _, ...party }) => party),
      ...file.issuers.map(({ acs: _, iso: __, ...party }) => ({ ...party, trids: [] })),
    ].flatMap(({ http, ...party }) => (http === undefined ? [] : [{ ...party, http }])),
    issuers: file.issuers.map(({ acs: _, http: __, iso: ___, ...party }) => {
      return { kind: "issuer", ...party };
    }),
    plainSwitch: file.plain.switch ?? null,
    plainRequestor: file.plain.requestor ?? null,
    plainIssuer: file.plain.issuer ?? null,
  };
}

type Peers = readonly [iso: Peer, grpc: Peer, json: Peer];
const doorsOfPeer = 3;

/**
 * The peers of a switch, one a door: those that are known with the same MAC, or new ones at the
 * end. Of an issuer's only the one over ISO 8583 is of use.
 */
function peersOf(peers: Peer[], name: string, macLabel: string | null, issuerId?: string): Peers {
  for (let id = 0; id + doorsOfPeer <= peers.length; id += doorsOfPeer) {
    const found = peers.slice(id, id + doorsOfPeer) as unknown as Peers;
    const [iso] = found;
    const same = iso.name === name && iso.macLabel === macLabel && iso.issuerId === issuerId;
    if (same) return found;
  }
  const id = peers.length;
  const issuer = issuerId === undefined ? {} : { issuerId };
  const known = { tag: peerTag(name), name, macLabel, ...issuer };
  const iso = { ...known, id, macRequired: macLabel !== null, door: doorCode.iso8583 };
  const grpc = { ...known, id: id + 1, macRequired: false, door: doorCode.grpc };
  const json = { ...grpc, id: id + 2, door: doorCode.json };
  peers.push(iso, grpc, json);
  return [iso, grpc, json];
}

function hostOf(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(":");
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
}

function checkPlain({ plain, switches, requestors, issuers }: PartiesFile, where: string): void {
  const isNamed = (name: string | undefined, parties: readonly { readonly name: string }[]) =>
    name === undefined || parties.some((party) => party.name === name);
  const wrong =
    !isNamed(plain.switch, switches) ||
    !isNamed(plain.requestor, requestors) ||
    !isNamed(plain.issuer, issuers);
  if (wrong) throw appError("CONFIG_INVALID", `${where}: "plain" names nobody of the file.`);
}
