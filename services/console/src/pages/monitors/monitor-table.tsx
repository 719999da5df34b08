import { useTable } from '@tanstack/react-table';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import type { MonitorView } from '@tocsin/http-api';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { BarsContext, columns, features, selectableColumns } from './monitor-columns.js';
import classes from './monitors.module.css';
import { SortHeading } from './sort-heading.js';
import { useBars } from './use-bars.js';

/** Every row has it, so that a place in ten thousand is known without drawing what comes before. */
const ROW_PX = 52;
const MORE_WITHIN = 30;

interface MonitorTableProps {
  readonly monitors: MonitorView[];
  /** undefined: nothing to do with a selection */
  readonly selected: ReadonlySet<string> | undefined;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** what is shown is the answer to the question before */
  readonly isStale: boolean;
  readonly hasMore: boolean;
  /** undefined: nothing to ask for now */
  readonly more: (() => void) | undefined;
}

export function MonitorTable({ monitors, selected, onSelect, isStale, hasMore, more }: MonitorTableProps) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current !== null) setTop(body.current.getBoundingClientRect().top + window.scrollY);
  }, []);

  const rowSelection = useMemo(
    () => Object.fromEntries([...(selected ?? [])].map((id) => [id, true] as const)),
    [selected],
  );
  const table = useTable({
    features,
    columns: selected === undefined ? columns : selectableColumns,
    data: monitors,
    getRowId: ({ id }) => id,
    state: { rowSelection },
    onRowSelectionChange: (change) => {
      const next = typeof change === 'function' ? change(rowSelection) : change;
      onSelect(new Set(Object.keys(next).filter((id) => next[id] === true)));
    },
  });
  const { rows } = table.getRowModel();
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized by a compiler
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const bars = useBars(monitors, first, last);

  useEffect(() => {
    if (last >= rows.length - MORE_WITHIN) more?.();
  }, [last, rows.length, more]);

  return (
    <BarsContext value={bars}>
      <table
        className={classes.table}
        aria-label="Monitors"
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-busy={isStale}
        data-stale={isStale || undefined}
      >
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((header) => (
                <SortHeading key={header.id} column={header.column.id}>
                  <table.FlexRender header={header} />
                </SortHeading>
              ))}
            </tr>
          ))}
        </thead>
        <tbody ref={body}>
          <Gap px={first * ROW_PX} />
          {items.map(({ index }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <tr
                key={row.id}
                aria-rowindex={index + 2}
                data-selected={row.getIsSelected() || undefined}
                style={{ height: ROW_PX }}
              >
                {row.getAllCells().map((cell) => (
                  // oxlint-disable-next-line jsx-a11y/control-has-associated-label -- cells are no controls
                  <td key={cell.id} data-column={cell.column.id}>
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            );
          })}
          <Gap px={Math.max(0, rows.length - 1 - last) * ROW_PX} />
        </tbody>
      </table>
    </BarsContext>
  );
}

const Gap = ({ px }: { readonly px: number }) =>
  px === 0 ? null : <tr aria-hidden style={{ height: px }} />;
