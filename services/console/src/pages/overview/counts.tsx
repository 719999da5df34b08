import { Link } from '@tanstack/react-router';
import type { Overview } from '@tocsin/http-api';
import type { Status } from '@tocsin/monitoring';
import { CirclePlay, MailX, Send } from 'lucide-react';
import type { ReactNode } from 'react';
import { countText } from '../../parts/amounts.js';
import { STATUS_MARKS } from '../../parts/status-badge.js';
import classes from './overview.module.css';

type Numbers = Overview['counts'];

/** Worst first, as everywhere; those there are none of are left out, but for the two everybody looks for. */
const ORDER: readonly Status[] = ['down', 'degraded', 'unknown', 'up', 'pending', 'paused', 'maintenance'];
const ALWAYS: readonly Status[] = ['down', 'up'];

export function Counts({ counts }: { readonly counts: Numbers }) {
  return (
    <section aria-label="Counts" className={classes.counts}>
      <Group label="Monitors">
        <StatusCounts to="/monitors" byStatus={counts.monitors.byStatus} />
      </Group>
      {counts.jobs.total > 0 && (
        <Group label="Jobs">
          <StatusCounts to="/jobs" byStatus={counts.jobs.byStatus} />
        </Group>
      )}
      <Group label="Runs and messages">
        <Link to="/runs" search={{ status: 'running' }} className={classes.count}>
          <Count number={counts.runs.running} word="Running" icon={<CirclePlay size={14} aria-hidden />} />
        </Link>
        <Link
          to="/providers"
          className={classes.count}
          data-tone={counts.deliveries.failingProviders > 0 ? 'bad' : ''}
        >
          <Count
            number={counts.deliveries.failingProviders}
            word="Failing providers"
            icon={<Send size={14} aria-hidden />}
          />
        </Link>
        <Link
          to="/providers/dead-letters"
          className={classes.count}
          data-tone={counts.deliveries.deadLetters > 0 ? 'bad' : ''}
        >
          <Count
            number={counts.deliveries.deadLetters}
            word="Undelivered"
            icon={<MailX size={14} aria-hidden />}
          />
        </Link>
      </Group>
    </section>
  );
}

function Group({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes.group}>
      <h2 className={classes.heading}>{label}</h2>
      <div className={classes.numbers}>{children}</div>
    </div>
  );
}

interface StatusCountsProps {
  readonly to: '/monitors' | '/jobs';
  readonly byStatus: Numbers['monitors']['byStatus'];
}

function StatusCounts({ to, byStatus }: StatusCountsProps) {
  return ORDER.filter((status) => ALWAYS.includes(status) || (byStatus[status] ?? 0) > 0).map((status) => {
    const { word, icon: Icon, tone } = STATUS_MARKS[status];
    const number = byStatus[status] ?? 0;
    return (
      <Link
        key={status}
        to={to}
        search={{ status }}
        className={classes.count}
        data-tone={number > 0 ? tone : ''}
      >
        <Count number={number} word={word} icon={<Icon size={14} aria-hidden />} />
      </Link>
    );
  });
}

function Count({
  number,
  word,
  icon,
}: {
  readonly number: number;
  readonly word: string;
  readonly icon: ReactNode;
}) {
  return (
    <>
      <span className={classes.number}>{countText(number)}</span>
      <span className={classes.word}>
        {icon}
        {word}
      </span>
    </>
  );
}
