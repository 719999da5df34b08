import type { ResultView } from '@tocsin/http-api';
import { plural } from './amounts.js';
import classes from './outcome-bar.module.css';
import { clockTime } from './time.js';

type Outcome = ResultView['outcome'];

export interface OutcomeCell {
  /** of the check: slot and location */
  readonly id: string;
  readonly outcome: Outcome;
  readonly at: string;
  /** said on hover after outcome and time */
  readonly note?: string;
}

interface OutcomeBarProps {
  /** oldest first; the last ones are shown */
  readonly cells: readonly OutcomeCell[];
  readonly count?: number;
}

/** The last checks side by side: heights differ as well as colours. */
export function OutcomeBar({ cells, count = 100 }: OutcomeBarProps) {
  const shown = cells.slice(-count);
  const missing = Array.from({ length: count - shown.length }, (_, index) => `none ${index}`);
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a picture made of elements, each with its own title
    <div className={classes.bar} role="img" aria-label={summary(shown)}>
      {missing.map((key) => (
        <span key={key} className={`${classes.cell} ${classes.none}`} />
      ))}
      {shown.map(({ id, outcome, at, note }) => (
        <span
          key={id}
          className={`${classes.cell} ${classes[outcome] ?? ''}`}
          title={`${outcome}, ${clockTime(at)}${note === undefined ? '' : `: ${note}`}`}
        />
      ))}
    </div>
  );
}

function summary(cells: readonly OutcomeCell[]): string {
  if (cells.length === 0) return 'no checks yet';
  const count = (outcome: Outcome) => cells.filter((cell) => cell.outcome === outcome).length;
  const parts = (['down', 'degraded', 'error'] as const)
    .map((outcome) => [count(outcome), outcome] as const)
    .filter(([number]) => number > 0)
    .map(([number, outcome]) => `${number} ${outcome}`);
  return `last ${plural(cells.length, 'check')}: ${parts.length === 0 ? 'all up' : parts.join(', ')}`;
}
