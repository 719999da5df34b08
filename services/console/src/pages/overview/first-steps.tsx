import { Group, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Activity, CircleCheck, ListChecks, Send } from 'lucide-react';
import { queryOf } from '../../api/queries.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { useMay } from '../../session/session.js';
import classes from './overview.module.css';

/** What somebody sees who has just come: two steps to a monitor that tells them when something is wrong. */
export function FirstSteps() {
  const mayChange = useMay('editor');
  const providers = useQuery(queryOf('listNotificationProviders', { query: { limit: 1 } }));
  const hasProvider = (providers.data?.items.length ?? 0) > 0;
  if (!mayChange)
    return (
      <Text c="dimmed">
        Nothing is watched here yet. Somebody who may change things has to add the first monitor.
      </Text>
    );
  return (
    <Paper withBorder p="lg" maw={680}>
      <Title order={2}>Two steps, and you hear of it when something breaks</Title>
      <ol className={classes.steps}>
        <li className={classes.step} data-done={hasProvider}>
          {hasProvider ? (
            <CircleCheck size={20} aria-hidden className={classes.stepIcon} />
          ) : (
            <Send size={20} aria-hidden className={classes.stepIcon} />
          )}
          <div>
            <Title order={3}>Say who is to be told{hasProvider ? ' (done)' : ''}</Title>
            <Text c="dimmed" size="sm" mb="xs">
              A provider is a way to reach people: e-mail, Slack, a webhook, Telegram, Discord, Microsoft
              Teams. You can send a test message before you rely on it.
            </Text>
            <ButtonLink to="/providers/new" variant={hasProvider ? 'default' : 'filled'}>
              {hasProvider ? 'Add another provider' : 'Add a provider'}
            </ButtonLink>
          </div>
        </li>
        <li className={classes.step}>
          <Activity size={20} aria-hidden className={classes.stepIcon} />
          <div>
            <Title order={3}>Say what is to be watched</Title>
            <Text c="dimmed" size="sm" mb="xs">
              A website, an API, a port, a DNS record, or a cron job that should call in. You see the result
              of a first check before you save.
            </Text>
            <Group gap="xs">
              <ButtonLink to="/monitors/new" variant={hasProvider ? 'filled' : 'default'}>
                Add a monitor
              </ButtonLink>
            </Group>
          </div>
        </li>
      </ol>
      <Group gap="xs" mt="md">
        <ListChecks size={16} aria-hidden />
        <Text size="sm">
          Something to run rather than to watch? <TextLink to="/jobs/new">Add a job</TextLink>
        </Text>
      </Group>
    </Paper>
  );
}
