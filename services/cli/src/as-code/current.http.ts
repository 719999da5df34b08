import type { JsonObject } from '@tocsin/kernel';
import type { Api } from '../api/api.js';
import { take } from '../everyday/find.js';
import { type Current, currentOf } from './current.js';
import { KINDS, type Kind } from './document.js';
import { asText } from './json.js';
import { listRoute, routeFor } from './routes.js';

const AT_ONCE = 8;

/**
 * Everything that is there, as documents say it.
 * @param isWanted which tests are needed whole: lists leave their definitions out
 */
export async function readCurrent(
  api: Api,
  isWanted: (test: { readonly name: string; readonly managedBy: string | undefined }) => boolean,
): Promise<Current> {
  const views = Object.fromEntries(
    await Promise.all(KINDS.map(async (kind) => [kind, await take(api.all(listRoute(kind)), Infinity)])),
  ) as Record<Kind, JsonObject[]>;
  const tests = await inParallel(views.test, async (summary) => {
    const managedBy = typeof summary.managedBy === 'string' ? summary.managedBy : undefined;
    if (!isWanted({ name: asText(summary.name), managedBy })) return summary;
    return await api.call<JsonObject>(routeFor('get', 'test'), { params: { id: asText(summary.id) } });
  });
  return currentOf({ ...views, test: tests });
}

/** A few at a time, in the order of what came in. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  return results;
}
