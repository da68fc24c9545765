// The kinds of actors that this program runs. A new kind is a folder and one line here.
import type { Vault } from "../vault/mod.ts";
import { createFaceKind } from "./art/face-kind.ts";
import { createPictureKind } from "./art/picture-kind.ts";
import type { CardPolicy } from "./card/gather.ts";
import { createCardKind } from "./card/kind.ts";
import { createMigrationKind } from "./migration/kind.ts";
import { createOfficeKind } from "./office/kind.ts";
import { createProofKind } from "./proof/kind.ts";
import { type AnyKind, KindTable } from "./runtime/kinds.ts";
import type { Store } from "./store/port.ts";
import { createSubscriberKind } from "./subscriber/kind.ts";

/** What a kind is made of: the vault and its store, in which the fold's transactions run. */
export type MakeKind = (vault: Vault, store: Store) => AnyKind;

const makers: readonly MakeKind[] = [
  (vault, store) => createSubscriberKind(vault, store),
  (_, store) => createProofKind(store),
  (_, store) => createPictureKind(store),
  (_, store) => createFaceKind(store),
  (vault, store) => createOfficeKind(vault, store),
  (_, store) => createMigrationKind(store),
];

export interface KindsOptions {
  /** Kinds beside those of the program. */
  readonly more?: readonly MakeKind[];
  /** How cards are decided about; what was decided folds alike under any. */
  readonly policy?: Partial<CardPolicy>;
}

export function openKinds(vault: Vault, store: Store, options: KindsOptions = {}): KindTable {
  const { more = [], policy = {} } = options;
  const others = [...makers, ...more].map((make) => make(vault, store));
  return new KindTable([createCardKind(vault, { policy }), ...others]);
}
