const TAGS = new Set(
  'b strong i em u ins s strike del code pre a blockquote span tg-spoiler tg-emoji'.split(' '),
);
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TOKEN = /<(\/?)([a-zA-Z-]*)([^<>]*)>|<|&(?:#(\d+)|#x([\da-fA-F]+)|([a-z]+));|[^<&]+|&/g;

/** Reads `parse_mode: HTML` as strictly as the Bot API does: unknown, unclosed and crossed tags are refused. */
export function parseTelegramHtml(
  html: string,
): { readonly shown: string; readonly links: readonly string[] } | { readonly problem: string } {
  const open: string[] = [];
  const links: string[] = [];
  let shown = '';
  if (!html.isWellFormed()) return { problem: 'half a surrogate pair' };
  for (const [token, slash, tag, attributes, decimal, hex, name] of html.matchAll(TOKEN)) {
    if (token.startsWith('<')) {
      if (tag === undefined || !TAGS.has(tag)) return { problem: `unsupported start tag "${tag ?? ''}"` };
      if (slash && open.pop() !== tag) return { problem: `unmatched end tag "${tag}"` };
      if (!slash) {
        open.push(tag);
        const href = /^\s+href="([^"]*)"\s*$/.exec(attributes ?? '')?.[1];
        if (tag === 'a' && href === undefined) return { problem: 'a link without href' };
        if (href !== undefined) links.push(decodeEntities(href));
      }
    } else if (decimal !== undefined || hex !== undefined) {
      shown += String.fromCodePoint(Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10));
    } else {
      shown += name === undefined ? token : (ENTITIES[name] ?? token);
    }
  }
  if (open.length > 0) return { problem: `can't find end tag for "${open.at(-1)}"` };
  return { shown, links };
}

const decodeEntities = (text: string) =>
  text.replaceAll(/&([a-z]+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
