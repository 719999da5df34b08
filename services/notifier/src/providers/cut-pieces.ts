/**
 * Text made of escaped pieces, cut to fit: between pieces, never inside an entity or behind a lone backslash.
 * @param max UTF-16 units, the mark of the cut included
 */
export function cutPieces(pieces: readonly string[], max: number): string {
  const whole = pieces.join('');
  if (whole.length <= max) return whole;
  let kept = '';
  for (const piece of pieces) {
    if (kept.length + piece.length >= max) break;
    kept += piece;
  }
  return `${kept}…`;
}
