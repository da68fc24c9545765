// Card art for the doors: takes pictures and colours from issuers, and tells requestors what the
// cards of an issuer look like, drawing a picture where it brought none.
import { ArtDesk, type ArtPorts, type DeskCall, type Face, type Look } from "../../actors/mod.ts";
import { appError, type Logger } from "../../platform/mod.ts";
import type { BinRange, Issuer } from "../../vault/mod.ts";
import { colourOf, defaultBackground, foregroundOn } from "./colours.ts";
import { drawGeneric } from "./generic.ts";
import { checkedPicture } from "./picture.ts";

export interface LookRequest {
  /** Prefix of one of the issuer's BIN ranges; "" for all its cards. */
  readonly prefix: string;
  /** PNG; undefined to have one drawn. */
  readonly picture: Buffer | undefined;
  /** "" for one of ours. */
  readonly altText: string;
  /** RRGGBB, "#" before it if wanted; undefined for ours. */
  readonly background: string | undefined;
  readonly foreground: string | undefined;
}

export interface LookDone {
  readonly look: Look;
  readonly changed: boolean;
  readonly repeated: boolean;
}

const altTextMax = 128;
const productName = "DEBIT";

export class CardArt {
  readonly #ports: ArtPorts;
  readonly #desk: ArtDesk;
  /** Issuers whose picture is being drawn: many provisionings may ask at once. */
  readonly #drawing = new Map<string, Promise<Look>>();

  constructor(ports: ArtPorts) {
    this.#ports = ports;
    this.#desk = new ArtDesk(ports);
  }

  /**
   * How an issuer's cards look from now on. PICTURE_REFUSED, PAYLOAD_TOO_LARGE, INVALID_FIELD,
   * PAN_NOT_OWNED for a prefix that is not one of its ranges.
   */
  async put(call: DeskCall, issuerId: string, request: LookRequest): Promise<LookDone> {
    const { prefix, altText, picture } = request;
    const issuer = this.#issuer(issuerId, prefix);
    if (!/^[^\p{Cc}]*$/u.test(altText) || altText.length > altTextMax) {
      throw appError("INVALID_FIELD", `alt_text: at most ${altTextMax} characters, no controls`);
    }
    const background = colourOf(request.background ?? defaultBackground, "background");
    const wanted = request.foreground && colourOf(request.foreground, "foreground");
    const foreground = foregroundOn(background, wanted || undefined);
    const png =
      picture === undefined
        ? await drawGeneric({ name: issuer.name, product: productName, background, foreground })
        : await checkedPicture(picture);
    const assetId = await this.#desk.store(png, call.deadlineMs);
    const look: Look = {
      prefix,
      assetId,
      altText: altText === "" ? `Card of ${issuer.name}` : altText,
      background,
      foreground,
      isGeneric: picture === undefined,
    };
    return this.#desk.putLook(call, issuerId, look);
  }

  face(issuerId: string): Face | undefined {
    return this.#desk.face(issuerId);
  }

  /** What a card of this range looks like. */
  async lookOf({ issuer, prefix }: BinRange, deadlineMs: number): Promise<Look> {
    const known = this.#desk.look(issuer.id, prefix);
    if (known !== undefined) return known;
    const drawing = this.#drawing.get(issuer.id) ?? this.#drawFirst(issuer, deadlineMs);
    this.#drawing.set(issuer.id, drawing);
    try {
      return await drawing;
    } finally {
      this.#drawing.delete(issuer.id);
    }
  }

  /** For answers about a card that must not fail for its picture. */
  async lookOrNone(
    range: BinRange | undefined,
    deadlineMs: number,
    log: Logger,
  ): Promise<Look | undefined> {
    if (range === undefined) return undefined;
    try {
      return await this.lookOf(range, deadlineMs);
    } catch (err) {
      log.warn({ event: "art.missing", issuer: range.issuer.id, err }, "no card art could be told");
      return undefined;
    }
  }

  /** ASSET_NOT_FOUND. */
  picture(assetId: string): Buffer {
    return this.#desk.picture(assetId);
  }

  /** Two nodes may do this at once: the one whose look comes first into the log wins. */
  async #drawFirst({ id, name }: Issuer, deadlineMs: number): Promise<Look> {
    const background = defaultBackground;
    const foreground = foregroundOn(background, undefined);
    const png = await drawGeneric({ name, product: productName, background, foreground });
    const assetId = await this.#desk.store(png, deadlineMs);
    const altText = `Card of ${name}`;
    const look = { prefix: "", assetId, altText, background, foreground, isGeneric: true };
    const idempotencyKey = this.#ports.vault.random(16).toString("hex");
    const call = { client: "card art", idempotencyKey, deadlineMs };
    return (await this.#desk.putLook(call, id, look, true)).look;
  }

  #issuer(issuerId: string, prefix: string): Issuer {
    const { vault } = this.#ports;
    vault.freshRead();
    const registry = vault.registry();
    const issuer = registry.findIssuer(issuerId);
    if (issuer === undefined) throw appError("INVALID_FIELD", "issuer_id: there is no such issuer");
    const owns = registry.ranges.some(
      (range) => range?.prefix === prefix && range.issuer.id === issuerId,
    );
    if (prefix !== "" && !owns) {
      throw appError("PAN_NOT_OWNED", "The prefix is none of the issuer's BIN ranges.");
    }
    return issuer;
  }
}
