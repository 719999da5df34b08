import type { AlertItem, NotificationView } from '@tocsin/http-api';
import { words } from './amounts.js';

type About = Pick<AlertItem, 'type' | 'targetKind' | 'state'>;

const OPEN: Record<AlertItem['type'], string> = {
  failure: 'is down',
  timeout: 'times out',
  ssl_expiring: 'has a certificate that expires soon',
  success: 'succeeded',
  unobservable: 'cannot be checked',
};
const PAST: Record<AlertItem['type'], string> = {
  failure: 'was down',
  timeout: 'timed out',
  ssl_expiring: 'had a certificate about to expire',
  success: 'succeeded',
  unobservable: 'could not be checked',
};

/** What follows the name of the monitor or job: `is down`. */
export function predicateOf({ type, targetKind, state }: About): string {
  if (type === 'failure' && targetKind === 'job') return state === 'open' ? 'is failing' : 'was failing';
  return state === 'open' ? OPEN[type] : PAST[type];
}

export const TYPE_NAMES: Record<AlertItem['type'], string> = {
  failure: 'Failure',
  timeout: 'Timeout',
  ssl_expiring: 'Certificate expiring',
  success: 'Success',
  unobservable: 'Cannot be checked',
};

const RAISED: Readonly<Record<string, string>> = {
  threshold_reached: 'as many failures in a row as its alert settings ask for',
  certificate_expiring: 'the certificate came inside its warning period',
  not_observable: 'too many checks in a row could not be made',
};

const RESOLVED: Readonly<Record<string, string>> = {
  recovered: 'it recovered',
  paused: 'it was paused, so nothing was left to watch',
  disabled: 'its alerts were switched off',
  deleted: 'it was deleted',
  ended: 'it was over as soon as it was told',
  superseded: 'a newer alert took its place',
};

const UNTOLD: Readonly<Record<string, string>> = {
  muted: 'it was muted when it began',
  failure_not_wanted: 'its alert settings do not want failures told',
  type_not_wanted: 'its alert settings do not want this kind of alert told',
  provider_disabled: 'the provider is switched off',
  provider_deleted: 'the provider was deleted',
  already_told: 'it had been told already',
  did_not_hear: 'it had not heard of the beginning',
  recovery_not_wanted: 'its alert settings do not want recoveries told',
  success_has_no_end: 'a success has no end to tell of',
};

const from = (table: Readonly<Record<string, string>>) => (code: string) => table[code] ?? words(code);

export const raisedBecause = from(RAISED);
export const resolvedBecause = from(RESOLVED);
export const untoldBecause = from(UNTOLD);

const EVENTS: Readonly<Record<string, string>> = {
  'alert.raised': 'beginning',
  'alert.unmuted': 'alert after its muting ended',
  'alert.resolved': 'end',
};

/** What a notification is about: `beginning`, `end`. */
export const eventWord = ({ alertEvent }: Pick<NotificationView, 'alertEvent'>): string =>
  EVENTS[alertEvent] ?? words(alertEvent.replace(/^alert\./, ''));
