// Card art over gRPC: issuers bring pictures or colours, requestors fetch the pictures.
import type { DeskCall, Look } from "../../actors/mod.ts";
import type { CardArt as CardArtWire, issuer } from "../../proto/mod.ts";
import type { CardArt } from "../art/mod.ts";
import { FieldCheck } from "./card-checks.ts";

export function wireArt(look: Look | undefined): CardArtWire | undefined {
  if (look === undefined) return undefined;
  const { assetId, altText, background, foreground, isGeneric } = look;
  return { assetId, altText, background, foreground, isGeneric };
}

export async function putCardArt(
  art: CardArt,
  issuerId: string,
  request: issuer.PutCardArtRequest,
  callOf: (idempotencyKey: string) => DeskCall,
): Promise<issuer.PutCardArtResponse> {
  const check = new FieldCheck();
  const idempotencyKey = check.idempotencyKey(request.idempotencyKey);
  const { prefix, picture, altText, background, foreground } = request;
  if (!/^([0-9]{6,12})?$/.test(prefix)) check.refuse("prefix", "6 to 12 digits or none");
  check.done();
  const { look, changed, repeated } = await art.put(callOf(idempotencyKey), issuerId, {
    prefix,
    picture: picture.length === 0 ? undefined : picture,
    altText,
    background: background || undefined,
    foreground: foreground || undefined,
  });
  return { changed, art: wireArt(look), repeated };
}

export function listCardArt(art: CardArt, issuerId: string): issuer.ListCardArtResponse {
  const looks = art.face(issuerId)?.looks ?? [];
  return { looks: looks.map((look) => ({ prefix: look.prefix, art: wireArt(look) })) };
}
