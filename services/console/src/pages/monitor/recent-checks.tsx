import { useQuery } from '@tanstack/react-query';
import type { MonitorView } from '@tocsin/http-api';
import { queryOf } from '../../api/queries.js';
import { cellsOf } from '../../parts/bar-cells.js';
import { Instant } from '../../parts/instant.js';
import { OutcomeBar } from '../../parts/outcome-bar.js';
import classes from './monitor.module.css';
import { Panel } from './panel.js';

const SOONEST_MS = 5_000;
const LATEST_MS = 30_000;

export function RecentChecks({
  monitor: { id, intervalSeconds, lastCheckAt },
}: {
  readonly monitor: MonitorView;
}) {
  const { data } = useQuery({
    ...queryOf('getMonitorBar', { params: { id }, query: {} }),
    refetchInterval: Math.min(LATEST_MS, Math.max(SOONEST_MS, intervalSeconds * 1_000)),
  });
  return (
    <Panel
      title="Last 100 checks"
      about={
        <>
          the last one <Instant at={lastCheckAt} never="is still to come" />
        </>
      }
    >
      <div className={classes.bar}>
        <OutcomeBar cells={cellsOf(data?.checks ?? [])} />
      </div>
    </Panel>
  );
}
