import { ActionIcon, Table } from '@mantine/core';
import type { ResultView } from '@tocsin/http-api';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { Fragment, useState } from 'react';
import { words } from '../../parts/amounts.js';
import { CheckResult } from '../../parts/check-result/check-result.js';
import { OutcomeMark } from '../../parts/check-result/outcome-mark.js';
import { Duration } from '../../parts/duration.js';
import { Instant } from '../../parts/instant.js';
import classes from './results.module.css';

const keyOf = ({ slot, location }: ResultView): string => `${slot} ${location}`;

/** One line a check; opened, all there is to know of it. */
export function ResultTable({ results }: { readonly results: readonly ResultView[] }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  function toggle(key: string): void {
    const next = new Set(opened);
    if (!next.delete(key)) next.add(key);
    setOpened(next);
  }
  return (
    <Table className={classes.table} aria-label="Results">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={36}>
            <span className="visually-hidden">Details</span>
          </Table.Th>
          <Table.Th w={148}>When</Table.Th>
          <Table.Th w={112}>Outcome</Table.Th>
          <Table.Th w={88} ta="end">
            Latency
          </Table.Th>
          <Table.Th w={120} className={classes.wide}>
            Location
          </Table.Th>
          <Table.Th className={classes.wide}>What was found</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {results.map((result) => {
          const key = keyOf(result);
          const isOpen = opened.has(key);
          return (
            <Fragment key={key}>
              <Table.Tr>
                <Table.Td>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    aria-label="Details"
                    aria-expanded={isOpen}
                    onClick={() => toggle(key)}
                  >
                    {isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
                  </ActionIcon>
                </Table.Td>
                <Table.Td>
                  <Instant at={result.slot} clock />
                </Table.Td>
                <Table.Td>
                  <OutcomeMark outcome={result.outcome} bare />
                </Table.Td>
                <Table.Td ta="end">
                  <Duration ms={result.latencyMs} />
                </Table.Td>
                <Table.Td className={classes.wide}>{result.location}</Table.Td>
                <Table.Td className={`${classes.wide} ${classes.found}`}>{foundOf(result)}</Table.Td>
              </Table.Tr>
              {isOpen && (
                <Table.Tr>
                  <Table.Td colSpan={6} className={classes.details}>
                    <CheckResult result={result} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

/** What is wrong, or what made this check be made when no schedule did. */
const foundOf = ({ error, trigger, observed }: ResultView): string =>
  error?.message ??
  [
    ...(observed.statusCode === undefined ? [] : [`status ${String(observed.statusCode)}`]),
    ...(trigger === 'schedule' ? [] : [words(trigger)]),
  ].join(', ');
