export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Above it, what is between the first and the last difference is shown as replaced. */
const MOST_CELLS = 1_000_000;

/** Lines taken away and added, in order (longest common subsequence). */
export function lineDiff(before: string, after: string): readonly DiffLine[] {
  const old = before.split('\n');
  const now = after.split('\n');
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < now.length - head &&
    old[old.length - 1 - tail] === now[now.length - 1 - tail]
  )
    tail++;
  const same = (text: string): DiffLine => ({ sign: ' ', text });
  return [
    ...old.slice(0, head).map((text) => same(text)),
    ...middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail)),
    ...old.slice(old.length - tail).map((text) => same(text)),
  ];
}

function middle(old: readonly string[], now: readonly string[]): readonly DiffLine[] {
  const gone = (text: string): DiffLine => ({ sign: '-', text });
  const come = (text: string): DiffLine => ({ sign: '+', text });
  if (old.length * now.length > MOST_CELLS)
    return [...old.map((text) => gone(text)), ...now.map((text) => come(text))];
  // common[i][j]: how many lines old from i and now from j have in common
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      common[i * width + j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));

  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ sign: ' ', text: old[i] ?? '' });
      i++;
      j++;
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1)))
      lines.push(gone(old[i++] ?? ''));
    else lines.push(come(now[j++] ?? ''));
  }
  return lines;
}

/** `at`: which line of the diff it is */
export type Hunk =
  | readonly (DiffLine & { readonly at: number })[]
  | { readonly skipped: number; readonly at: number };

/** The changes with a little of what is around them. */
export function hunks(lines: readonly DiffLine[], around = 2): readonly Hunk[] {
  const placed = lines.map((line, at) => ({ ...line, at }));
  const isNear = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ sign }) => sign !== ' '),
  );
  const result: Hunk[] = [];
  for (let from = 0; from < lines.length; ) {
    let to = from;
    while (to < lines.length && isNear[to] === isNear[from]) to++;
    result.push(isNear[from] ? placed.slice(from, to) : { skipped: to - from, at: from });
    from = to;
  }
  return result;
}
