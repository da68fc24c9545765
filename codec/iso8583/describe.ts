import type { DecodedField, DecodedMessage } from "./codec.ts";
import type { Dialect } from "./dialect.ts";

const nameWidth = 34;

function line(label: string, depth: number, value: DecodedField): string {
  const name = value.name.length < nameWidth ? value.name.padEnd(nameWidth, ".") : value.name;
  const indent = "  ".repeat(depth);
  const meaning = value.meaning === undefined ? "" : `  (${value.meaning})`;
  return `${`${indent + label} `.padEnd(7)}${name} [${value.length}] ${value.value}${meaning}`;
}

function lines(label: string, depth: number, field: DecodedField): string[] {
  const out = [line(label, depth, field)];
  for (const tag of field.tags ?? []) {
    out.push(...lines(`.${tag.tag}`, depth + 1, tag));
  }
  for (const [part, value] of Object.entries(field.fields ?? {})) {
    out.push(...lines(`.${part}`, depth + 1, value));
  }
  return out;
}

/** A line an element and a line a part, from the document form, which is masked already. */
export function describeDocument(dialect: Dialect, document: DecodedMessage): string[] {
  const use = dialect.messages.find((message) => message.mtis.includes(document.mti ?? ""))?.use;
  const out = [`${document.mti ?? "----"}   ${use ?? dialect.title}`];
  if (document.header !== undefined) {
    out.push(`header ${document.header}`);
  }
  if (document.bitmap !== null) {
    out.push(`bitmap ${document.bitmap}`);
  }
  for (const [de, field] of Object.entries(document.fields)) {
    out.push(...lines(de, 0, field));
  }
  if (document.error !== undefined) {
    const { code, path, offset, message } = document.error;
    const where = path === "" ? "" : ` in element ${path}`;
    out.push(`error  ${code}${where} at offset ${offset}: ${message}`);
  }
  return out;
}
