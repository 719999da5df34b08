import { type NewEvent, subjects } from '@tocsin/contracts';
import { derivedId, type Instant, toInstant } from '@tocsin/kernel';
import type { DeadlineDecision } from '@tocsin/monitoring';
import type { ExpectedHeartbeat, MonitorSchedule } from './schedule.js';
import type { Taken } from './timetable.js';

const SOURCE = 'tocsin/scheduler';
/** Where the results of heartbeats are: nobody goes and looks, so there is only one. */
const HEARTBEAT_LOCATION = 'local';

/** A check for each due slot and location, and one record of all slots that nobody will run. */
export function dueEvents({ schedule, plan }: Taken, time: Instant): NewEvent[] {
  const { monitorId, project, kind, target, config, revision, secretVersion } = schedule;
  const events: NewEvent[] = [];
  for (const { slotMs, trigger } of plan.due) {
    const slot = toInstant(slotMs);
    for (const location of schedule.locations)
      events.push({
        type: 'CheckDue',
        id: derivedId('due', monitorId, slot, location),
        source: SOURCE,
        time,
        natsSubject: subjects.checkDue(location, kind, monitorId),
        entityId: monitorId,
        data: {
          monitorId,
          project,
          kind,
          slot,
          location,
          target,
          config,
          configRevision: revision,
          ...(secretVersion === undefined ? {} : { secretVersion }),
          trigger,
        },
      });
  }
  if (plan.missed !== undefined) {
    const { firstSlotMs, lastSlotMs, count } = plan.missed;
    events.push(missed(schedule, toInstant(firstSlotMs), toInstant(lastSlotMs), count, time));
  }
  return events;
}

/** A missed heartbeat is a failed result in the slot of its deadline. */
export function heartbeatMissedEvents(
  schedule: MonitorSchedule,
  heartbeat: ExpectedHeartbeat,
  decision: Extract<DeadlineDecision, { reason: 'deadline_passed' }>,
  time: Instant,
): NewEvent[] {
  const { monitorId, project, revision, intervalSeconds } = schedule;
  const { lastReceivedAt, graceSeconds } = heartbeat;
  const since =
    lastReceivedAt === undefined ? 'none was ever received' : `the last came at ${lastReceivedAt}`;
  const events: NewEvent[] = [
    {
      type: 'CheckCompleted',
      id: derivedId('heartbeat-missed', monitorId, decision.slot),
      source: SOURCE,
      time,
      natsSubject: subjects.result(project, 'heartbeat', monitorId),
      entityId: monitorId,
      data: {
        monitorId,
        project,
        kind: 'heartbeat',
        slot: decision.slot,
        location: HEARTBEAT_LOCATION,
        outcome: 'down',
        startedAt: decision.slot,
        finishedAt: time < decision.slot ? decision.slot : time,
        latencyMs: 0,
        timings: { totalMs: 0 },
        attempts: 1,
        error: {
          code: 'heartbeat_missed',
          message: `no heartbeat by ${decision.slot}: one is expected every ${intervalSeconds} s, with ${graceSeconds} s of grace, and ${since}`,
        },
        observed: lastReceivedAt === undefined ? {} : { lastReceivedAt },
        configRevision: revision,
        trigger: 'deadline',
      },
    },
  ];
  if (decision.missed !== undefined) {
    const { firstSlot, lastSlot, count } = decision.missed;
    events.push(missed(schedule, firstSlot, lastSlot, count, time));
  }
  return events;
}

function missed(
  { monitorId, project, heartbeat }: MonitorSchedule,
  firstSlot: Instant,
  lastSlot: Instant,
  count: number,
  time: Instant,
): NewEvent<'CheckMissed'> {
  return {
    type: 'CheckMissed',
    id: derivedId('missed', monitorId, firstSlot, lastSlot),
    source: SOURCE,
    time,
    natsSubject: subjects.result(project, heartbeat === undefined ? 'monitor' : 'heartbeat', monitorId),
    entityId: monitorId,
    data: { monitorId, project, firstSlot, lastSlot, count, reason: 'scheduler_was_down' },
  };
}
