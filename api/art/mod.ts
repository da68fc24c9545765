// Card art: pictures of cards, from issuers to requestors.
//
// It promises: an asset id never means another picture; what is served was decoded and encoded by
// us, 1536 x 969 PNG of at most a MiB; every issuer's cards have a picture, and text in the colours
// that go with it can be read (WCAG 2.2 AA); a picture is on every node and in every backup.
//
// It never reads another format than PNG, never unpacks more pixels than it has looked at first,
// and never passes bytes on that somebody sent.
export { CardArt, type LookDone, type LookRequest } from "./card-art.ts";
export { colourOf, contrast, contrastMin, foregroundOn } from "./colours.ts";
export { pictureHeight, pictureWidth, uploadBytesMax } from "./picture.ts";
