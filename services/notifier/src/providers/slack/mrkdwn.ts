import { cutPieces } from '../cut-pieces.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Text for a Slack text object: `<!channel>` and its kind are shown, not obeyed.
 * @param max UTF-16 units after escaping; a cut falls between characters and never inside an entity
 */
export function escapeSlack(text: string, max: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .trim();
  const pieces = Array.from(clean, (char) => ENTITIES[char] ?? char);
  return cutPieces(pieces, max);
}

/** `<url|label>`; empty when the text is no http URL. */
export function slackLink(url: string, label: string): string {
  if (!/^https?:/.test(url) || !URL.canParse(url)) return '';
  // A bar would end the URL early, and Slack reads entities inside the brackets too.
  const safe = new URL(url).href.replaceAll('&', '&amp;').replaceAll('|', '%7C');
  return `<${safe}|${escapeSlack(label, 100)}>`;
}
