import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { MonitorView } from '@tocsin/http-api';
import type { Status } from '@tocsin/monitoring';
import { memo } from 'react';
import { pagesOf } from '../../api/queries.js';
import { countText } from '../../parts/amounts.js';
import { Problem } from '../../parts/problem.js';
import { STATUS_MARKS } from '../../parts/status-badge.js';
import { Waiting } from '../../parts/waiting.js';
import classes from './overview.module.css';

const PAGE = 200;
const wallQuery = pagesOf('listMonitors', { query: { sort: 'status', limit: PAGE } });

const WORST_FIRST: readonly Status[] = [
  'down',
  'degraded',
  'unknown',
  'pending',
  'up',
  'maintenance',
  'paused',
];
const rank = ({ status }: MonitorView): number => WORST_FIRST.indexOf(status);

/** Every monitor at a glance, the worst first; a change shows at once. */
export function Wall({ total }: { readonly total: number }) {
  const wall = useInfiniteQuery(wallQuery);
  if (total === 0) return null;
  if (wall.isPending) return <Waiting rows={4} />;
  if (wall.isError) return <Problem error={wall.error} retry={() => void wall.refetch()} />;
  const monitors = wall.data.pages.flatMap(({ items }) => items).toSorted((a, b) => rank(a) - rank(b));
  return (
    <section aria-labelledby="wall">
      <h2 id="wall" className={classes.heading}>
        All monitors
      </h2>
      <ul className={classes.wall}>
        {monitors.map(({ id, name, status }) => (
          <Tile key={id} id={id} name={name} status={status} />
        ))}
      </ul>
      {wall.hasNextPage && (
        <Button
          variant="default"
          mt="sm"
          loading={wall.isFetchingNextPage}
          onClick={() => void wall.fetchNextPage()}
        >
          More ({countText(monitors.length)} of {countText(total)})
        </Button>
      )}
    </section>
  );
}

/** Drawn again only when it changed: hundreds of them are on the page while events stream in. */
const Tile = memo(function Tile({ id, name, status }: Pick<MonitorView, 'id' | 'name' | 'status'>) {
  const { word, icon: Icon, tone } = STATUS_MARKS[status];
  return (
    <li>
      <Link
        to="/monitors/$id"
        params={{ id }}
        className={classes.tile}
        data-tone={tone}
        title={`${name}: ${word}`}
        preload={false}
      >
        <Icon size={14} aria-hidden className={classes.tileIcon} />
        <span className={classes.tileName}>{name}</span>
        <span className="visually-hidden">{word}</span>
      </Link>
    </li>
  );
});
