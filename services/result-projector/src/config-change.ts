import type { EventMap, LoggedEvent } from '@tocsin/contracts';
import type { Quorum, StatusInput, TargetKind } from '@tocsin/monitoring';

/** What a CONFIG event means for a status. */
export interface ConfigChange {
  readonly eventId: string;
  readonly targetId: string;
  readonly targetKind: TargetKind;
  readonly project: string;
  readonly revision: number;
  readonly changedAt: string;
  readonly input: StatusInput;
}

/**
 * A change with its place among the results of its target. CONFIG and RESULTS are two streams: in which order their events
 * met is in neither, and a rebuild that mixed them otherwise would tell another history.
 */
export interface PlacedChange extends ConfigChange {
  /** it came after this sequence of RESULTS and before the next of its target; undefined until it was folded live */
  readonly position: number | undefined;
}

/** undefined for what no status depends on */
export function configChange(event: LoggedEvent): ConfigChange | undefined {
  if (event.type === 'MonitorConfigured')
    return changeOf(event.id, 'monitor', event.data.monitorId, event.data, monitorInput(event.data));
  if (event.type === 'MonitorDeleted')
    return changeOf(event.id, 'monitor', event.data.monitorId, event.data, { type: 'deleted' });
  if (event.type === 'JobConfigured')
    return changeOf(event.id, 'job', event.data.jobId, event.data, jobInput(event.data));
  if (event.type === 'JobDeleted')
    return changeOf(event.id, 'job', event.data.jobId, event.data, { type: 'deleted' });
  return undefined;
}

function jobInput({ enabled, enabledAt, changedAt }: EventMap['JobConfigured']): StatusInput {
  return { type: 'configured', enabled, enabledAt, locations: [], quorum: 'any', changedAt };
}

function monitorInput(data: EventMap['MonitorConfigured']): StatusInput {
  return {
    type: 'configured',
    enabled: data.enabled,
    enabledAt: data.enabledAt,
    // A heartbeat is received, not made somewhere.
    locations: data.type === 'heartbeat' ? [] : data.locations,
    quorum: quorumOf(data.quorum),
    changedAt: data.changedAt,
  };
}

function quorumOf(text: string): Quorum {
  return text === 'any' || text === 'majority' || text === 'all' ? text : Number(text);
}

function changeOf(
  eventId: string,
  targetKind: TargetKind,
  targetId: string,
  data: { readonly project: string; readonly revision: number; readonly changedAt: string },
  input: StatusInput,
): ConfigChange {
  const { project, revision, changedAt } = data;
  return { eventId, targetId: targetId.toLowerCase(), targetKind, project, revision, changedAt, input };
}
