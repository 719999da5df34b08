import type { Cause } from '@tocsin/alerting';
import { eventSchemas, isPolicyCause, type NewEvent, policyChange } from '@tocsin/contracts';
import type { ChainedRow } from './chain-check.js';

const CAUSES: ReadonlySet<string> = new Set<NewEvent['type']>([
  'MonitorConfigured',
  'MonitorDeleted',
  'JobConfigured',
  'JobDeleted',
  'AcknowledgementGiven',
]);

/** What the evaluator makes of a configuration: undefined when it is nothing to it, or when it could not decode it. */
export function causeOf(row: Pick<ChainedRow, 'id' | 'type' | 'data' | 'entity_id'>): Cause | undefined {
  if (!CAUSES.has(row.type)) return undefined;
  const decoded = eventSchemas[row.type].safeParse(JSON.parse(row.data));
  if (!decoded.success) return undefined;
  const event = { type: row.type, data: decoded.data } as NewEvent;
  const eventId = row.id;
  if (event.type === 'AcknowledgementGiven') {
    const { alertId, targetId, changedAt, changedBy, note } = event.data;
    const given = { alertId, acknowledgedAt: changedAt, acknowledgedBy: changedBy.name, note };
    return { kind: 'acknowledgement', eventId, targetId, given };
  }
  if (!isPolicyCause(event)) return undefined;
  const targetId = 'monitorId' in event.data ? event.data.monitorId : event.data.jobId;
  return {
    kind: 'policy',
    eventId,
    targetId,
    revision: event.data.revision,
    change: (known) => policyChange(event, known),
  };
}
