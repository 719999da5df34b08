import type { AlertItem } from '@tocsin/http-api';
import { assertNever } from '@tocsin/kernel';

type Raised = Pick<AlertItem, 'type' | 'targetKind' | 'reason' | 'evidence'>;

/** Why an alert was raised, in one sentence. */
export function whyOf(alert: Raised): string {
  const what = whatOf(alert);
  // The last that says something: the first failures of an outage are often its least telling.
  const told = alert.evidence.findLast(({ error }) => error !== undefined)?.error;
  // The tests of a job say more on the lines below: one is enough for a sentence.
  const [firstLine = ''] = told?.message.trim().split('\n') ?? [];
  const cause = firstLine.trim().replace(/\.$/, '');
  return cause === '' ? `${what}.` : `${what}: ${cause}.`;
}

function whatOf({ type, targetKind, evidence }: Raised): string {
  const thing = targetKind === 'job' ? 'run' : 'check';
  const times = evidence.length;
  const several = (did: string) => (times > 1 ? `${times} ${thing}s ${did}` : `A ${thing} ${did}`);
  const places = new Set(evidence.map(({ location }) => location));
  const where = places.size > 1 ? ` at ${places.size} locations` : '';
  switch (type) {
    case 'failure':
      return `${several('failed')}${where}`;
    case 'timeout':
      return several('took too long');
    case 'success':
      return `A ${thing} succeeded`;
    case 'ssl_expiring':
      return 'The certificate expires soon';
    case 'unobservable':
      return `${several('could not be made')}${where}`;
    default:
      return assertNever(type);
  }
}
