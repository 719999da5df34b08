import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { JsonObject } from '@tocsin/kernel';
import { Play } from 'lucide-react';
import { useFormContext } from 'react-hook-form';
import { call } from '../../api/call.js';
import { CheckResult } from '../check-result/check-result.js';
import { OutcomeMark } from '../check-result/outcome-mark.js';
import { Duration } from '../duration.js';
import { atFields } from '../fields/field-problems.js';
import { Problem } from '../problem.js';
import type { MonitorValues } from './monitor-values.js';

interface TestItProps {
  /** of the monitor whose stored secrets stand for their masks */
  readonly id: string | undefined;
}

/** One check of what the form says now, saved or not; nothing of it is recorded. */
export function TestIt({ id }: TestItProps) {
  const form = useFormContext<MonitorValues>();
  const test = useMutation({
    mutationFn: () => {
      const { type, target, config, locations } = form.getValues();
      const [location] = locations;
      return call('testMonitor', {
        body: {
          type,
          target,
          config: config as JsonObject,
          ...(location === undefined ? {} : { location }),
          ...(id === undefined ? {} : { id }),
        },
      });
    },
    onMutate: () => form.clearErrors(),
    onError: (error) => atFields(form, error),
  });
  return (
    <Paper withBorder p="md" component="section" aria-label="Test it now">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Title order={2}>Test it now</Title>
        <Button
          variant="light"
          leftSection={<Play size={14} aria-hidden />}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Check once
        </Button>
      </Group>
      <Stack gap="sm" mt="xs" aria-live="polite">
        {test.data === undefined && !test.isError && (
          <Text size="sm" c="dimmed">
            Makes one check of what is entered here, saved or not, and shows all of its result. Nothing is
            recorded and nobody is told.
          </Text>
        )}
        {test.isError && <Problem error={test.error} />}
        {test.data !== undefined && !test.isError && (
          <>
            <Group gap="xs">
              <OutcomeMark outcome={test.data.outcome} />
              <Duration ms={test.data.latencyMs} />
            </Group>
            <CheckResult result={test.data} narrow />
          </>
        )}
      </Stack>
    </Paper>
  );
}
