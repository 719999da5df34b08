import type { AlertDetail, NotificationView } from '@tocsin/http-api';

type Evidence = AlertDetail['evidence'][number];
type Acknowledgement = NonNullable<AlertDetail['acknowledgement']>;

/** What happened in an alert, and when. */
export type Entry =
  | { readonly kind: 'check'; readonly at: string; readonly check: Evidence }
  | { readonly kind: 'raised'; readonly at: string }
  | { readonly kind: 'untold'; readonly at: string; readonly reason: string }
  | { readonly kind: 'notification'; readonly at: string; readonly notification: NotificationView }
  | { readonly kind: 'acknowledged'; readonly at: string; readonly acknowledgement: Acknowledgement }
  | { readonly kind: 'resolved'; readonly at: string; readonly reason: string };

/** Of what has the same instant, the cause comes before its effects. */
const CAUSES_FIRST: readonly Entry['kind'][] = [
  'check',
  'raised',
  'resolved',
  'untold',
  'notification',
  'acknowledged',
];

/** An alert as the story of it, from the first failing check to its end. */
export function timelineOf(alert: AlertDetail): readonly Entry[] {
  const { raisedAt, resolvedAt, resolvedReason, untold, acknowledgement } = alert;
  const checks = [...alert.evidence, ...alert.resolvedEvidence].map(
    (check): Entry => ({ kind: 'check', at: check.finishedAt, check }),
  );
  const told = alert.notifications.map(
    (notification): Entry => ({ kind: 'notification', at: notification.plannedAt, notification }),
  );
  const entries: Entry[] = [
    ...checks,
    { kind: 'raised', at: raisedAt },
    ...(untold === null ? [] : [{ kind: 'untold', at: raisedAt, reason: untold } as const]),
    ...told,
    ...(acknowledgement === null
      ? []
      : [{ kind: 'acknowledged', at: acknowledgement.at, acknowledgement } as const]),
    ...(resolvedAt === null
      ? []
      : [{ kind: 'resolved', at: resolvedAt, reason: resolvedReason ?? 'recovered' } as const]),
  ];
  return entries.toSorted((a, b) => a.at.localeCompare(b.at) || rank(a) - rank(b));
}

const rank = ({ kind }: Entry): number => CAUSES_FIRST.indexOf(kind);
