/** Shorter values are in every other line: masking them would make the output unreadable and give them away by that. */
const SHORTEST = 4;
const SHORTEST_LINE = 8;
/** Below it, a piece of base64 is found in text that has nothing to do with the secret. */
const SHORTEST_PIECE = 6;

/** How a value may appear in what a test says: as it is, and as the usual encodings make it look. */
export function formsOf(secret: string): readonly string[] {
  if (secret.length < SHORTEST) return [];
  // A key of several lines is printed a line at a time.
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE);
  return [...new Set([secret, ...lines].flatMap(encodingsOf))].filter((form) => form.length >= SHORTEST);
}

function encodingsOf(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text.toWellFormed());
  const form = new URLSearchParams({ v: text }).toString().slice(2);
  const bytes = Buffer.from(text);
  return [
    text,
    json,
    // JSON within JSON, as traces and reports have it
    JSON.stringify(json).slice(1, -1),
    html(text),
    url,
    form,
    encodeURI(text.toWellFormed()),
    ...[url, form].map((encoded) => encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    bytes.toString('base64'),
    ...base64Pieces(bytes),
    bytes.toString('hex'),
  ];
}

const html = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The characters that depend on the secret alone, wherever it begins in what was encoded: `user:secret`, say. */
function base64Pieces(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const first = [0, 2, 3][before] ?? 0;
    const last = (before + bytes.length) % 3 === 0 ? encoded.length : encoded.length - 1;
    const piece = encoded.slice(first, last);
    if (piece.length < SHORTEST_PIECE) return [];
    return [piece, piece.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
