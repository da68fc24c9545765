// DE120 as text: tag in two digits, length in three, value.

const headChars = 5;
const headForm = /^([0-9]{2})([0-9]{3})$/;

/** By tag; of what is not such a list, as much as could be read. */
export function tokenTags(text: string): Readonly<Record<string, string>> {
  const tags: Record<string, string> = {};
  for (let at = 0; at + headChars <= text.length; ) {
    const [, tag = "", length = ""] = headForm.exec(text.slice(at, at + headChars)) ?? [];
    const end = at + headChars + Number(length);
    if (tag === "" || end > text.length) break;
    tags[tag] = text.slice(at + headChars, end);
    at = end;
  }
  return tags;
}
