import { Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { queryOf } from '../../api/queries.js';
import { OutcomeMark } from '../../parts/check-result/outcome-mark.js';
import { Duration, Uptime } from '../../parts/duration.js';
import { Instant } from '../../parts/instant.js';
import classes from './monitor.module.css';
import { Panel } from './panel.js';
import { PERIODS } from './periods.js';

const route = getRouteApi('/in/monitors/$id');
const REFRESH_MS = 30_000;

/** What each location sees, over the same time as the chart. */
export function Locations({ id }: { readonly id: string }) {
  const { period = '24h' } = route.useSearch();
  const { data } = useQuery({
    ...queryOf('getMonitorLocations', { params: { id }, query: { period } }),
    refetchInterval: REFRESH_MS,
  });
  if (data === undefined || data.items.length === 0) return null;
  return (
    <Panel
      title="Locations"
      about={`over ${PERIODS.find((each) => each.period === period)?.words ?? period}`}
    >
      <div className={classes.scroll}>
        <Table aria-label="Locations">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Location</Table.Th>
              <Table.Th>Now</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>Last check</Table.Th>
              <Table.Th ta="end">Latency</Table.Th>
              <Table.Th ta="end">Uptime</Table.Th>
              <Table.Th ta="end">p95</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.items.map((each) => (
              <Table.Tr key={each.location}>
                <Table.Td>
                  {each.location}
                  {!each.configured && (
                    <Text span size="xs" c="dimmed">
                      {' '}
                      (checks no more)
                    </Text>
                  )}
                </Table.Td>
                <Table.Td title={each.lastError?.message}>
                  {each.lastOutcome === null ? '—' : <OutcomeMark outcome={each.lastOutcome} bare />}
                </Table.Td>
                <Table.Td>
                  <Instant at={each.since} never="—" />
                </Table.Td>
                <Table.Td>
                  <Instant at={each.lastCheckAt} />
                </Table.Td>
                <Table.Td ta="end">
                  <Duration ms={each.lastLatencyMs} />
                </Table.Td>
                <Table.Td ta="end">
                  <Uptime percent={each.uptimePercent} />
                </Table.Td>
                <Table.Td ta="end">
                  <Duration ms={each.latencyMs?.p95} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Panel>
  );
}
