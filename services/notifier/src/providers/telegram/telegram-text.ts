import type { Message } from '@tocsin/notifying';
import { cutPieces } from '../cut-pieces.js';

/** UTF-16 units. Telegram counts after parsing, we before: never too long, at worst a little short. */
const MAX_CHARS = 4096;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Invisible, and enough to keep `@name` from calling the one who has that name. */
const WORD_JOINER = '\u2060';

const entity = (char: string): string => ENTITIES[char] ?? char;

/** A message for `parse_mode: HTML`. */
export function telegramText(message: Message): string {
  const { title, text, customText, fields, link } = message;
  const ending = endingOf(link);
  let body = `<b>${escapeTelegram(title, 300) || 'Alert'}</b>`;
  for (const part of [escapeTelegram(text, 1000), escapeTelegram(customText, 1200)])
    if (part !== '') body += `\n\n${part}`;
  for (const [index, { label, value }] of fields.entries()) {
    const line = `${index === 0 ? '\n\n' : '\n'}${escapeTelegram(label, 60)}: ${escapeTelegram(value, 300)}`;
    if (body.length + line.length + ending.length > MAX_CHARS) break;
    body += line;
  }
  return body + ending;
}

function endingOf(link: string): string {
  if (!/^https?:/.test(link) || !URL.canParse(link)) return '';
  const href = Array.from(new URL(link).href, entity).join('');
  return href.length > 1000 ? '' : `\n\n<a href="${href}">Open the alert</a>`;
}

/** @param max UTF-16 units after escaping; a cut falls between characters and never inside an entity */
export function escapeTelegram(text: string, max: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .trim()
    .replace(/(?<!\w)@(?=\w)/g, `@${WORD_JOINER}`);
  const pieces = Array.from(clean, entity);
  return cutPieces(pieces, max);
}
