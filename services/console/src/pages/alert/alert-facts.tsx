import type { AlertDetail } from '@tocsin/http-api';
import type { ReactNode } from 'react';
import { TYPE_NAMES } from '../../parts/alert-words.js';
import { durationText, plural } from '../../parts/amounts.js';
import { Duration } from '../../parts/duration.js';
import { Instant, Since } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import { TargetLink } from '../../parts/target-link.js';
import classes from './alert.module.css';

/** The alert in short. */
export function AlertFacts({ alert }: { readonly alert: AlertDetail }) {
  const { since, raisedAt, resolvedAt, durationMs, targetKind, targetId, targetUrl, locations, providers } =
    alert;
  return (
    <aside className={classes.facts} aria-label="In short">
      <dl>
        <Fact name={targetKind === 'job' ? 'Job' : 'Monitor'}>
          <TargetLink {...alert} />
          {targetUrl !== '' && <span className={classes.quiet}>{targetUrl}</span>}
        </Fact>
        <Fact name="Type">{TYPE_NAMES[alert.type]}</Fact>
        <Fact name="Wrong since">
          <Instant at={since} />
        </Fact>
        <Fact name="Raised">
          <Instant at={raisedAt} />
        </Fact>
        <Fact name="Resolved">
          <Instant at={resolvedAt} never="not yet" />
        </Fact>
        <Fact name="Lasted">
          {durationMs === null ? <Since at={since} format={durationText} /> : <Duration ms={durationMs} />}
        </Fact>
        {locations.length > 0 && <Fact name="Failing at">{locations.join(', ')}</Fact>}
        <Fact name="To be told">
          {providers.length === 0 ? 'nobody' : plural(providers.length, 'provider')}
        </Fact>
        <Fact name="Decided under">revision {alert.policyRevision}</Fact>
      </dl>
      <TextLink to="/alerts" search={{ target: targetId }} size="sm">
        All alerts of this {targetKind}
      </TextLink>
    </aside>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
