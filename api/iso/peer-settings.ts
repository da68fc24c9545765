// How one peer wants its frames: the framing, and the addresses of messages that we begin.
import { type Framing, type HeadAddresses, ownHead, raw2 } from "../../codec/iso8583/mod.ts";
import type { Peer } from "../../hotpath/mod.ts";

export interface IsoPeerSettings {
  readonly framing: Framing;
  /** Of TPDU and BASE I headers. */
  readonly addresses?: HeadAddresses;
}

export interface LineSettings {
  readonly framing: Framing;
  /** Transport header and start bytes of the messages that we begin. */
  readonly head: Buffer;
}

/** Settings by peer name, each with the default's framing where it has none of its own. */
export class PeerLines {
  readonly #startBytes: Buffer;
  readonly #default: IsoPeerSettings;
  #byName: ReadonlyMap<string, IsoPeerSettings>;

  constructor(
    startBytes: string,
    byName: ReadonlyMap<string, IsoPeerSettings> = new Map(),
    fallback: IsoPeerSettings = { framing: raw2 },
  ) {
    this.#startBytes = Buffer.from(startBytes, "latin1");
    this.#byName = byName;
    this.#default = fallback;
  }

  /** Takes other settings for connections that begin from now on. */
  replace(byName: ReadonlyMap<string, IsoPeerSettings>): void {
    this.#byName = byName;
  }

  of(peer: Peer): LineSettings {
    const { framing, addresses } = this.#byName.get(peer.name) ?? this.#default;
    return { framing, head: Buffer.concat([ownHead(framing, addresses), this.#startBytes]) };
  }
}
