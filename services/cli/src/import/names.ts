/** Names that are names of one thing: a second of the same gets a number. */
export function createNames(): (wanted: string, otherwise: string) => string {
  const taken = new Set<string>();
  return (wanted, otherwise) => {
    const base = cleanName(wanted) || otherwise;
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base.slice(0, 245)} (${count})`;
    taken.add(name);
    return name;
  };
}

const cleanName = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 255)
    .trim();

/** What tags may be: short, each once, not too many. */
export const cleanTags = (tags: readonly string[]): string[] =>
  [...new Set(tags.map((tag) => tag.trim().slice(0, 50).trim()).filter((tag) => tag !== ''))].slice(0, 20);
