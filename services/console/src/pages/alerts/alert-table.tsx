import { Table } from '@mantine/core';
import type { AlertItem } from '@tocsin/http-api';
import { AcknowledgeButton } from '../../parts/acknowledge-button.js';
import { AlertMark } from '../../parts/alert-mark.js';
import { predicateOf } from '../../parts/alert-words.js';
import { durationText } from '../../parts/amounts.js';
import { Duration } from '../../parts/duration.js';
import { Instant, Since } from '../../parts/instant.js';
import { TextLink } from '../../parts/links.js';
import classes from './alert-table.module.css';

export function AlertTable({ alerts }: { readonly alerts: readonly AlertItem[] }) {
  return (
    <Table className={classes.table} highlightOnHover aria-label="Alerts">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={128}>State</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th w={112}>Began</Table.Th>
          <Table.Th w={112}>Lasted</Table.Th>
          <Table.Th w={148}>
            <span className="visually-hidden">Actions</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {alerts.map((alert) => (
          <AlertRow key={alert.id} {...alert} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function AlertRow(alert: AlertItem) {
  const { id, targetName, why, since, durationMs, acknowledgedBy, state } = alert;
  return (
    <Table.Tr>
      <Table.Td className={classes.state}>
        <AlertMark {...alert} />
      </Table.Td>
      <Table.Td className={classes.what}>
        <TextLink to="/alerts/$id" params={{ id }} className={classes.name}>
          {targetName} {predicateOf(alert)}
        </TextLink>
        <span className={classes.why}>
          {why}
          {acknowledgedBy !== null && state === 'open' && ` ${acknowledgedBy} is on it.`}
        </span>
      </Table.Td>
      <Table.Td>
        <Instant at={since} />
      </Table.Td>
      <Table.Td>
        {durationMs === null ? <Since at={since} format={durationText} /> : <Duration ms={durationMs} />}
      </Table.Td>
      <Table.Td className={classes.actions}>
        <AcknowledgeButton {...alert} />
      </Table.Td>
    </Table.Tr>
  );
}
