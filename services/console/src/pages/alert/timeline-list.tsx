import type { AlertDetail } from '@tocsin/http-api';
import { assertNever } from '@tocsin/kernel';
import {
  BellRing,
  CheckCheck,
  CircleCheck,
  CircleX,
  type LucideIcon,
  Send,
  TriangleAlert,
  VolumeX,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { raisedBecause, resolvedBecause, untoldBecause } from '../../parts/alert-words.js';
import { durationText, plural, sentence } from '../../parts/amounts.js';
import { Instant } from '../../parts/instant.js';
import type { Tone } from '../../parts/mark.js';
import classes from './alert.module.css';
import { NotificationEntry } from './notification-entry.js';
import { type Entry, timelineOf } from './timeline.js';

/** The explanation: checks, the decision, who was told and what they answered, who took it, how it ended. */
export function Timeline({ alert }: { readonly alert: AlertDetail }) {
  return (
    <ol className={classes.timeline}>
      {timelineOf(alert).map((entry) => {
        const { tone, icon: Icon } = lookOf(entry);
        return (
          <li key={keyOf(entry)} className={classes.entry} data-tone={tone}>
            <span className={classes.dot}>
              <Icon size={14} aria-hidden />
            </span>
            <div className={classes.body}>{bodyOf(entry, alert)}</div>
            <span className={classes.when}>
              <Instant at={entry.at} clock />
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function keyOf(entry: Entry): string {
  if (entry.kind === 'check') return entry.check.eventId;
  return entry.kind === 'notification' ? entry.notification.id : entry.kind;
}

function lookOf(entry: Entry): { readonly tone: Tone; readonly icon: LucideIcon } {
  switch (entry.kind) {
    case 'check':
      return checkLook(entry.check.outcome);
    case 'raised':
      return { tone: 'bad', icon: BellRing };
    case 'untold':
      return { tone: 'calm', icon: VolumeX };
    case 'notification': {
      const { state } = entry.notification;
      if (state === 'muted') return { tone: 'calm', icon: VolumeX };
      return { tone: state === 'failed' ? 'bad' : state === 'delivered' ? 'good' : 'info', icon: Send };
    }
    case 'acknowledged':
      return { tone: 'info', icon: CheckCheck };
    case 'resolved':
      return { tone: 'good', icon: CircleCheck };
    default:
      return assertNever(entry);
  }
}

function checkLook(outcome: string): { readonly tone: Tone; readonly icon: LucideIcon } {
  if (outcome === 'up' || outcome === 'passed') return { tone: 'good', icon: CircleCheck };
  return outcome === 'degraded' ? { tone: 'warn', icon: TriangleAlert } : { tone: 'bad', icon: CircleX };
}

function bodyOf(entry: Entry, alert: AlertDetail): ReactNode {
  switch (entry.kind) {
    case 'check':
      return <CheckBody check={entry.check} thing={alert.targetKind === 'job' ? 'Run' : 'Check'} />;
    case 'raised':
      return (
        <Words title="Alert raised">
          {sentence(raisedBecause(alert.reason))}
          {alert.locations.length > 1 && `, at ${plural(alert.locations.length, 'location')}`}. Decided by
          revision {alert.policyRevision} of its settings.
        </Words>
      );
    case 'untold':
      return <Words title="Nobody was told">Because {untoldBecause(entry.reason)}.</Words>;
    case 'notification':
      return <NotificationEntry notification={entry.notification} />;
    case 'acknowledged':
      return <Words title={`${entry.acknowledgement.by} is on it`}>{entry.acknowledgement.note}</Words>;
    case 'resolved':
      return <Words title="Alert resolved">Because {resolvedBecause(entry.reason)}.</Words>;
    default:
      return assertNever(entry);
  }
}

function Words({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <strong>{title}</strong>
      <span className={classes.quiet}>{children}</span>
    </>
  );
}

function CheckBody({
  check,
  thing,
}: {
  readonly check: AlertDetail['evidence'][number];
  readonly thing: string;
}) {
  return (
    <Words title={`${thing}: ${check.outcome}`}>
      {check.error === undefined ? '' : `${sentence(check.error.message)} · `}
      {durationText(check.latencyMs)} · {check.location}
    </Words>
  );
}
