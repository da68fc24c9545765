import type { DecodedMessage, DecodedValue } from "./codec.ts";
import type { Dialect } from "./dialect.ts";

const nameWidth = 34;

function line(label: string, value: DecodedValue): string {
  const name = value.name.length < nameWidth ? value.name.padEnd(nameWidth, ".") : value.name;
  return `${label.padEnd(7)}${name} [${value.length}] ${value.value}`;
}

/** A line an element and a line a part, from the document form, which is masked already. */
export function describeDocument(dialect: Dialect, document: DecodedMessage): string[] {
  const use = dialect.messages.find((message) => message.mtis.includes(document.mti ?? ""))?.use;
  const lines = [`${document.mti ?? "----"}   ${use ?? dialect.title}`];
  if (document.header !== undefined) {
    lines.push(`header ${document.header}`);
  }
  if (document.bitmap !== null) {
    lines.push(`bitmap ${document.bitmap}`);
  }
  for (const [de, field] of Object.entries(document.fields)) {
    lines.push(line(de, field));
    for (const [tag, value] of Object.entries(field.tags ?? {})) {
      lines.push(line(`  .${tag}`, value));
    }
    for (const [part, value] of Object.entries(field.fields ?? {})) {
      lines.push(line(`  .${part}`, value));
    }
  }
  if (document.error !== undefined) {
    const { code, path, offset, message } = document.error;
    const where = path === "" ? "" : ` in element ${path}`;
    lines.push(`error  ${code}${where} at offset ${offset}: ${message}`);
  }
  return lines;
}
