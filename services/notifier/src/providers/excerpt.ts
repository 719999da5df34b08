const MAX_CHARS = 500;
/** Parts of a secret shorter than this are words that any answer may contain. */
const MIN_PART_CHARS = 8;

/**
 * At most 500 characters of what a destination said, fit for a row, a log and a screen.
 *
 * Destinations like to repeat the request (`Cannot POST /services/T0/B0/token`), so every secret is masked whole,
 * by its telling parts, and in the spellings it takes in URLs and JSON; before cutting, so that no half is left.
 */
export function excerpt(text: string, secrets: readonly string[]): string {
  const spellings = [...new Set(secrets.flatMap(partsOf).flatMap(spellingsOf))];
  const masked = spellings
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
  const oneLine = masked.replace(/[\p{Cc}\p{Z}]+/gu, ' ').trim();
  return oneLine.slice(0, MAX_CHARS).toWellFormed();
}

function partsOf(secret: string): readonly string[] {
  if (secret === '') return [];
  const parts = [secret, ...secret.split(/\s+/)];
  if (URL.canParse(secret)) {
    const url = new URL(secret);
    parts.push(
      url.pathname + url.search,
      url.pathname,
      ...url.pathname.split('/'),
      ...url.searchParams.values(),
    );
  }
  return parts.filter((part) => part === secret || part.length >= MIN_PART_CHARS);
}

function spellingsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [text, encodeURIComponent(text.toWellFormed()), json, json.replaceAll('/', '\\/')];
}
