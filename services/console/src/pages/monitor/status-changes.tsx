import { Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { pagesOf } from '../../api/queries.js';
import { words } from '../../parts/amounts.js';
import { Instant } from '../../parts/instant.js';
import { MoreButton } from '../../parts/more-button.js';
import { StatusBadge } from '../../parts/status-badge.js';
import classes from './monitor.module.css';
import { Panel } from './panel.js';

const REFRESH_MS = 30_000;

export function StatusChanges({ id }: { readonly id: string }) {
  const pages = useInfiniteQuery({
    ...pagesOf('listStatusChanges', { params: { id }, query: { limit: 8 } }),
    refetchInterval: REFRESH_MS,
  });
  const changes = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Panel title="Status changes">
      {pages.isSuccess && changes.length === 0 && (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      )}
      <ol className={classes.changes}>
        {changes.map(({ to, reason, changedAt }) => (
          <li key={`${changedAt} ${to}`}>
            <StatusBadge status={to} />
            <span className={classes.reason}>{words(reason)}</span>
            <Instant at={changedAt} />
          </li>
        ))}
      </ol>
      <MoreButton pages={pages} />
    </Panel>
  );
}
