// Access control servers of issuers: where 3-D Secure goes for a card, and the key that the
// administrator registered for it, to which alone a card number leaves through the directory.
import type { ClearPAN } from "../../codec/pan/mod.ts";
import { type EncryptionKey, loadEncryptionKey } from "./client-keys.ts";
import { sealPan } from "./encrypted-card.ts";

export interface AcsParty {
  readonly issuerId: string;
  /** What the directory server routes by. */
  readonly routingKey: string;
  /** JWK set with a key for encryption. */
  readonly keysFile: string;
}

interface Acs {
  readonly routingKey: string;
  readonly key: EncryptionKey;
}

export class AcsKeys {
  #byIssuer: ReadonlyMap<string, Acs>;

  /** Errors: FILE_UNREADABLE, CONFIG_INVALID. */
  constructor(parties: readonly AcsParty[] = []) {
    this.#byIssuer = load(parties);
  }

  /** Reads the files first: where that fails nothing changes. */
  replace(parties: readonly AcsParty[]): void {
    this.#byIssuer = load(parties);
  }

  find(issuerId: string): Acs | undefined {
    return this.#byIssuer.get(issuerId);
  }

  /** Compact JWE over {"pan"}; "" where the issuer has no key any more. */
  async seal(issuerId: string, pan: ClearPAN): Promise<string> {
    const acs = this.#byIssuer.get(issuerId);
    if (acs === undefined) return "";
    const digits = Buffer.alloc(pan.length);
    pan.copyTo(digits, 0);
    try {
      return await sealPan(digits, acs.key);
    } finally {
      digits.fill(0);
    }
  }
}

function load(parties: readonly AcsParty[]): ReadonlyMap<string, Acs> {
  return new Map(
    parties.map(({ issuerId, routingKey, keysFile }) => {
      return [issuerId, { routingKey, key: loadEncryptionKey(keysFile) }];
    }),
  );
}
