import { SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { longestIntervalSeconds, type MonitorKind } from '@tocsin/monitoring';
import { useWatch } from 'react-hook-form';
import { queryOf } from '../../api/queries.js';
import { durationText } from '../amounts.js';
import { AreaField, ListField, NumberField, TextField } from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { QuorumField } from './quorum-field.js';

const TARGETS: Partial<Record<MonitorKind, readonly [label: string, help: string, placeholder: string]>> = {
  http_request: ['Address', 'With http:// or https://', 'https://api.example.com/health'],
  website: ['Address', 'With http:// or https://', 'https://www.example.com/'],
  ping_host: ['Host', 'A name or an IP address, without scheme and path', 'db1.example.com'],
  port_check: ['Host', 'A name or an IP address, without scheme and path', 'db1.example.com'],
  dns: ['Name', 'For PTR an IP address', 'example.com'],
};

export function WhatFields({ kind }: { readonly kind: MonitorKind }) {
  const target = TARGETS[kind];
  const { data: tags } = useQuery(queryOf('listTags'));
  return (
    <Fieldset title="What is watched">
      <TextField name="name" label="Name" required placeholder="Shop: checkout" />
      {target !== undefined && (
        <TextField name="target" label={target[0]} help={target[1]} placeholder={target[2]} required mono />
      )}
      <ListField
        name="tags"
        label="Tags"
        help="To find it again, and what belongs with it"
        suggestions={tags?.items.map(({ name }) => name) ?? []}
        max={20}
      />
      <AreaField name="description" label="Description" help="What others should know of it" optional />
    </Fieldset>
  );
}

export function WhenFields({ kind }: { readonly kind: MonitorKind }) {
  const [interval, locations] = useWatch({ name: ['intervalSeconds', 'locations'] }) as readonly unknown[];
  const isReceived = kind === 'heartbeat';
  const every = typeof interval === 'number' && interval > 0 ? durationText(interval * 1_000) : undefined;
  return (
    <Fieldset title="When and where">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberField
          name="intervalSeconds"
          label="Interval"
          help={isReceived ? `A heartbeat is due every ${every ?? '…'}` : `Checked every ${every ?? '…'}`}
          unit="s"
          min={1}
          max={longestIntervalSeconds(kind)}
        />
        {!isReceived && (
          <NumberField
            name="config.timeoutSeconds"
            label="Timeout"
            help="For one attempt, everything included"
            unit="s"
            min={1}
            max={kind === 'synthetic_test' ? 300 : 120}
          />
        )}
        {!isReceived && (
          <NumberField
            name="config.retries"
            label="Further attempts"
            help="Within the same check, before a failure is reported"
            min={0}
            max={5}
          />
        )}
        {!isReceived && (
          <NumberField name="config.retryDelaySeconds" label="Between attempts" unit="s" min={0} max={60} />
        )}
      </SimpleGrid>
      {!isReceived && (
        <ListField
          name="locations"
          label="Locations"
          help="Where checks are made: names of executor pools. local is this machine."
          suggestions={['local']}
          max={50}
        />
      )}
      {Array.isArray(locations) && locations.length > 1 && <QuorumField locations={locations.length} />}
    </Fieldset>
  );
}
