import { formsOf } from './mask-forms.js';

export const MASKED = '********';

/** Keeps the secrets of a project out of what its tests say and leave behind. */
export interface Mask {
  text(text: string): string;
  /** of a file in whatever encoding; what is no secret stays byte for byte */
  bytes(bytes: Buffer): Buffer;
  /** of text that comes in pieces: a secret that lies across two of them is found */
  stream(): MaskStream;
}

export interface MaskStream {
  /** @returns what can be shown now; what may be the beginning of a secret is kept for the next piece */
  push(text: string): string;
  /** @returns what was kept: no more comes */
  end(): string;
}

/**
 * This much of a secret is enough to be taken for it, and it is masked as far as it goes. So a secret that was cut is
 * masked too, and a text made to look like one is gone through once and not once for each of its letters.
 */
const ENOUGH = 64;

/** @param secrets their values; those of less than 4 characters are not masked */
export function createMask(secrets: Iterable<string>): Mask {
  const forms = [...new Set([...secrets].flatMap(formsOf))];
  const inText = createFinder(forms);
  const inBytes = createFinder(forms.map((form) => Buffer.from(form).toString('latin1')));
  return {
    text: (text) => show(text, inText.find(text, 0), text.length),
    bytes(bytes) {
      const text = bytes.toString('latin1');
      const found = inBytes.find(text, 0);
      return found.length === 0 ? bytes : Buffer.from(show(text, found, text.length), 'latin1');
    },
    stream() {
      let kept = '';
      // How much of what is kept belongs to a secret of which the beginning was shown as masked.
      let covered = 0;
      const upTo = (text: string, until: number) => {
        const found = inText.find(text, covered);
        const shown = show(text, found, until).slice(covered > 0 ? MASKED.length : 0);
        kept = text.slice(until);
        covered = Math.max(0, (found.findLast(({ from }) => from < until)?.to ?? 0) - until);
        return shown;
      };
      return {
        push: (piece) => upTo(kept + piece, inText.openFrom(kept + piece)),
        end: () => upTo(kept, kept.length),
      };
    },
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function show(text: string, found: readonly Span[], until: number): string {
  let shown = '';
  let from = 0;
  for (const span of found) {
    if (span.from >= until) break;
    shown += text.slice(from, span.from) + MASKED;
    from = span.to;
  }
  return shown + text.slice(from, Math.max(from, until));
}

interface Finder {
  /** in order and apart from each other. @param covered leading characters that are one already */
  find(text: string, covered: number): readonly Span[];
  /** where the end of the text may be the beginning of something; its length when nowhere */
  openFrom(text: string): number;
}

/** Indexed by the first two characters: most places of a text are passed by with one look. */
function createFinder(forms: readonly string[]): Finder {
  const byStart = Map.groupBy(forms, (form) => startAt(form, 0));
  const may = new Uint8Array(65_536);
  for (const start of byStart.keys()) may[start] = 1;
  const longest = forms.reduce((length, form) => Math.max(length, form.length), 0);
  const startingAt = (text: string, at: number) => byStart.get(startAt(text, at)) ?? [];

  return {
    find(text, covered) {
      const found: Span[] = covered > 0 ? [{ from: 0, to: covered }] : [];
      if (forms.length === 0) return found;
      for (let at = 0; at < text.length; at += 1) {
        if (may[startAt(text, at)] === 0) continue;
        const length = startingAt(text, at).reduce(
          (most, form) => Math.max(most, sharedAt(text, at, form)),
          0,
        );
        if (length === 0) continue;
        const last = found.at(-1);
        if (last === undefined || last.to < at) found.push({ from: at, to: at + length });
        else found[found.length - 1] = { from: last.from, to: Math.max(last.to, at + length) };
        at += Math.max(0, length - ENOUGH);
      }
      return found;
    },
    openFrom(text) {
      for (let at = Math.max(0, text.length - longest + 1); at < text.length; at += 1) {
        const rest = text.slice(at);
        const open = rest.length === 1 ? forms : startingAt(text, at);
        if (open.some((form) => form.length > rest.length && form.startsWith(rest))) return at;
      }
      return text.length;
    },
  };
}

const startAt = (text: string, at: number): number =>
  ((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff);

/** how many characters of the form are here; 0 when too few to be it */
function sharedAt(text: string, at: number, form: string): number {
  let length = Math.min(ENOUGH, form.length);
  if (!text.startsWith(form.slice(0, length), at)) return 0;
  while (length < form.length && text.charCodeAt(at + length) === form.charCodeAt(length)) length += 1;
  return length;
}
