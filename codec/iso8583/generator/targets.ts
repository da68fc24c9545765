// Which dialect goes to which generated file.
import type { Dialect } from "../dialect.ts";
import { dialectSpecs } from "../dialects/all.ts";
import { zooSpecs } from "../testdata/zoo.ts";

export interface Target {
  readonly dialect: Dialect;
  /** From codec/iso8583. */
  readonly path: string;
  /** From the file to the engine. */
  readonly base: string;
}

export const targets: readonly Target[] = [
  ...dialectSpecs.map((dialect) => ({ dialect, path: `gen/${dialect.name}.ts`, base: "../" })),
  ...zooSpecs.map((dialect) => ({
    dialect,
    path: `testdata/gen/${dialect.name}.ts`,
    base: "../../",
  })),
];
