// A first dialect file: everything that is usual comes from the dialect beneath, and three elements
// show how to say what differs.
import type { Dialect } from "../dialect.ts";

/** Text of a dialect file to begin with. */
export function starterDialect(name: string, beneath: Dialect): string {
  const ascii = beneath.mti.encoding === "ascii";
  const elements = {
    "42": { name: "merchant number", format: "ans 15", sensitivity: "text" },
    "48": {
      name: "additional data",
      format: "ans...999",
      composite: {
        kind: "tag-list",
        tagDigits: 2,
        lengthDigits: 3,
        tags: { "01": { name: "channel", content: "an", max: 10, sensitivity: "open" } },
      },
    },
    "127": null,
  };
  const own = ascii ? elements : { "127": null };
  const file = {
    name,
    title: `${name}, after ${beneath.name}`,
    extends: beneath.name,
    elements: own,
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}
