import type { JsonObject, JsonValue } from '@tocsin/kernel';
import type { z } from 'zod';
import { hasReference, replaceReferences } from './draft.js';
import { valueAt } from './source-path.js';

/** What a variable of the environment may hold, until something fits where it stands. */
const SAMPLES = [
  'x1',
  'https://env.example/x',
  '1:x',
  'x@env.example',
  '200',
  '1.1.1.1',
  'whsec_eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4',
];
const MAX_REPAIRS = 200;
/** Without them a thing is none, and `enabled` is not for this to decide. */
const ESSENTIAL = new Set(['name', 'type', 'kind', 'target', 'config', 'definition', 'alertConfig']);

interface Removed {
  readonly path: string;
  readonly why: string;
}

export interface Fitted {
  /** what of the value the schema takes; undefined when nothing sensible is left */
  readonly value: JsonObject | undefined;
  /** the same as the schema reads it, with defaults */
  readonly parsed: JsonObject | undefined;
  readonly removed: readonly Removed[];
}

type Path = readonly (string | number)[];

/** Takes out of a value what its schema refuses, a piece at a time, and says what and why. */
export function fit(schema: z.ZodType, given: JsonObject): Fitted {
  const value = structuredClone(given);
  const tried = new Map<string, number>();
  const removed: Removed[] = [];
  for (let repair = 0; repair < MAX_REPAIRS; repair++) {
    const result = schema.safeParse(filled(value, tried));
    if (result.success) return { value, parsed: result.data as JsonObject, removed };
    const [issue] = result.error.issues;
    if (issue === undefined) break;
    const [path, unwanted] = placeOf(issue, value);
    const text = valueAt(value, path);
    if (typeof text === 'string' && hasReference(text) && nextSample(path, tried)) continue;
    removed.push({ path: [...path, ...unwanted].join('.'), why: reasonOf(issue, path, removed) });
    if (unwanted.length > 0) for (const key of unwanted) remove(value, [...path, key]);
    else if (path.length === 0 || (path.length === 1 && ESSENTIAL.has(String(path[0])))) break;
    else remove(value, path);
  }
  return { value: undefined, parsed: undefined, removed };
}

/** The piece an issue is about: what is missing is a matter of what it is missing in. */
function placeOf(issue: z.core.$ZodIssue, value: JsonObject): [Path, readonly string[]] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return [path, issue.keys];
  let length = path.length;
  while (length > 0 && valueAt(value, path.slice(0, length)) === undefined) length--;
  return [path.slice(0, length), []];
}

/** Where a piece is missing because it was taken out, it is why that was which tells a person something. */
function reasonOf({ message, path }: z.core.$ZodIssue, place: Path, removed: readonly Removed[]): string {
  if (place.length === path.length) return message;
  const before = removed.find(({ path: other }) => other === path.join('.'));
  return `${path.slice(place.length).join('.')} ${before?.why ?? message}`;
}

function nextSample(path: Path, tried: Map<string, number>): boolean {
  const key = path.join('.');
  const next = (tried.get(key) ?? 0) + 1;
  tried.set(key, next);
  return next < SAMPLES.length;
}

function filled(value: JsonValue, tried: ReadonlyMap<string, number>, path: Path = []): JsonValue {
  if (typeof value === 'string')
    return replaceReferences(value, () => SAMPLES[tried.get(path.join('.')) ?? 0] ?? '');
  if (Array.isArray(value)) return value.map((item, index) => filled(item, tried, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, tried, [...path, key])]),
  );
}

function remove(value: JsonObject, path: Path): void {
  const parent = valueAt(value, path.slice(0, -1));
  const key = path.at(-1) as string | number;
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (typeof parent === 'object' && parent !== null) delete (parent as JsonObject)[key as string];
}
