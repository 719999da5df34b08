import type { JsonObject, JsonValue } from '@tocsin/kernel';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Path } from './environment.js';

/** A file as it was read. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Parsed {
  readonly file: string;
  readonly value: JsonObject;
  /** `file:line:column` of what is at this path, or of what is around it */
  readonly where: (path: Path) => string;
  readonly problems: readonly string[];
}

/**
 * In YAML's `{ … }` a brace ends what is not quoted. While it is parsed, a place for the environment is written with
 * characters that mean nothing to YAML, one for one, so that every line and column stays what it is.
 */
const AWAY = { $: '\u{e7f0}', '{': '\u{e7f1}', '}': '\u{e7f2}' } as const;
const BACK = new Map<string, string>(Object.entries(AWAY).map(([char, away]) => [away, char]));
const putAway = (text: string): string =>
  /[\u{e7f0}-\u{e7f2}]/u.test(text)
    ? text
    : text.replaceAll(/\$\{([^{}\n]*)\}/g, (_, inside: string) => AWAY.$ + AWAY['{'] + inside + AWAY['}']);
const putBack = (text: string): string =>
  text.replaceAll(/[\u{e7f0}-\u{e7f2}]/gu, (away) => BACK.get(away) ?? away);

function allBack(value: JsonValue): JsonValue {
  if (typeof value === 'string') return putBack(value);
  if (Array.isArray(value)) return value.map(allBack);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [putBack(key), allBack(item)]));
}

/** YAML 1.2, of which JSON is a part, with anchors and merges. */
export function parseSource({ file, text }: Source): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(putAway(text), { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const where = (path: Path): string => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return at(node.range[0]);
    }
    return at(0);
  };
  const problems = document.errors.map(({ message, pos }) => `${at(pos[0])}: ${putBack(message)}`);
  const value = problems.length > 0 ? {} : documentIn(() => allBack(document.toJS() as JsonValue));
  if (typeof value === 'string') return { file, value: {}, where, problems: [`${at(0)}: ${value}`] };
  return { file, value, where, problems };
}

function documentIn(read: () => JsonValue): JsonObject | string {
  try {
    const value = read();
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    return 'must be a document that begins with tocsin: 1';
  } catch (error) {
    return error instanceof Error ? error.message : 'cannot be read';
  }
}
