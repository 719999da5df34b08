import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { RECORD_TYPES } from '@tocsin/contracts';
import { assertNever } from '@tocsin/kernel';
import { LONGEST_GRACE_SECONDS, type MonitorKind } from '@tocsin/monitoring';
import { useWatch } from 'react-hook-form';
import { queryOf } from '../../api/queries.js';
import { ListField, NumberField, SelectField, SwitchField, TextField } from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { AnswerFields, CertificateFields, RequestFields } from './http-fields.js';
import { PortsField } from './ports-field.js';

/** What only this kind has. */
export function KindFields({ kind }: { readonly kind: MonitorKind }) {
  switch (kind) {
    case 'http_request':
      return (
        <>
          <AnswerFields />
          <RequestFields />
        </>
      );
    case 'website':
      return (
        <>
          <AnswerFields />
          <CertificateFields />
          <RequestFields />
        </>
      );
    case 'ping_host':
      return <PingFields />;
    case 'port_check':
      return <PortFields />;
    case 'dns':
      return <DnsFields />;
    case 'heartbeat':
      return (
        <Fieldset
          title="Heartbeat"
          about="Saved, this monitor has an address of its own. Whatever calls it says: I am well. When nobody calls in time, it is down."
        >
          <NumberField
            name="config.graceSeconds"
            label="Grace"
            help="How late a heartbeat may be beyond the interval"
            unit="s"
            min={0}
            max={LONGEST_GRACE_SECONDS}
          />
        </Fieldset>
      );
    case 'synthetic_test':
      return <TestFields />;
    default:
      return assertNever(kind);
  }
}

function PingFields() {
  const method = useWatch({ name: 'config.method' }) as unknown;
  return (
    <Fieldset title="Ping">
      <SelectField
        name="config.method"
        label="How"
        help="Automatic: ICMP where it is allowed, TCP where it is not or nothing came back"
        choices={[
          { value: 'auto', label: 'Automatic' },
          { value: 'icmp', label: 'ICMP echo' },
          { value: 'tcp', label: 'TCP connection' },
        ]}
      />
      <NumberField
        name="config.count"
        label="Requests per check"
        help="Some lost: degraded. All lost: down."
        min={1}
        max={10}
      />
      {method !== 'icmp' && <PortsField />}
    </Fieldset>
  );
}

function PortFields() {
  return (
    <Fieldset title="Port">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberField name="config.port" label="Port" required min={1} max={65_535} />
        <SelectField
          name="config.protocol"
          label="Protocol"
          choices={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
        />
      </SimpleGrid>
      <SwitchField
        name="config.expectClosed"
        label="It should be closed"
        help="On: up while nothing answers there."
      />
    </Fieldset>
  );
}

function DnsFields() {
  return (
    <Fieldset title="Records">
      <SelectField name="config.recordType" label="Type" choices={RECORD_TYPES} />
      <ListField
        name="config.expectedValues"
        label="Expected values"
        help="As dig prints them: 10 mail.example.com. Empty: any answer will do."
        optional
        max={50}
      />
      <SelectField
        name="config.match"
        label="Of these"
        choices={[
          { value: 'any', label: 'one is there' },
          { value: 'all', label: 'all are there' },
          { value: 'exact', label: 'all are there, and no other' },
        ]}
      />
      <TextField
        name="config.resolver"
        label="Name server"
        help="An IP address, with :port if it is not 53. Empty: the system's."
        placeholder="9.9.9.9"
        optional
        mono
      />
    </Fieldset>
  );
}

function TestFields() {
  const { data } = useQuery(queryOf('listTests', { query: { limit: 200 } }));
  return (
    <Fieldset title="Test">
      <SelectField
        name="config.testId"
        label="Which test"
        help={
          data?.items.length === 0
            ? 'There is no test yet: make one first.'
            : 'It is run on the interval above.'
        }
        choices={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        required
      />
    </Fieldset>
  );
}
