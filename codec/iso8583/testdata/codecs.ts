// Every codec that tests look at: the shipped dialects and the zoo.
import type { Codec } from "../codec.ts";
import { createCodec } from "../create.ts";
import { dialects } from "../mod.ts";
import { generated as zooAlways } from "./gen/zoo-always.ts";
import { generated as zooFixed } from "./gen/zoo-fixed.ts";
import { generated as zooLast } from "./gen/zoo-last.ts";
import { generated as zooSmall } from "./gen/zoo-small.ts";
import { generated as zooMain } from "./gen/zoo.ts";
import { zooAlwaysSpec, zooFixedSpec, zooLastSpec, zooSmallSpec, zooSpec } from "./zoo.ts";

export const zoo: Codec = createCodec(zooSpec, zooMain);

export const zooCodecs: readonly Codec[] = [
  zoo,
  createCodec(zooFixedSpec, zooFixed),
  createCodec(zooAlwaysSpec, zooAlways),
  createCodec(zooSmallSpec, zooSmall),
  createCodec(zooLastSpec, zooLast),
];

export const allCodecs: readonly Codec[] = [...Object.values(dialects), ...zooCodecs];
