import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, JsonValue } from '@tocsin/kernel';

const LONGEST = 1000;

/**
 * Of two documents the fields in which they differ; where there is one, all of it.
 * @param shorten what becomes of each side
 */
export function difference(
  before: JsonObject | null,
  after: JsonObject | null,
  shorten: <T extends JsonValue>(value: T) => T = cut,
): { readonly before: JsonObject | null; readonly after: JsonObject | null } {
  if (before === null || after === null) return { before: shorten(before), after: shorten(after) };
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  const only = (whole: JsonObject) =>
    Object.fromEntries(
      names.filter((name) => Object.hasOwn(whole, name)).map((name) => [name, whole[name] ?? null]),
    );
  return { before: shorten(only(before)), after: shorten(only(after)) };
}

/** A script may be long, and a page has many entries: the revisions have all of it. */
function cut<T extends JsonValue>(value: T): T {
  if (typeof value === 'string' && value.length > LONGEST)
    return `${value.slice(0, LONGEST).toWellFormed()}… (${value.length} characters)` as T;
  if (Array.isArray(value)) return value.map((item) => cut(item)) as unknown as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item)])) as T;
}

export const whole = <T extends JsonValue>(value: T): T => value;

/** Who, when and which revision is said beside the document. */
const BESIDE = new Set(['project', 'changedAt', 'changedBy', 'revision']);

export const documentOf = (data: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !BESIDE.has(name)));

const ACTIONS: Readonly<Record<string, string>> = {
  AcknowledgementGiven: 'acknowledged',
  RedriveRequested: 'requested',
  RunRequested: 'requested',
  RunCancelRequested: 'requested',
};

/** What was done, in a word. @param type of the event */
export function actionOf(type: string, before: JsonObject | null, after: JsonObject | null): string {
  if (type.endsWith('Deleted')) return 'deleted';
  if (!type.endsWith('Configured')) return ACTIONS[type] ?? 'requested';
  if (before === null || after === null) return 'created';
  const changed = Object.keys(difference(before, after).after ?? {});
  const isSwitched =
    changed.includes('enabled') && changed.every((name) => name === 'enabled' || name === 'enabledAt');
  if (!isSwitched) return 'changed';
  return after.enabled === true ? 'resumed' : 'paused';
}
