import { useQuery } from '@tanstack/react-query';
import type { AlertItem, Overview } from '@tocsin/http-api';
import { CircleCheck } from 'lucide-react';
import { AcknowledgeButton } from '../../parts/acknowledge-button.js';
import { AlertMark } from '../../parts/alert-mark.js';
import { predicateOf } from '../../parts/alert-words.js';
import { durationText, plural } from '../../parts/amounts.js';
import { Since } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { openAlertsQuery } from '../../shell/nav.js';
import classes from './overview.module.css';

const SHOWN = 8;

/** What is wrong now: nobody's first, then the longest. */
const byUrgency = (a: AlertItem, b: AlertItem): number =>
  Number(a.acknowledgedAt !== null) - Number(b.acknowledgedAt !== null) || a.since.localeCompare(b.since);

export function OpenAlerts({ counts }: { readonly counts: Overview['counts'] }) {
  const alerts = useQuery(openAlertsQuery);
  if (alerts.isPending) return <Waiting rows={2} height={56} />;
  if (alerts.isError) return <Problem error={alerts.error} retry={() => void alerts.refetch()} />;
  const open = alerts.data.items.toSorted(byUrgency);
  if (open.length === 0) return <AllWell counts={counts} />;
  return (
    <section aria-labelledby="wrong" className={classes.section}>
      <h2 id="wrong" className={classes.heading}>
        Wrong now
      </h2>
      <ul className={classes.alerts}>
        {open.slice(0, SHOWN).map((alert) => (
          <OpenAlert key={alert.id} {...alert} />
        ))}
      </ul>
      {open.length > SHOWN && (
        <TextLink to="/alerts" search={{ state: 'open' }} size="sm">
          All {plural(counts.alerts.open, 'open alert')}
        </TextLink>
      )}
    </section>
  );
}

function OpenAlert(alert: AlertItem) {
  const { id, targetName, why, since, acknowledgedBy } = alert;
  return (
    <li className={classes.alert} data-severity={alert.severity} data-taken={acknowledgedBy !== null}>
      <AlertMark {...alert} />
      <div className={classes.what}>
        <TextLink to="/alerts/$id" params={{ id }} className={classes.name}>
          {targetName} {predicateOf(alert)}
        </TextLink>
        <span className={classes.why}>{why}</span>
      </div>
      <span className={classes.since}>
        for <Since at={since} format={durationText} />
        {acknowledgedBy !== null && <span className={classes.why}>{acknowledgedBy} is on it</span>}
      </span>
      <AcknowledgeButton {...alert} />
    </li>
  );
}

function AllWell({ counts: { monitors } }: { readonly counts: Overview['counts'] }) {
  const watched = monitors.total - (monitors.byStatus.paused ?? 0);
  return (
    <section className={classes.well}>
      <CircleCheck size={20} aria-hidden className={classes.wellIcon} />
      <div>
        <h2 className={classes.name}>Nothing is wrong</h2>
        <span className={classes.why}>
          No alert is open. {plural(watched, 'monitor')} {watched === 1 ? 'is' : 'are'} being watched.
        </span>
      </div>
    </section>
  );
}
