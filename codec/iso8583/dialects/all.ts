import type { Dialect } from "../dialect.ts";
import { iso87AsciiSpec } from "./iso87-ascii.ts";
import { mydebitSpec } from "./mydebit.ts";

/** Every dialect that has a generated file. */
export const dialectSpecs: readonly Dialect[] = [mydebitSpec, iso87AsciiSpec];
