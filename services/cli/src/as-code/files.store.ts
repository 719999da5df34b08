import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../errors.js';
import type { Source } from './source.js';

const READ = /\.(?:ya?ml|json)$/i;

/**
 * The files that are named, and in folders those that say they are ours.
 * @throws CommandError naming what cannot be read
 */
export function readSources(paths: readonly string[]): Source[] {
  const sources = paths.flatMap((given) => {
    const found = isFolder(given);
    if (found === undefined) throw new CommandError(`cannot read ${given}`);
    return found ? filesIn(given).map(readSource).filter(isOurs) : [readSource(given)];
  });
  if (sources.length === 0)
    throw new CommandError(`there is no file with tocsin: 1 in ${paths.join(', ')}: give one with -f`);
  return sources;
}

/** @param beside the file that names it */
export function readScript(file: string, beside: string): string | undefined {
  try {
    return readFileSync(path.resolve(path.dirname(beside), file), 'utf8');
  } catch {
    return undefined;
  }
}

function readSource(file: string): Source {
  try {
    return { file, text: readFileSync(file, 'utf8') };
  } catch {
    throw new CommandError(`cannot read ${file}`);
  }
}

/** In a folder there may be other YAML and JSON; a broken file of ours is not to be overlooked, though. */
const isOurs = (source: Source): boolean => /^\s*["']?tocsin["']?\s*:/m.test(source.text);

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(full);
      return READ.test(entry.name) ? [full] : [];
    });
}

function isFolder(given: string): boolean | undefined {
  try {
    return statSync(given).isDirectory();
  } catch {
    return undefined;
  }
}
