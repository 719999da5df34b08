import { Badge, Group } from '@mantine/core';
import type { MonitorView } from '@tocsin/http-api';
import { failureWords, recoveryWords } from '../../parts/alert-settings/alert-words.js';
import { intervalText, plural, sentence } from '../../parts/amounts.js';
import { Facts } from '../../parts/facts.js';
import { Instant } from '../../parts/instant.js';
import { Panel } from './panel.js';

/** What it is set to, in words; all of it is in the form. */
export function Settings({ monitor }: { readonly monitor: MonitorView }) {
  const { intervalSeconds, alertConfig, locations, quorum, tags, description } = monitor;
  const { enabled, failureThreshold, recoveryThreshold, notificationProviders, mutedUntil } = alertConfig;
  return (
    <Panel title="Settings">
      <Facts
        facts={[
          ...(description === undefined || description === '' ? [] : [['Description', description] as const]),
          ['Checked', intervalText(intervalSeconds)],
          ['Locations', locations.join(', ')],
          ...(locations.length > 1 ? [['Down when', `${String(quorum)} of them fail`] as const] : []),
          [
            'Alerts',
            enabled
              ? `${sentence(failureWords(failureThreshold, intervalSeconds))}; ${recoveryWords(recoveryThreshold, intervalSeconds)}`
              : 'Off: nobody is told',
          ],
          ...(enabled ? [['Told', plural(notificationProviders.length, 'provider')] as const] : []),
          ...(mutedUntil === undefined
            ? []
            : [['Muted until', <Instant key="muted" at={mutedUntil} clock />] as const]),
          ...(tags.length === 0 ? [] : [['Tags', <Tags key="tags" tags={tags} />] as const]),
          ['Created', <Instant key="created" at={monitor.createdAt} />],
          ['Changed', <Instant key="changed" at={monitor.updatedAt} />],
        ]}
      />
    </Panel>
  );
}

const Tags = ({ tags }: { readonly tags: readonly string[] }) => (
  <Group gap={4}>
    {tags.map((tag) => (
      <Badge key={tag} variant="light" color="gray" tt="none" fw={500}>
        {tag}
      </Badge>
    ))}
  </Group>
);
