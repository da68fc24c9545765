// What doors and tools ask about card art: put a picture or a look into the log, read them here.
import { appError } from "../../platform/mod.ts";
import type { Vault } from "../../vault/mod.ts";
import { commandId, type DeskCall } from "../card/desk.ts";
import type { CommandPort } from "../handover/command-client.ts";
import type { Answer } from "../runtime/actor-kind.ts";
import { lmdbStore } from "../store/lmdb.ts";
import {
  artShard,
  assetIdOf,
  assetKey,
  type Face,
  faceKey,
  type Look,
  lookOf,
  pictureBytesMax,
  piecesOf,
} from "./art.ts";
import { ArtRows } from "./art-rows.ts";
import { faceCommands, faceKindNumber } from "./face-kind.ts";
import { pictureKindNumber, pieceCodec } from "./picture-kind.ts";

export interface ArtPorts {
  /** Opened by this thread; what a reply says is applied can be read here. */
  readonly vault: Vault;
  readonly commands: CommandPort;
  readonly clock: { monotonicMs(): number };
}

export interface FaceDone {
  readonly look: Look;
  readonly changed: boolean;
  readonly repeated: boolean;
}

export class ArtDesk {
  readonly #ports: ArtPorts;
  readonly #rows: ArtRows;

  constructor(ports: ArtPorts) {
    this.#ports = ports;
    this.#rows = new ArtRows(lmdbStore(ports.vault.env));
  }

  /** Stores a picture that was checked; the id is the same for the same bytes. */
  async store(picture: Buffer, deadlineMs: number): Promise<string> {
    if (picture.length === 0 || picture.length > pictureBytesMax) {
      throw appError("PAYLOAD_TOO_LARGE", "The picture takes more than a MiB.");
    }
    const assetId = assetIdOf(picture);
    const actor = assetKey(assetId)!;
    const pieces = piecesOf(picture);
    for (const [index, bytes] of pieces.entries()) {
      // Fresh ids: a piece that is there already is known by the picture's own key.
      const id = this.#ports.vault.random(16);
      const body = pieceCodec.encode({ index, count: pieces.length, bytes });
      await this.#submit({ id, kind: pictureKindNumber, actor, body, deadlineMs });
    }
    return assetId;
  }

  /** `onlyFirst`: keeps the look that is there, and answers it. */
  async putLook(
    call: DeskCall,
    issuerId: string,
    look: Look,
    onlyFirst = false,
  ): Promise<FaceDone> {
    const { answer, repeated } = await this.#submit({
      id: commandId(call.client, call.idempotencyKey),
      kind: faceKindNumber,
      actor: faceKey(issuerId),
      body: faceCommands.encode({ issuerId, look, onlyFirst }),
      deadlineMs: call.deadlineMs,
    });
    return { look: answer.look as Look, changed: answer.changed === true, repeated };
  }

  face(issuerId: string): Face | undefined {
    this.#ports.vault.freshRead();
    return this.#rows.faceOf(issuerId);
  }

  /** The look of cards whose numbers begin with a registered prefix. */
  look(issuerId: string, prefix: string): Look | undefined {
    return lookOf(this.face(issuerId), prefix);
  }

  /** ASSET_NOT_FOUND; on a node that is behind, until it has caught up. */
  picture(assetId: string): Buffer {
    this.#ports.vault.freshRead();
    const picture = this.#rows.picture(assetId);
    if (picture === undefined) throw appError("ASSET_NOT_FOUND", "There is no such picture.");
    return picture;
  }

  async #submit(command: {
    readonly id: Buffer;
    readonly kind: number;
    readonly actor: Buffer;
    readonly body: Buffer;
    readonly deadlineMs: number;
  }): Promise<{ readonly answer: Answer; readonly repeated: boolean }> {
    const { vault, commands, clock } = this.#ports;
    const { deadlineMs, ...envelope } = command;
    const reply = await commands.submit({
      ...envelope,
      shard: artShard(command.actor, vault.shards),
      timeoutMs: deadlineMs - clock.monotonicMs(),
    });
    if (!reply.ok) throw reply.error;
    return reply;
  }
}
