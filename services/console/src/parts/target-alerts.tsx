import { useInfiniteQuery } from '@tanstack/react-query';
import type { JobView, MonitorView } from '@tocsin/http-api';
import { BellOff } from 'lucide-react';
import { pagesOf } from '../api/queries.js';
import { AlertTable } from '../pages/alerts/alert-table.js';
import { Empty } from './empty.js';
import { MoreButton } from './more-button.js';
import { Problem } from './problem.js';
import { Waiting } from './waiting.js';

interface TargetAlertsProps {
  readonly kind: 'monitor' | 'job';
  readonly target: MonitorView | JobView;
}

/** Every episode of it, open ones and past ones. */
export function TargetAlerts({ kind, target: { id, alertConfig } }: TargetAlertsProps) {
  const pages = useInfiniteQuery(pagesOf('listAlerts', { query: { targetId: id } }));
  const alerts = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  if (pages.isPending) return <Waiting />;
  if (pages.isError && alerts.length === 0)
    return <Problem error={pages.error} retry={() => void pages.refetch()} />;
  if (alerts.length === 0)
    return (
      <Empty icon={BellOff} title="No alert yet">
        {alertConfig.enabled
          ? `When this ${kind} fails as often as its settings say, its alerts are here.`
          : `Alerts of this ${kind} are off: edit it to choose who is told.`}
      </Empty>
    );
  return (
    <>
      <AlertTable alerts={alerts} />
      <MoreButton pages={pages} />
    </>
  );
}
