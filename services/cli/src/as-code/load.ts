import { fieldProblems } from '@tocsin/http-api';
import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';
import { type Document, documentSchema, KINDS, type Kind, listOf } from './document.js';
import { type Environment, expand, type FromEnvironment, type Path } from './environment.js';
import { isObject } from './json.js';
import { type Parsed, parseSource, type Source } from './source.js';

export interface Loaded {
  readonly document: Document;
  /** what of a thing came from the environment, by paths within the thing */
  readonly fromEnvironment: (kind: Kind, name: string) => readonly FromEnvironment[];
  /** what the environment gave: none of it is ever shown */
  readonly values: readonly string[];
}

export type Loading = Loaded | { readonly problems: readonly string[]; readonly values: readonly string[] };

interface Placed {
  readonly source: Parsed;
  readonly index: number;
  readonly from: readonly FromEnvironment[];
}

/**
 * Several files as one document.
 * @param readScript what a `scriptFile` holds; undefined when it cannot be read
 */
export function load(
  sources: readonly Source[],
  env: Environment,
  readScript: (file: string, beside: string) => string | undefined,
): Loading {
  const problems: string[] = [];
  const values: string[] = [];
  const whole = new Map<string, JsonValue>();
  const placed = new Map<Kind, Placed[]>(KINDS.map((kind) => [kind, []]));

  for (const source of sources.map(parseSource)) {
    const expanded = expand(source.value, env);
    problems.push(...source.problems);
    for (const { path, message } of expanded.problems)
      problems.push(`${source.where(path)}: ${path.join('.')}: ${message}`);
    values.push(...expanded.values);
    addFile(source, expanded.value as JsonObject, expanded.from);
  }

  function addFile(source: Parsed, file: JsonObject, from: readonly FromEnvironment[]): void {
    for (const [key, value] of Object.entries(file)) {
      const kind = KINDS.find((one) => listOf(one) === key);
      const there = whole.get(key);
      if (kind !== undefined && Array.isArray(value)) {
        for (const index of value.keys())
          placed.get(kind)?.push({ source, index, from: within([key, index], from) });
        const items = value.map((item, index) => (kind === 'test' ? withScript(source, item, index) : item));
        whole.set(key, [...(Array.isArray(there) ? there : []), ...items]);
      } else if (there !== undefined && there !== value) {
        problems.push(`${source.where([key])}: ${key}: another file says ${JSON.stringify(there)}`);
      } else whole.set(key, value);
    }
  }

  function withScript(source: Parsed, item: JsonValue, index: number): JsonValue {
    if (!isObject(item) || typeof item.scriptFile !== 'string') return item;
    const { scriptFile, definition = {}, ...test } = item;
    if (!isObject(definition) || definition.script !== undefined) return item;
    const script = readScript(scriptFile, source.file);
    if (script === undefined) {
      problems.push(`${source.where(['tests', index, 'scriptFile'])}: cannot read ${scriptFile}`);
      return item;
    }
    return { ...test, definition: { ...definition, script } };
  }

  const parsed = documentSchema.safeParse(Object.fromEntries(whole));
  // What is missing because a text could not be made is no news
  if (problems.length === 0 && parsed.error !== undefined)
    problems.push(...said(parsed.error, Object.fromEntries(whole), sources, placed));
  if (problems.length > 0 || !parsed.success) return { problems: [...new Set(problems)], values };

  const origins = new Map(
    KINDS.flatMap((kind) =>
      parsed.data[listOf(kind)].map(({ name }, index) => [
        `${kind} ${name}`,
        placed.get(kind)?.[index]?.from ?? [],
      ]),
    ),
  );
  return {
    document: parsed.data,
    values: [...new Set(values)],
    fromEnvironment: (kind, name) => origins.get(`${kind} ${name}`) ?? [],
  };
}

const within = (prefix: Path, from: readonly FromEnvironment[]): FromEnvironment[] =>
  from
    .filter(({ path }) => prefix.every((part, index) => path[index] === part))
    .map(({ path, variables }) => ({ path: path.slice(prefix.length), variables }));

function said(
  error: z.ZodError,
  whole: JsonObject,
  sources: readonly Source[],
  placed: ReadonlyMap<Kind, readonly Placed[]>,
): string[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
    const [list, index, ...rest] = path;
    const kind = KINDS.find((one) => listOf(one) === list);
    const place = kind === undefined || typeof index !== 'number' ? undefined : placed.get(kind)?.[index];
    const extra = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
    const messages = fieldProblems({ issues: [issue] } as unknown as z.ZodError, 'document');
    if (kind === undefined || place === undefined)
      return messages.map(({ field, message }) => `${sources[0]?.file ?? ''}: ${field}: ${message}`);
    const items = whole[listOf(kind)];
    const item = Array.isArray(items) && typeof index === 'number' ? items[index] : undefined;
    const name = isObject(item) && typeof item.name === 'string' ? `${kind} "${item.name}"` : kind;
    const where = place.source.where([listOf(kind), place.index, ...rest, ...extra]);
    return messages.map(({ field, message }) => {
      const inside = field.split('.').slice(2).join('.');
      return `${where}: ${name}: ${inside === '' ? '' : `${inside}: `}${message}`;
    });
  });
}
