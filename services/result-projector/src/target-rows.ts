import type { Instant } from '@tocsin/kernel';
import type { LocationState, Outcome } from '@tocsin/monitoring';
import type { Target } from './target.js';

/** What seldom changes: written when it does. `state` is text, for nobody else reads it and jsonb would be parsed twice. */
export interface StateRow {
  readonly target_id: string;
  readonly target_kind: string;
  readonly project: string;
  readonly status: string;
  readonly last_status_change_at: Instant | undefined;
  readonly deleted: boolean;
  readonly config_waits: boolean;
  readonly state: string;
}

/** What every result changes: narrow, for the width of this row is what a result costs. */
export interface LastRow {
  readonly target_id: string;
  readonly last_check_at: Instant | undefined;
  readonly last_latency_ms: number | undefined;
  readonly last_outcome: string | undefined;
  readonly last_sequence: number;
  /** last slot by location */
  readonly last_slots: string;
}

type StoredState = Pick<Target, 'status' | 'revision' | 'lastStatusChangeAt'>;
type Slots = Readonly<Record<string, Instant>>;

const mapLocations = <T>(target: Target, map: (location: LocationState) => T) =>
  Object.fromEntries(Object.entries(target.status.byLocation).map(([name, state]) => [name, map(state)]));

export function stateRow(target: Target): StateRow {
  const { status, revision, lastStatusChangeAt, configWaits } = target;
  // Slots are in the other row: a copy here would tell where a batch happened to end.
  const byLocation = mapLocations(target, (location) => ({ ...location, lastSlot: '' }));
  const stored: StoredState = { status: { ...status, byLocation }, revision, lastStatusChangeAt };
  return {
    target_id: status.targetId,
    target_kind: status.targetKind,
    project: status.project,
    status: status.status,
    last_status_change_at: lastStatusChangeAt,
    deleted: status.deleted ?? false,
    config_waits: configWaits,
    state: JSON.stringify(stored),
  };
}

export function lastRow(target: Target): LastRow {
  return {
    target_id: target.status.targetId,
    last_check_at: target.lastCheckAt,
    last_latency_ms: target.lastLatencyMs,
    last_outcome: target.lastOutcome,
    last_sequence: target.lastSequence,
    last_slots: JSON.stringify(mapLocations(target, ({ lastSlot }) => lastSlot)),
  };
}

export interface LoadedRow {
  readonly target_id: string;
  readonly config_waits: boolean;
  readonly state: string;
  readonly last_check_at: Instant | null;
  readonly last_latency_ms: number | null;
  readonly last_outcome: Outcome | null;
  readonly last_sequence: number | null;
  readonly last_slots: string | null;
}

export function targetOfRow(row: LoadedRow): Target {
  const { status, revision, lastStatusChangeAt } = JSON.parse(row.state) as StoredState;
  const slots = JSON.parse(row.last_slots ?? '{}') as Slots;
  const byLocation = Object.fromEntries(
    Object.entries(status.byLocation).map(([name, state]) => [
      name,
      { ...state, lastSlot: slots[name] ?? '' },
    ]),
  );
  return {
    status: { ...status, byLocation },
    revision,
    lastStatusChangeAt,
    configWaits: row.config_waits,
    lastSequence: row.last_sequence ?? 0,
    lastCheckAt: row.last_check_at ?? undefined,
    lastLatencyMs: row.last_latency_ms ?? undefined,
    lastOutcome: row.last_outcome ?? undefined,
  };
}

/** Whether both make the same state row. */
export function isSameState(a: Target, b: Target): boolean {
  const [one, other] = [a.status, b.status];
  if (a.revision !== b.revision || a.configWaits !== b.configWaits) return false;
  if (one.status !== other.status || one.deleted !== other.deleted) return false;
  // There and back within a batch is a change all the same.
  if (a.lastStatusChangeAt !== b.lastStatusChangeAt) return false;
  if (one.byLocation === other.byLocation) return true;
  const names = Object.keys(one.byLocation);
  if (names.length !== Object.keys(other.byLocation).length) return false;
  return names.every((name) => {
    const [was, is] = [one.byLocation[name], other.byLocation[name]];
    return is !== undefined && was?.verdict === is.verdict && was?.errorsInARow === is.errorsInARow;
  });
}

/** Whether both make the same last row. */
export function isSameLast(a: Target, b: Target): boolean {
  return (
    a.lastSequence === b.lastSequence &&
    a.lastCheckAt === b.lastCheckAt &&
    a.status.byLocation === b.status.byLocation
  );
}
