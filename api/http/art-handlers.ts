// Pictures of cards for requestors, and what an answer says of one.
import type { Look } from "../../actors/mod.ts";
import type { CardArt } from "../art/mod.ts";
import type { Answer, Call, Handlers } from "./call.ts";

/** A year, the most that RFC 9111 knows what to do with; the content of an id never changes. */
const cacheControl = "private, max-age=31536000, immutable";

export interface ArtHandlerPorts {
  readonly art: CardArt;
}

export function artHandlers({ art }: ArtHandlerPorts): Pick<Handlers, "getAsset"> {
  return { getAsset: async (call) => asset(art, call) };
}

function asset(art: CardArt, { params, ifNoneMatch }: Call<"getAsset">): Answer<"getAsset"> {
  const { assetId = "" } = params;
  const picture = art.picture(assetId);
  const etag = `"${assetId}"`;
  const headers = { "cache-control": cacheControl, etag };
  if (isAmong(etag, ifNoneMatch)) return { status: 304, body: "", headers };
  return { status: 200, body: picture, headers: { ...headers, "content-type": "image/png" } };
}

/** RFC 9110, 13.1.2: a list of tags, weak ones compared by their text, or any. */
function isAmong(etag: string, header: string | undefined): boolean {
  const tags = (header ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

export function shownArt({ assetId, altText, foreground, background, isGeneric }: Look) {
  return { assetId, altText, foreground, background, isGeneric };
}
