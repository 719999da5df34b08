import { type AlertEvent, firstDifference, type LoggedAlert } from '@tocsin/alerting';
import { alertLogEvent, eventSchemas } from '@tocsin/contracts';
import type { ChainedRow } from './chain-check.js';
import type { Difference } from './difference.js';

const TYPES: readonly string[] = [
  'AlertRaised',
  'AlertUnmuted',
  'AlertResolved',
  'AlertAcknowledged',
  'PolicyChanged',
] satisfies AlertEvent['type'][];

const isAlertType = (type: string): type is AlertEvent['type'] => TYPES.includes(type);

type Told = Pick<Difference, 'kind' | 'field' | 'expected' | 'found' | 'sentence'>;

/** A row of the alert log as the rules know it, or why it is no event of theirs. */
export function alertEventOf(row: ChainedRow): LoggedAlert | Told {
  if (!isAlertType(row.type))
    return {
      kind: 'invalid',
      field: 'type',
      found: row.type,
      sentence: 'no event of the alert log has this type',
    };
  const data = parsed(row.data);
  const schema = eventSchemas[row.type].safeParse(data);
  if (!schema.success) {
    const [issue] = schema.error.issues;
    const field = ['data', ...(issue?.path ?? [])].join('.');
    return { kind: 'invalid', field, sentence: `${field}: ${issue?.message ?? 'not valid'}` };
  }
  const event = { type: row.type, data } as AlertEvent;
  const made = alertLogEvent(event, undefined);
  const expected = {
    id: made.id,
    subject: made.natsSubject,
    source: made.source,
    entity: made.entityId,
    time: made.time,
  };
  const found = {
    id: row.id,
    subject: row.subject,
    source: row.source,
    entity: row.entity_id,
    time: row.time,
  };
  const different = firstDifference(expected, found);
  if (different !== undefined)
    return {
      kind: 'invalid',
      ...different,
      sentence: `its ${different.field} does not follow from what it says`,
    };
  return { place: row.position, eventId: row.id, event, at: made.time };
}

export const isTold = (alert: LoggedAlert | Told): alert is Told => 'kind' in alert;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
