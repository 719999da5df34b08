import { Checkbox, Text } from '@mantine/core';
import { createColumnHelper, rowSelectionFeature, tableFeatures } from '@tanstack/react-table';
import type { MonitorSort, MonitorView } from '@tocsin/http-api';
import { createContext, useContext } from 'react';
import { intervalText } from '../../parts/amounts.js';
import { cellsOf } from '../../parts/bar-cells.js';
import { Duration, Uptime } from '../../parts/duration.js';
import { Instant } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import { MONITOR_KIND_WORDS } from '../../parts/monitor-kinds.js';
import { OutcomeBar } from '../../parts/outcome-bar.js';
import { StatusBadge } from '../../parts/status-badge.js';
import classes from './monitors.module.css';
import type { Bars } from './use-bars.js';

export const features = tableFeatures({ rowSelectionFeature });
const helper = createColumnHelper<typeof features, MonitorView>();

export const BarsContext = createContext<Bars>(new Map());

/** Headings that sort, and what they sort by. */
export const SORTS: Readonly<Record<string, MonitorSort>> = {
  name: 'name',
  status: 'status',
  lastCheck: 'lastCheckAt',
};

const selectColumn = helper.display({
  id: 'select',
  header: ({ table }) => (
    <Checkbox
      size="xs"
      aria-label="Select all that are shown"
      checked={table.getIsAllRowsSelected()}
      indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
      onChange={table.getToggleAllRowsSelectedHandler()}
    />
  ),
  cell: ({ row }) => (
    <Checkbox
      size="xs"
      aria-label={`Select ${row.original.name}`}
      checked={row.getIsSelected()}
      onChange={row.getToggleSelectedHandler()}
    />
  ),
});

export const columns = helper.columns([
  helper.display({
    id: 'name',
    header: 'Monitor',
    cell: ({ row: { original } }) => <NameCell monitor={original} />,
  }),
  helper.display({
    id: 'status',
    header: 'Status',
    cell: ({ row }) => <StatusBadge status={row.original.status} />,
  }),
  helper.display({
    id: 'bar',
    header: 'Last 100 checks',
    cell: ({ row }) => <BarCell id={row.original.id} />,
  }),
  helper.display({
    id: 'uptime',
    header: 'Uptime 24 h',
    cell: ({ row }) => <Uptime percent={row.original.uptime24h} />,
  }),
  helper.display({
    id: 'latency',
    header: 'Latency',
    cell: ({ row }) => <Duration ms={row.original.lastLatencyMs} />,
  }),
  helper.display({
    id: 'lastCheck',
    header: 'Last check',
    cell: ({ row: { original } }) => (
      <>
        <Instant at={original.lastCheckAt} />
        <div className={classes.under}>{intervalText(original.intervalSeconds)}</div>
      </>
    ),
  }),
]);

export const selectableColumns = helper.columns([selectColumn, ...columns]);

function NameCell({ monitor }: { readonly monitor: MonitorView }) {
  const { icon: Icon, word } = MONITOR_KIND_WORDS[monitor.type];
  return (
    <>
      <div className={classes.name}>
        <TextLink to="/monitors/$id" params={{ id: monitor.id }} title={monitor.name} c="inherit" fw={500}>
          {monitor.name}
        </TextLink>
        {monitor.tags.length > 0 && (
          <Text span size="xs" c="dimmed" className={classes.tags} title={monitor.tags.join(', ')}>
            {monitor.tags.slice(0, 3).join(' · ')}
          </Text>
        )}
      </div>
      <div className={classes.under} title={monitor.target}>
        <Icon size={12} aria-hidden /> {word}
        {monitor.target !== '' && ` · ${monitor.target}`}
      </div>
    </>
  );
}

function BarCell({ id }: { readonly id: string }) {
  const checks = useContext(BarsContext).get(id);
  return checks === undefined ? null : <OutcomeBar cells={cellsOf(checks)} />;
}
