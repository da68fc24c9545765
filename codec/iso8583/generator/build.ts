// A dialect as one file of its own: the generated scanner, the data, and the codec of both.
import type { Dialect } from "../dialect.ts";
import { generate } from "./generate.ts";

/** TypeScript of a codec that imports the engine from `base`, which ends with a slash. */
export function buildDialect(dialect: Dialect, base: string): string {
  const code = generate(dialect, base);
  const [notice, ...rest] = code.split("\n");
  return [
    notice!.replace("codec/iso8583/generator/main.ts", "pantun iso dialect build"),
    `import { createCodec } from "${base}create.ts";`,
    `import type { Codec } from "${base}codec.ts";`,
    `import type { Dialect } from "${base}dialect.ts";`,
    ...rest,
    `export const spec: Dialect = ${JSON.stringify(dialect, null, 2)};`,
    "",
    "export const codec: Codec = createCodec(spec, generated);",
    "",
  ].join("\n");
}
