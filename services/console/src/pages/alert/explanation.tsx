import { useQuery } from '@tanstack/react-query';
import type { AlertExplanation } from '@tocsin/http-api';
import { queryOf } from '../../api/queries.js';
import { words } from '../../parts/amounts.js';
import { Instant } from '../../parts/instant.js';
import classes from './explanation.module.css';

/** What the timeline does not say: whom it was kept from, and where each link of the chain stands in the log. */
export function Explanation({ id }: { readonly id: string }) {
  const { data } = useQuery(queryOf('explainAlert', { params: { id } }));
  if (data === undefined) return null;
  return (
    <section className={classes.explanation} aria-label="Explanation">
      <NotTold notTold={data.notTold} />
      <details>
        <summary>The chain of events, from check to attempt</summary>
        <ol className={classes.steps}>
          {data.steps.map((step, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the chain is read as a whole, and its links have no other name
            <li key={n}>
              <span className={classes.when}>
                <Instant at={step.at} clock />
              </span>
              <span>
                {step.sentence}
                {step.eventId !== null && (
                  <code className={classes.event}>
                    {step.stream} {step.eventId}
                    <br />
                    {step.subject}
                  </code>
                )}
              </span>
            </li>
          ))}
        </ol>
      </details>
    </section>
  );
}

function NotTold({ notTold }: Pick<AlertExplanation, 'notTold'>) {
  if (notTold.length === 0) return null;
  return (
    <>
      <h2 className={classes.heading}>Not told</h2>
      <ul className={classes.notTold}>
        {notTold.map(({ providerId, alertEvent, code, sentence }) => (
          <li key={`${providerId} ${alertEvent} ${code}`}>
            {sentence} <span className={classes.quiet}>({words(alertEvent.replace('alert.', ''))})</span>
          </li>
        ))}
      </ul>
    </>
  );
}
