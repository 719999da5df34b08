import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { JobView } from '@tocsin/http-api';
import { CalendarCheck } from 'lucide-react';
import { pagesOf } from '../../api/queries.js';
import { plural, sentence, words } from '../../parts/amounts.js';
import { Empty } from '../../parts/empty.js';
import { Instant } from '../../parts/instant.js';
import { MoreButton } from '../../parts/more-button.js';
import { Problem } from '../../parts/problem.js';
import classes from '../../parts/rows.module.css';
import { Waiting } from '../../parts/waiting.js';

const REASONS: Record<string, string> = {
  scheduler_was_down: 'Tocsin was not running',
  still_running: 'The run before was still going on',
  queue_full: 'Too many runs were waiting already',
};

/** Slots that fell due and were not run, and why. */
export function MissedTab({ job: { id } }: { readonly job: JobView }) {
  const pages = useInfiniteQuery(pagesOf('listMissedRuns', { params: { id } }));
  const missed = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  if (pages.isPending) return <Waiting />;
  if (pages.isError && missed.length === 0)
    return <Problem error={pages.error} retry={() => void pages.refetch()} />;
  if (missed.length === 0)
    return (
      <Empty icon={CalendarCheck} title="Nothing was missed">
        When a run is due and cannot begin, because the one before is still going on or Tocsin was down, it is
        listed here with the reason.
      </Empty>
    );
  return (
    <>
      <Table className={classes.table} aria-label="Missed slots">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Why</Table.Th>
            <Table.Th w={110}>Missed</Table.Th>
            <Table.Th w={160}>First due</Table.Th>
            <Table.Th w={160}>Last due</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {missed.map(({ fromSlot, toSlot, count, reason }) => (
            <Table.Tr key={`${fromSlot} ${reason}`}>
              <Table.Td className={classes.main}>{REASONS[reason] ?? sentence(words(reason))}</Table.Td>
              <Table.Td>{plural(count, 'run')}</Table.Td>
              <Table.Td data-label="from">
                <Instant at={fromSlot} clock />
              </Table.Td>
              <Table.Td data-label="to">
                <Instant at={toSlot} clock />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <MoreButton pages={pages} />
    </>
  );
}
