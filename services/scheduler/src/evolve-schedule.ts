import {
  heartbeatConfig,
  type LoggedEvent,
  type MonitorConfigured,
  type MonitorDeleted,
} from '@tocsin/contracts';
import { PermanentError, shardOf } from '@tocsin/kernel';
import {
  type CheckCompleted,
  initialDeadline,
  onCadenceChanged,
  onDeadline,
  onReceived,
} from '@tocsin/monitoring';
import { cadenceOf, type ExpectedHeartbeat, type MonitorSchedule } from './schedule.js';

type Known = MonitorSchedule | undefined;

/** @returns the very schedule it was given when the event changes nothing, because it is old, foreign or told again */
export function evolveSchedule(known: Known, event: LoggedEvent): Known {
  if (event.type === 'MonitorConfigured') return onConfigured(known, event.data);
  if (event.type === 'MonitorDeleted') return onDeleted(known, event.data);
  if (event.type === 'CheckCompleted') return onHeartbeat(known, event.data);
  return known;
}

function onConfigured(known: Known, event: MonitorConfigured): Known {
  if (known !== undefined && event.revision <= known.revision) return known;
  const { monitorId, project, name, target, config, secretVersion, locations } = event;
  return {
    monitorId,
    shard: shardOf(monitorId),
    project,
    kind: event.type,
    name,
    target,
    config,
    secretVersion,
    locations,
    intervalSeconds: event.intervalSeconds,
    enabled: event.enabled,
    enabledAt: event.enabledAt,
    deleted: false,
    revision: event.revision,
    heartbeat: event.type === 'heartbeat' ? expectedHeartbeat(known, event) : undefined,
  };
}

function expectedHeartbeat(known: Known, event: MonitorConfigured): ExpectedHeartbeat {
  const { intervalSeconds, enabledAt, changedAt } = event;
  const settings = heartbeatConfig.schema.safeParse(event.config);
  if (!settings.success)
    throw new PermanentError('invalid_event', 'the settings of the heartbeat monitor are not understood');
  const { graceSeconds } = settings.data;
  const before = known?.heartbeat;
  if (known === undefined || before === undefined || known.deleted || known.enabledAt !== enabledAt)
    return { graceSeconds, deadlineAt: initialDeadline(enabledAt, intervalSeconds, graceSeconds) };
  if (known.intervalSeconds === intervalSeconds && before.graceSeconds === graceSeconds) return before;
  const cadence = { intervalSeconds, graceSeconds };
  return { graceSeconds, ...withoutGrace(onCadenceChanged(before, { changedAt, enabledAt, cadence })) };
}

function onDeleted(known: Known, event: MonitorDeleted): Known {
  if (known === undefined || known.deleted || event.revision < known.revision) return known;
  return { ...known, deleted: true, enabled: false, revision: event.revision };
}

/** Any sign of life counts, a reported failure too; a miss that was published moves the deadline on. */
function onHeartbeat(known: Known, event: CheckCompleted): Known {
  const before = known?.heartbeat;
  if (known === undefined || before === undefined || known.deleted || event.slot < known.enabledAt)
    return known;
  const cadence = cadenceOf(known, before);
  const after =
    event.trigger === 'deadline'
      ? onDeadline(before, event.slot, cadence).state
      : onReceived(before, event.slot, cadence);
  if (after === before) return known;
  return { ...known, heartbeat: { graceSeconds: before.graceSeconds, ...withoutGrace(after) } };
}

const withoutGrace = ({ lastReceivedAt, deadlineAt }: Omit<ExpectedHeartbeat, 'graceSeconds'>) => ({
  lastReceivedAt,
  deadlineAt,
});
