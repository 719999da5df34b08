import { useInfiniteQuery } from '@tanstack/react-query';
import type { JobView } from '@tocsin/http-api';
import { BellOff } from 'lucide-react';
import { pagesOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { MoreButton } from '../../parts/more-button.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';
import { AlertTable } from '../alerts/alert-table.js';

/** Every episode of it, open ones and past ones. */
export function AlertsTab({ job: { id, alertConfig } }: { readonly job: JobView }) {
  const pages = useInfiniteQuery(pagesOf('listAlerts', { query: { targetId: id } }));
  const alerts = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  if (pages.isPending) return <Waiting />;
  if (pages.isError && alerts.length === 0)
    return <Problem error={pages.error} retry={() => void pages.refetch()} />;
  if (alerts.length === 0)
    return (
      <Empty icon={BellOff} title="No alert yet">
        {alertConfig.enabled
          ? 'When this job fails as often as its settings say, its alerts are here.'
          : 'Alerts of this job are off: edit it to choose who is told.'}
      </Empty>
    );
  return (
    <>
      <AlertTable alerts={alerts} />
      <MoreButton pages={pages} />
    </>
  );
}
