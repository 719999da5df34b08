import { monitorKinds, providerKinds } from '@tocsin/contracts';
import type { JsonObject } from '@tocsin/kernel';
import type { MonitorKind } from '@tocsin/monitoring';
import { hasReference, reference, UNTOLD } from './draft.js';
import type { Thing } from './ledger.js';
import { leavesOf, valueAt } from './source-path.js';

/** What is asked of the environment: a name, where it is used, and its value as far as the other tool told it. */
export interface Secret {
  readonly name: string;
  readonly thing: Thing;
  readonly path: string;
  readonly value: string | undefined;
}

/** @param parsed the settings with their defaults, by which a kind knows where its secrets are */
function secretPathsOf({ kind }: Thing, parsed: JsonObject): readonly (readonly string[])[] {
  const { config, type } = parsed;
  if (kind === 'provider')
    return below(providerKinds[type as keyof typeof providerKinds].secretPaths(config));
  if (kind === 'monitor') return below(monitorKinds[type as MonitorKind].secretPaths(config));
  return kind === 'variable' ? [['secret']] : [];
}

const below = (paths: readonly (readonly string[])[]) => paths.map((path) => ['config', ...path]);

/** Puts names of the environment where secrets are, in place. */
export function takeSecrets(
  thing: Thing,
  value: JsonObject,
  parsed: JsonObject,
  taken: Set<string>,
): Secret[] {
  const secrets: Secret[] = [];
  const untold = [...leavesOf(value)].filter((path) => valueAt(value, path) === UNTOLD);
  for (const path of [...secretPathsOf(thing, parsed), ...untold.map((keys) => keys.map(String))]) {
    const text = valueAt(value, path);
    if (typeof text !== 'string' || text === '' || (text !== UNTOLD && hasReference(text))) continue;
    const name = freeName(thing, path, taken);
    const parent = valueAt(value, path.slice(0, -1)) as JsonObject;
    parent[path.at(-1) as string] = reference(name);
    secrets.push({ name, thing, path: path.join('.'), value: text === UNTOLD ? undefined : text });
  }
  return secrets;
}

function freeName({ kind, name }: Thing, path: readonly string[], taken: Set<string>): string {
  const words = [kind, name, ...path.filter((key) => key !== 'config')];
  const base = words
    .join('_')
    .normalize('NFKD')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 100);
  let free = base;
  for (let count = 2; taken.has(free); count++) free = `${base}_${count}`;
  taken.add(free);
  return free;
}

/** For `set -a; . FILE`: a shell takes what is in single quotes as it is. */
export function secretsFile(secrets: readonly Secret[]): string {
  const lines = secrets.map(({ name, thing, path, value }) => {
    const where = `# ${thing.kind} ${thing.name.replaceAll(/\s+/g, ' ')}: ${path}`;
    return value === undefined ? `${where}, not told\n# ${name}=` : `${where}\n${name}=${quoted(value)}`;
  });
  return lines.map((line) => `${line}\n`).join('');
}

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`;
