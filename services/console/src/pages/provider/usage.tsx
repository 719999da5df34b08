import { List, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ProviderUsage } from '@tocsin/http-api';
import { Activity, ListChecks } from 'lucide-react';
import { queryOf } from '../../api/queries.js';
import { plural } from '../../parts/amounts.js';
import { TextLink } from '../../parts/links.js';
import { Problem } from '../../parts/problem.js';
import { Waiting } from '../../parts/waiting.js';

export const usageQuery = (id: string) => queryOf('getNotificationProviderUsage', { params: { id } });

/** Which monitors and jobs tell it about their alerts. */
export function Usage({ id }: { readonly id: string }) {
  const usage = useQuery(usageQuery(id));
  return (
    <Paper withBorder p="md">
      <Title order={2} size="h3" mb="xs">
        Used by {usage.data === undefined || usage.data.count === 0 ? '' : countOf(usage.data)}
      </Title>
      {usage.isPending && <Waiting rows={2} height={20} />}
      {usage.isError && <Problem error={usage.error} retry={() => void usage.refetch()} />}
      {usage.data?.count === 0 && (
        <Text size="sm" c="dimmed">
          Nothing yet. Choose it in the alert settings of a monitor or job.
        </Text>
      )}
      {usage.data !== undefined && usage.data.count > 0 && <Users usage={usage.data} />}
    </Paper>
  );
}

export function countOf({ items }: ProviderUsage): string {
  const monitors = items.filter(({ kind }) => kind === 'monitor').length;
  const jobs = items.length - monitors;
  return [monitors > 0 && plural(monitors, 'monitor'), jobs > 0 && plural(jobs, 'job')]
    .filter(Boolean)
    .join(' and ');
}

const SHOWN = 50;

export function Users({ usage: { items } }: { readonly usage: ProviderUsage }) {
  return (
    <List size="sm" spacing={4} listStyleType="none" mah={280} style={{ overflowY: 'auto' }}>
      {items.slice(0, SHOWN).map(({ kind, id, name }) => (
        <List.Item
          key={id}
          icon={
            kind === 'monitor' ? <Activity size={14} aria-hidden /> : <ListChecks size={14} aria-hidden />
          }
        >
          <TextLink
            to={kind === 'monitor' ? '/monitors/$id' : '/jobs/$id'}
            params={{ id }}
            style={{ overflowWrap: 'anywhere' }}
          >
            {name}
          </TextLink>
        </List.Item>
      ))}
      {items.length > SHOWN && <List.Item>and {items.length - SHOWN} more</List.Item>}
    </List>
  );
}
