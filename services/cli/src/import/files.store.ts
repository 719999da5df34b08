import { closeSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { parse } from 'yaml';
import { CommandError } from '../errors.js';
import { withoutMarks } from './draft.js';
import { parsedJson } from './json-text.js';
import { readKumaDb } from './uptime-kuma/kuma-db.store.js';

const SQLITE = 'SQLite format 3\0';
/** Anchors are used often in such files; what each expands to is bounded all the same. */
const MOST_ALIASES = 10_000;

/**
 * A file of another tool: JSON, YAML, or the database of Uptime Kuma.
 * @throws CommandError when it cannot be read or is none of these
 */
export function readFile(path: string): unknown {
  try {
    if (startOf(path) === SQLITE) return readKumaDb(path);
    const text = withoutMarks(readFileSync(path, 'utf8'));
    if (!/^\s*[[{]/.test(text)) return parse(text, { merge: true, maxAliasCount: MOST_ALIASES });
    return jsonOf(text);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    // Below its first line, the parser of YAML quotes the one it stumbled over
    const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new CommandError(`cannot read ${path}: ${said}`);
  }
}

/** @throws Error that quotes nothing of it: there may be a secret in the line that is wrong */
function jsonOf(text: string): unknown {
  const value = parsedJson(text);
  if (value === undefined) throw new Error('it begins like JSON and is none; export it again');
  return value;
}

function startOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(SQLITE.length);
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** @throws CommandError when it cannot be written, or is there already */
export function writeFile(path: string, text: string, { secret = false, force = false } = {}): void {
  try {
    // A new file, so that it is not read by whoever could read, or had open, the old one
    if (force) rmSync(path, { force: true });
    writeFileSync(path, text, { flag: 'wx', mode: secret ? 0o600 : 0o666 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new CommandError(`${path} is there already: move it, name another, or overwrite it with --force`);
    throw new CommandError(`cannot write ${path}: ${message}`);
  }
}
