import type { ReactNode } from 'react';
import classes from './facts.module.css';

type Fact = readonly [label: string, value: ReactNode];

/** What is known about something, by name. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(([label, value]) => (
        <div key={label} className={classes.fact}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
