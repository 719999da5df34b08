import { BULK_MAX, type MonitorBulkInput } from '@tocsin/http-api';
import { call } from '../../api/call.js';
import { plural } from '../../parts/amounts.js';

export type BulkAction = MonitorBulkInput['action'];
type ListQuery = NonNullable<NonNullable<Parameters<typeof call<'listMonitors'>>[1]>['query']>;

/** In as many requests as it takes, one after the other. */
export async function changeMany(action: BulkAction, ids: readonly string[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < ids.length; from += BULK_MAX) {
    const { items } = await call('changeMonitors', {
      body: { action, ids: ids.slice(from, from + BULK_MAX) },
    });
    outcomes.push(...items);
  }
  return outcomes;
}

/** Every monitor the filters let through, seen or not. */
export async function idsOf(query: ListQuery): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await call('listMonitors', { query: { ...query, limit: 200, cursor } });
    for (const { id } of page.items) ids.add(id);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return ids;
}

interface Outcome {
  readonly id: string;
  readonly outcome: 'done' | 'unchanged' | 'not_found' | 'failed';
}

const DONE: Readonly<Record<BulkAction, string>> = { pause: 'paused', resume: 'resumed', delete: 'deleted' };

/** `12 monitors paused, 3 were already, 1 failed: ask again` */
export function bulkSentence(action: BulkAction, outcomes: readonly Outcome[]): string {
  const count = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const [unchanged, gone, failed] = [count('unchanged'), count('not_found'), count('failed')];
  return [
    `${plural(count('done'), 'monitor')} ${DONE[action]}`,
    ...(unchanged === 0 ? [] : [`${unchanged} already ${unchanged === 1 ? 'was' : 'were'}`]),
    ...(gone === 0 ? [] : [`${gone} no longer there`]),
    ...(failed === 0 ? [] : [`${failed} failed and can be tried again`]),
  ].join(', ');
}
