import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../../api/queries.js';
import { durationText, plural } from '../../parts/amounts.js';
import { Uptime } from '../../parts/duration.js';
import classes from './monitor.module.css';
import { PERIODS, type Period } from './periods.js';

const REFRESH_MS = 60_000;

/** How it was over four lengths of time. */
export function UptimeTiles({ id }: { readonly id: string }) {
  return (
    <section className={classes.tiles} aria-label="Uptime">
      {PERIODS.map(({ period, words }) => (
        <Tile key={period} id={id} period={period} words={words} />
      ))}
    </section>
  );
}

function Tile({
  id,
  period,
  words,
}: {
  readonly id: string;
  readonly period: Period;
  readonly words: string;
}) {
  const { data } = useQuery({
    ...queryOf('getMonitorStats', { params: { id }, query: { period } }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <div className={classes.tile}>
      <Text size="xs" c="dimmed">
        Uptime {words}
      </Text>
      <div className={classes.figure}>
        <Uptime percent={data?.uptimePercent} />
      </div>
      <Text size="xs" c="dimmed">
        {data === undefined
          ? ' '
          : data.latencyMs === null
            ? plural(data.checks, 'check')
            : `${plural(data.checks, 'check')}, p95 ${durationText(data.latencyMs.p95)}`}
      </Text>
    </div>
  );
}
