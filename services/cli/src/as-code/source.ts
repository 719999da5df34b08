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

/** YAML 1.2, of which JSON is a part, with anchors and merges. */
export function parseSource({ file, text }: Source): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
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
  const problems = document.errors.map(({ message, pos }) => `${at(pos[0])}: ${message}`);
  const value = problems.length > 0 ? {} : documentIn(() => document.toJS() as JsonValue);
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
