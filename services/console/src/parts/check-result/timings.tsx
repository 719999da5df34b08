import type { ResultView } from '@tocsin/http-api';
import { durationText } from '../amounts.js';
import classes from './check-result.module.css';
import { PHASE_WORDS, phasesOf } from './phases.js';

/** Where the time of a check went. */
export function Timings({ timings }: { readonly timings: ResultView['timings'] }) {
  const parts = phasesOf(timings);
  const totalMs = Math.max(timings.totalMs, ...parts.map(({ fromMs, ms }) => fromMs + ms), 0.001);
  return (
    <table className={classes.timings}>
      <caption className="visually-hidden">Timings</caption>
      <tbody>
        {parts.map(({ phase, ms, fromMs }) => (
          <tr key={phase}>
            <th scope="row">{PHASE_WORDS[phase]}</th>
            <td className={classes.track} aria-hidden>
              <div
                className={classes.phase}
                data-phase={phase}
                style={{ marginInlineStart: percent(fromMs, totalMs), width: percent(ms, totalMs) }}
              />
            </td>
            <td className={classes.ms}>{durationText(ms)}</td>
          </tr>
        ))}
        <tr>
          <th scope="row" colSpan={2}>
            Total
          </th>
          <td className={classes.ms}>{durationText(timings.totalMs)}</td>
        </tr>
      </tbody>
    </table>
  );
}

const percent = (ms: number, totalMs: number): string => `${((ms / totalMs) * 100).toFixed(2)}%`;
