import type { AlertAcknowledged } from './alert.js';
import { firstDifference } from './first-difference.js';
import { finding, type LoggedAlert, type ShardLog, type Target, type Walk } from './verify-log.js';

/** Judges that somebody has seen an alert by the alert and by what that person asked for. */
export function takeAcknowledgement(
  walk: Walk,
  { causes }: ShardLog,
  one: LoggedAlert,
  data: AlertAcknowledged,
): void {
  const target = walk.targetOf(data.target.id);
  const { alertId, position } = data;
  const { policy } = target.state;
  const open = openAlert(target, alertId);
  const by = causes === undefined ? 'evidence' : 're-decided';
  if (policy === undefined || open === undefined || open.acknowledgedAt !== undefined) {
    const expected = 'an open alert that nobody had acknowledged';
    walk.settle(target, one, by, finding('unexpected', { field: 'alertId', expected, found: alertId }));
    return;
  }
  const base = { alertId, project: policy.project, target: policy.target, position };
  const given = target.acknowledgements.filter((cause) => cause.given.alertId === alertId);
  const { acknowledgedAt, acknowledgedBy, note } = data;
  const wanted =
    causes === undefined
      ? [{ acknowledgedAt, acknowledgedBy, note, ...base }]
      : given.map((cause) => ({ ...cause.given, ...base }));
  const differences = wanted.map((expected) => firstDifference(expected, data));
  const none = { field: 'alertId', expected: 'one that CONFIG says was acknowledged', found: alertId };
  const difference = differences.includes(undefined) ? undefined : (differences[0] ?? none);
  walk.settle(target, one, by, finding('differs', difference, given[0]?.eventId));
}

/** What people acknowledged and the log does not say. @returns how many came when the alert had ended */
export function checkAcknowledgements(walk: Walk, target: Target): number {
  let withoutEffect = 0;
  for (const { eventId, given } of target.acknowledgements) {
    const open = openAlert(target, given.alertId);
    if (open === undefined) withoutEffect += 1;
    else if (open.acknowledgedAt === undefined)
      walk.differ(target, { kind: 'missing', type: 'AlertAcknowledged', cause: eventId, expected: given });
  }
  return withoutEffect;
}

const openAlert = ({ state }: Target, alertId: string) =>
  Object.values(state.episodes).find((episode) => episode.alertId === alertId);
