/**
 * Gives names that stand for one thing each.
 * @param otherwise the name of what has none
 * @param where tells it from another of the same name, such as its group; without it a number does
 */
export type NameFor = (wanted: string, otherwise: string, where?: string) => string;

export function createNames(): NameFor {
  const taken = new Set<string>();
  return (wanted, otherwise, where = '') => {
    const given = cleanName(wanted) || otherwise;
    const base = taken.has(given) && where !== '' ? cleanName(`${given} (${where})`) : given;
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
