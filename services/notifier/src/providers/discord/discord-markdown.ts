import { cutPieces } from '../cut-pieces.js';

/**
 * What may begin markup, a mention, an emoji or a link. Discord shows any punctuation after a backslash as it is;
 * the colon keeps `https://…` from becoming a link whose address would swallow the backslashes after it.
 */
const SPECIAL = /[\\`*_~|<>@#[\]():+-]/;
/** Every character; captured where a dot after a number at the start of a line would begin a list. */
const CHARACTERS = /(\.(?<=^\s*\d+\.))|[\s\S]/gmu;

/**
 * Text for an embed, shown as it is.
 * @param max UTF-16 units after escaping; a cut falls between characters and never behind a lone backslash
 */
export function escapeDiscord(text: string, max: number): string {
  const clean = text
    .toWellFormed()
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .trim();
  const pieces = Array.from(clean.matchAll(CHARACTERS), ([char, listDot]) =>
    listDot !== undefined || SPECIAL.test(char) ? `\\${char}` : char,
  );
  return cutPieces(pieces, max);
}
