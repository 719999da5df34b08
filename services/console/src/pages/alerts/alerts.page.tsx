import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { BellOff } from 'lucide-react';
import { useState } from 'react';
import { pagesOf } from '../../api/queries.js';
import { startOf } from '../../parts/date-range.js';
import { Empty } from '../../parts/empty.js';
import { TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { AlertFilters } from './alert-filters.js';
import { AlertTable } from './alert-table.js';

const route = getRouteApi('/in/alerts');
const PAGE = 50;

export function Alerts() {
  const search = route.useSearch();
  const { state, type, kind, target, span } = search;
  // Counted from when the page was opened: what began since then is in any span.
  const [openedMs] = useState(() => Date.now());
  const query = {
    limit: PAGE,
    state,
    type,
    targetKind: kind,
    targetId: target,
    from: span === undefined ? undefined : startOf(span, openedMs),
  };
  const alerts = useInfiniteQuery({
    ...pagesOf('listAlerts', { query }),
    placeholderData: (before) => before,
  });
  const items = alerts.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Object.keys(search).length > 0;

  return (
    <>
      <PageHeader
        title="Alerts"
        about="One line is one episode of something being wrong, from its beginning to its end."
      />
      <AlertFilters />
      {alerts.isPending && <Waiting rows={8} height={40} />}
      {alerts.isError && <Problem error={alerts.error} retry={() => void alerts.refetch()} />}
      {alerts.isSuccess && items.length === 0 && (
        <NoAlerts isFiltered={isFiltered} isOpenOnly={state === 'open'} />
      )}
      {items.length > 0 && <AlertTable alerts={items} />}
      {alerts.hasNextPage && (
        <Button
          variant="default"
          mt="sm"
          loading={alerts.isFetchingNextPage}
          onClick={() => void alerts.fetchNextPage()}
        >
          Older alerts
        </Button>
      )}
    </>
  );
}

function NoAlerts({
  isFiltered,
  isOpenOnly,
}: {
  readonly isFiltered: boolean;
  readonly isOpenOnly: boolean;
}) {
  if (isFiltered)
    return (
      <Empty
        icon={BellOff}
        title={isOpenOnly ? 'No such alert is open' : 'No alert is like this'}
        action={<TextLink to="/alerts">Show all alerts</TextLink>}
      >
        {isOpenOnly ? 'That is good news.' : 'Fewer filters, or a longer time, may find some.'}
      </Empty>
    );
  return (
    <Empty icon={BellOff} title="No alert yet" action={<TextLink to="/monitors">To the monitors</TextLink>}>
      An alert begins when a monitor or job fails as often as its alert settings ask for. Alerts are off until
      you switch them on: edit a monitor, enable alerts, and choose who is to be told.
    </Empty>
  );
}
