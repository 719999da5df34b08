/** What a key press with its modifiers is called: `k`, `?`, `mod+k`. `mod` is Ctrl, or Cmd on a Mac. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

export interface Typed {
  /** the first key of a sequence, as `g` of `g m` */
  readonly pending: string | undefined;
  readonly atMs: number;
}

export const NOTHING_TYPED: Typed = { pending: undefined, atMs: 0 };

/** The second key of a sequence comes within this time, or begins anew. */
const SEQUENCE_MS = 1_500;

export const nameOf = ({ key, ctrlKey, metaKey, altKey }: KeyPress): string | undefined =>
  altKey || key.length !== 1 ? undefined : ctrlKey || metaKey ? `mod+${key.toLowerCase()}` : key;

/**
 * Which shortcut a key completes, and what is typed now.
 * @param names all there are: `/`, `mod+k`, `g m`
 */
export function nextShortcut(
  typed: Typed,
  pressed: string,
  nowMs: number,
  names: readonly string[],
): { readonly found: string | undefined; readonly typed: Typed } {
  const isInTime = typed.pending !== undefined && nowMs - typed.atMs <= SEQUENCE_MS;
  const sequence = `${typed.pending ?? ''} ${pressed}`;
  if (isInTime && names.includes(sequence)) return { found: sequence, typed: NOTHING_TYPED };
  if (names.includes(pressed)) return { found: pressed, typed: NOTHING_TYPED };
  const begins = names.some((name) => name.startsWith(`${pressed} `));
  return { found: undefined, typed: begins ? { pending: pressed, atMs: nowMs } : NOTHING_TYPED };
}
