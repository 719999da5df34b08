import type { RunOutputChunk } from '@tocsin/http-api';

export interface LogLine {
  /** counted from the beginning of the run */
  readonly number: number;
  readonly at: string;
  readonly testId: string | null;
  readonly source: RunOutputChunk['source'];
  readonly text: string;
}

export interface Log {
  readonly lines: readonly LogLine[];
  /** lines at the beginning that are no longer held */
  readonly dropped: number;
  /** what each speaker has said of a line that it has not ended */
  readonly open: ReadonlyMap<string, number>;
}

export const EMPTY_LOG: Log = { lines: [], dropped: 0, open: new Map() };

/** More lines than a person reads; held, they cost some tens of megabytes. */
const MOST_LINES = 50_000;

/** Speakers may talk at once: each goes on with its own line. */
export function withChunks(log: Log, chunks: readonly RunOutputChunk[], most = MOST_LINES): Log {
  const lines = [...log.lines];
  const open = new Map(log.open);
  let { dropped } = log;
  for (const { at, testId, source, text } of chunks) {
    const speaker = `${testId ?? ''} ${source}`;
    const parts = text.split('\n');
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      if (isLast && part === '') break;
      const place = open.get(speaker);
      const begun = place === undefined ? undefined : lines[place - dropped];
      if (begun !== undefined && place !== undefined)
        lines[place - dropped] = { ...begun, text: begun.text + part };
      else {
        open.set(speaker, dropped + lines.length);
        lines.push({ number: dropped + lines.length + 1, at, testId, source, text: part });
      }
      if (!isLast) open.delete(speaker);
    }
  }
  const excess = Math.max(0, lines.length - most);
  if (excess > 0) {
    lines.splice(0, excess);
    dropped += excess;
  }
  return { lines, dropped, open };
}

/* oxlint-disable eslint/no-control-regex -- they are what is looked for */
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPES =
  /\u001B(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[@-Z\\-_])|\u009B[0-?]*[ -/]*[@-~]/g;
const CONTROLS = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for
/* oxlint-enable eslint/no-control-regex */

/** As a terminal would leave it: without colours, and after a carriage return only what was written last. */
export function plain(text: string): string {
  const clean = text.replaceAll(ESCAPES, '').replace(/\r+$/, '');
  return clean.slice(clean.lastIndexOf('\r') + 1).replaceAll(CONTROLS, '');
}

export const logText = (lines: readonly LogLine[]): string =>
  lines.map(({ text }) => `${plain(text)}\n`).join('');
