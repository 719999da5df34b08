/** `200`, `200-299` or `2xx` */
const PART = /^(?:(\d{3})(?:-(\d{3}))?|([1-5])xx)$/i;

/** Reads a list such as `2xx, 301, 400-404`; undefined when it is not one. */
export function parseStatusCodes(text: string): ((status: number) => boolean) | undefined {
  const ranges: (readonly [from: number, to: number])[] = [];
  for (const part of text.split(',')) {
    const match = PART.exec(part.trim());
    if (match === null) return undefined;
    const [, single, last, hundred] = match;
    const from = hundred === undefined ? Number(single) : Number(hundred) * 100;
    const to = hundred === undefined ? Number(last ?? single) : from + 99;
    if (from < 100 || to > 599 || from > to) return undefined;
    ranges.push([from, to]);
  }
  return (status) => ranges.some(([from, to]) => status >= from && status <= to);
}
