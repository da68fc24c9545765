import type { Dialect } from "../dialect.ts";
import { base24StyleSpec } from "./base24-style.ts";
import { iso87AsciiSpec } from "./iso87-ascii.ts";
import { iso87BcdSpec } from "./iso87-bcd.ts";
import { iso93AsciiSpec, iso93BcdSpec } from "./iso93.ts";
import { iso2003Spec } from "./iso2003.ts";
import { mcStyleSpec } from "./mc-style.ts";
import { mydebitSpec } from "./mydebit.ts";
import { postilionStyleSpec } from "./postilion-style.ts";
import { visaStyleSpec } from "./visa-style.ts";

/** Every dialect that has a generated file. */
export const dialectSpecs: readonly Dialect[] = [
  mydebitSpec,
  iso87AsciiSpec,
  iso87BcdSpec,
  iso93AsciiSpec,
  iso93BcdSpec,
  iso2003Spec,
  mcStyleSpec,
  visaStyleSpec,
  postilionStyleSpec,
  base24StyleSpec,
];
