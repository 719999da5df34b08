import type { QueryClient } from '@tanstack/react-query';
import { about, type Resource } from '../api/queries.js';
import { atMostEvery } from './batch.js';
import type { LiveEvent } from './live-event.js';
import { latestOf, withStatus } from './with-status.js';

const REST_MS = 1_000;
/** Counting is dearer for the api than a page of a list. */
const COUNT_REST_MS = 3_000;

/** What is on the screen follows the live events: statuses at once, the rest is read again, not more than once a second. */
export function keepFresh(queries: QueryClient): (events: readonly LiveEvent[]) => void {
  const readAgain = (resource: Resource, restMs = REST_MS) =>
    atMostEvery(
      restMs,
      () => void queries.invalidateQueries({ queryKey: about(resource) }),
      (run, ms) => void setTimeout(run, ms),
    );
  const alerts = readAgain('alerts');
  const notifications = readAgain('notifications');
  const runs = readAgain('runs');
  const overview = readAgain('overview', COUNT_REST_MS);

  return (events) => {
    overview();
    const statuses = events.flatMap((event) => (event.topic === 'status' ? [event.data] : []));
    for (const [kind, resource] of [
      ['monitor', 'monitors'],
      ['job', 'jobs'],
    ] as const) {
      const latest = latestOf(statuses.filter(({ targetKind }) => targetKind === kind));
      if (latest.size === 0) continue;
      queries.setQueriesData({ queryKey: about(resource) }, (answer: unknown) => withStatus(answer, latest));
      if (kind === 'job') runs();
    }
    if (events.some(({ topic }) => topic !== 'status')) alerts();
    if (events.some(({ topic }) => topic === 'delivery')) notifications();
  };
}
