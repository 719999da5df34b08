import { Button, Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { AlertConfigPatch } from '@tocsin/http-api';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { Facts } from '../facts.js';
import { Instant } from '../instant.js';
import { Problem } from '../problem.js';
import { zone } from '../time.js';
import { differencesOf, factsOf } from './what-if-words.js';

const DAYS = [7, 30, 90];

interface WhatIfProps {
  readonly kind: 'monitor' | 'job';
  readonly id: string;
  /** undefined while nothing is otherwise */
  readonly change: () => AlertConfigPatch | undefined;
}

/** What other alert settings would have made of the last days. */
export function WhatIf({ kind, id, change }: WhatIfProps) {
  const [days, setDays] = useState(30);
  const [isSame, setSame] = useState(false);
  const asking = useMutation({
    mutationFn: (alertConfig: AlertConfigPatch) =>
      call('whatIf', {
        body: {
          alertConfig,
          days,
          timeZone: zone(),
          ...(kind === 'job' ? { jobs: [id] } : { monitors: [id] }),
        },
      }),
  });
  const ask = () => {
    const alertConfig = change();
    setSame(alertConfig === undefined);
    if (alertConfig !== undefined) asking.mutate(alertConfig);
  };
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <NativeSelect
          label="In the last"
          size="sm"
          value={String(days)}
          onChange={({ currentTarget }) => setDays(Number(currentTarget.value))}
          data={DAYS.map((n) => ({ value: String(n), label: `${n} days` }))}
        />
        <Button variant="default" size="sm" onClick={ask} loading={asking.isPending}>
          What if
        </Button>
      </Group>
      <output style={{ display: 'block' }}>
        {isSame && (
          <Text size="sm" c="dimmed">
            Nothing is otherwise yet: change the alert settings first.
          </Text>
        )}
        {!isSame && asking.data !== undefined && <Answer answer={asking.data} />}
      </output>
      <Problem error={asking.error} />
    </Stack>
  );
}

function Answer({ answer }: { readonly answer: Parameters<typeof factsOf>[0] }) {
  const { shown, more } = differencesOf(answer);
  return (
    <Stack gap="xs">
      <Facts facts={factsOf(answer)} />
      {shown.map(({ key, word, episode }) => (
        <Text key={key} size="sm">
          <Instant at={episode.raisedAt} clock /> {word}
        </Text>
      ))}
      {more !== '' && (
        <Text size="sm" c="dimmed">
          {more}
        </Text>
      )}
      {answer.notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
    </Stack>
  );
}
