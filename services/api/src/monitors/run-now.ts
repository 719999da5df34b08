import { type NewEvent, subjects } from '@tocsin/contracts';
import { DomainError, derivedId, type Instant } from '@tocsin/kernel';
import type { MonitorRow } from '../database.js';
import { SOURCE } from '../event-tables.js';

/**
 * A check at every location for a slot of its own.
 * @throws DomainError `conflict` with the reason why there is nothing to check
 */
export function checksNow(monitor: MonitorRow, slot: Instant): NewEvent<'CheckDue'>[] {
  const { id, type, project } = monitor;
  if (type === 'heartbeat')
    throw new DomainError('conflict', 'a heartbeat is received, there is nothing to check');
  if (!monitor.enabled) throw new DomainError('conflict', 'the monitor is paused: resume it first');
  return monitor.locations.map((location) => ({
    type: 'CheckDue',
    id: derivedId('due', id, slot, location),
    source: SOURCE,
    time: slot,
    natsSubject: subjects.checkDue(location, type, id),
    entityId: id,
    data: {
      monitorId: id,
      project,
      kind: type,
      slot,
      location,
      target: monitor.target,
      config: monitor.config,
      configRevision: monitor.revision,
      ...(monitor.secret_version === null ? {} : { secretVersion: monitor.secret_version }),
      trigger: 'manual',
    },
  }));
}
