import type { StatusChanged } from '@tocsin/monitoring';

/** The latest change of each target: what came before it need not be shown any more. */
export function latestOf(changes: Iterable<StatusChanged>): ReadonlyMap<string, StatusChanged> {
  const latest = new Map<string, StatusChanged>();
  for (const change of changes) {
    const known = latest.get(change.targetId);
    if (known === undefined || known.changedAt <= change.changedAt) latest.set(change.targetId, change);
  }
  return latest;
}

interface Target {
  readonly id: string;
  readonly status: string;
  readonly lastStatusChangeAt: string | null;
}

/**
 * An answer in the cache with the statuses as they are now: one monitor or job, a page of them, or pages. What nothing
 * has changed in stays the same object, so that nothing is drawn again for it.
 */
export function withStatus<Answer>(answer: Answer, latest: ReadonlyMap<string, StatusChanged>): Answer {
  return walk(answer, latest) as Answer;
}

function walk(value: unknown, latest: ReadonlyMap<string, StatusChanged>): unknown {
  if (Array.isArray(value))
    return sameOr(
      value,
      value.map((item: unknown) => walk(item, latest)),
    );
  if (typeof value !== 'object' || value === null) return value;
  if ('pages' in value) return sameProperty(value, 'pages', walk(value.pages, latest));
  if ('items' in value) return sameProperty(value, 'items', walk(value.items, latest));
  return isTarget(value) ? changed(value, latest.get(value.id)) : value;
}

const changed = (target: Target, change: StatusChanged | undefined): Target =>
  change === undefined || target.status === change.to || (target.lastStatusChangeAt ?? '') > change.changedAt
    ? target
    : { ...target, status: change.to, lastStatusChangeAt: change.changedAt };

const sameOr = (before: readonly unknown[], after: readonly unknown[]): readonly unknown[] =>
  before.every((item, index) => item === after[index]) ? before : after;

const sameProperty = (object: object, key: string, value: unknown): object =>
  (object as Record<string, unknown>)[key] === value ? object : { ...object, [key]: value };

const isTarget = (value: object): value is Target =>
  'id' in value && 'status' in value && 'revision' in value;
