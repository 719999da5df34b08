import type { AlertItem } from '@tocsin/http-api';
import { assertNever } from '@tocsin/kernel';

type Raised = Pick<AlertItem, 'type' | 'targetKind' | 'reason' | 'evidence'>;

/** Why an alert was raised, in one sentence. */
export function whyOf(alert: Raised): string {
  const what = whatOf(alert);
  const cause = alert.evidence.at(-1)?.error?.message.trim().replace(/\.$/, '') ?? '';
  return cause === '' ? `${what}.` : `${what}: ${cause}.`;
}

function whatOf({ type, targetKind, evidence }: Raised): string {
  const thing = targetKind === 'job' ? 'run' : 'check';
  const times = evidence.length;
  const inARow = (did: string) => (times > 1 ? `${times} ${thing}s ${did}` : `A ${thing} ${did}`);
  const places = new Set(evidence.map(({ location }) => location));
  const where = places.size > 1 ? ` at ${places.size} locations` : '';
  switch (type) {
    case 'failure':
      return `${inARow('failed')}${where}`;
    case 'timeout':
      return inARow('took too long');
    case 'success':
      return `A ${thing} succeeded`;
    case 'ssl_expiring':
      return 'The certificate expires soon';
    case 'unobservable':
      return `${inARow('could not be made')}${where}`;
    default:
      return assertNever(type);
  }
}
