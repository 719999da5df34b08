import { DEFAULT_ALERT_CONFIG, type PolicyChanged, RUN_LOCATION } from '@tocsin/alerting';
import { assertNever } from '@tocsin/kernel';
import type { JobConfigured, JobDeleted, MonitorConfigured, MonitorDeleted, NewEvent } from './events.js';

/** A configuration that goes on the alert log as a policy (R10). */
export type PolicyCause = NewEvent<'MonitorConfigured' | 'MonitorDeleted' | 'JobConfigured' | 'JobDeleted'>;
type PolicyChange = Omit<PolicyChanged, 'position'>;

export function isPolicyCause<E extends NewEvent>(event: E): event is E & PolicyCause {
  return (
    event.type === 'MonitorConfigured' ||
    event.type === 'MonitorDeleted' ||
    event.type === 'JobConfigured' ||
    event.type === 'JobDeleted'
  );
}

/** A configuration in the words of the rules. @param known the policy in force: a deletion says only what is gone */
export function policyChange(event: PolicyCause, known: PolicyChanged | undefined): PolicyChange {
  switch (event.type) {
    case 'MonitorConfigured':
      return ofMonitor(event.data);
    case 'JobConfigured':
      return ofJob(event.data);
    case 'MonitorDeleted':
      return deleted(event.data, event.data.monitorId, 'monitor', known);
    case 'JobDeleted':
      return deleted(event.data, event.data.jobId, 'job', known);
    default:
      return assertNever(event);
  }
}

function ofMonitor(monitor: MonitorConfigured): PolicyChange {
  // A heartbeat is heard in one place, and its target is the token of whoever sends it
  const isHeartbeat = monitor.type === 'heartbeat';
  return {
    project: monitor.project,
    target: {
      id: monitor.monitorId,
      kind: 'monitor',
      name: monitor.name,
      url: isHeartbeat ? '' : monitor.target,
    },
    policyRevision: monitor.revision,
    enabled: monitor.enabled,
    deleted: false,
    alertConfig: monitor.alertConfig,
    locations: isHeartbeat ? [RUN_LOCATION] : monitor.locations,
    quorum: isHeartbeat ? 'any' : monitor.quorum,
    changedAt: monitor.changedAt,
  };
}

function ofJob(job: JobConfigured): PolicyChange {
  return {
    project: job.project,
    target: { id: job.jobId, kind: 'job', name: job.name, url: '' },
    policyRevision: job.revision,
    enabled: job.enabled,
    deleted: false,
    alertConfig: job.alertConfig,
    locations: [],
    quorum: '',
    changedAt: job.changedAt,
  };
}

function deleted(
  { project, revision, changedAt }: MonitorDeleted | JobDeleted,
  id: string,
  kind: 'monitor' | 'job',
  known: PolicyChanged | undefined,
): PolicyChange {
  return {
    project,
    target: known?.target ?? { id, kind, name: '', url: '' },
    policyRevision: revision,
    enabled: false,
    deleted: true,
    alertConfig: known?.alertConfig ?? DEFAULT_ALERT_CONFIG,
    locations: known?.locations ?? [],
    quorum: known?.quorum ?? '',
    changedAt,
  };
}
