import type { LoggedAlert } from '@tocsin/alerting';
import { alertEventOf, isTold } from './alert-event.js';
import type { ChainedRow } from './chain-check.js';

/** Alert events are checked in full once. What was no event is remembered, and the rest is only read after that. */
export function createAlertReader() {
  const invalid = new Set<string>();
  let isComplete = false;
  return {
    check(row: ChainedRow): ReturnType<typeof alertEventOf> {
      const alert = alertEventOf(row);
      if (isTold(alert)) invalid.add(row.id);
      return alert;
    },
    /** Every row that will be read has been checked. */
    complete(): void {
      isComplete = true;
    },
    /** undefined for what is no event of the alert log */
    read(row: ChainedRow): LoggedAlert | undefined {
      if (isComplete) return invalid.has(row.id) ? undefined : readEvent(row);
      const alert = alertEventOf(row);
      return isTold(alert) ? undefined : alert;
    },
  };
}

export type AlertReader = ReturnType<typeof createAlertReader>;

const readEvent = ({ position, id, type, data, time }: ChainedRow): LoggedAlert => ({
  place: position,
  eventId: id,
  event: { type, data: JSON.parse(data) as unknown } as LoggedAlert['event'],
  at: time,
});
