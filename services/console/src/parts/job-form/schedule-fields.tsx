import { Button, Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { call } from '../../api/call.js';
import { useCronWords } from '../cron-words.js';
import { SelectField, TextField } from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { Instant } from '../instant.js';
import { zone } from '../time.js';
import classes from './job-form.module.css';
import type { JobValues } from './job-values.js';
import { slotText } from './slot-text.js';

const PRESETS = [
  ['Every 5 minutes', '*/5 * * * *'],
  ['Hourly', '0 * * * *'],
  ['Daily at 09:00', '0 9 * * *'],
  ['Weekdays at 08:30', '30 8 * * 1-5'],
  ['Weekly', '0 6 * * 1'],
] as const;
const TYPING_MS = 300;

/** When a job runs: an expression, what it says, and the next runs it comes to. */
export function ScheduleFields() {
  const { setValue } = useFormContext<JobValues>();
  const [cron, timeZone] = useWatch<JobValues, ['cron', 'timeZone']>({ name: ['cron', 'timeZone'] });
  const zones = useMemo(
    () => [...new Set(['UTC', zone(), timeZone, ...Intl.supportedValuesOf('timeZone')])],
    [timeZone],
  );
  const set = (value: string | undefined) =>
    setValue('cron', value, { shouldDirty: true, shouldTouch: true, shouldValidate: true });
  return (
    <Fieldset
      title="Schedule"
      about="Left empty, it runs by hand, or when another system starts it with a trigger key."
    >
      <Group gap={6}>
        {PRESETS.map(([label, preset]) => (
          <Button
            key={preset}
            size="compact-xs"
            variant={cron === preset ? 'light' : 'default'}
            aria-pressed={cron === preset}
            onClick={() => set(preset)}
          >
            {label}
          </Button>
        ))}
        <Button
          size="compact-xs"
          variant={cron === undefined ? 'light' : 'default'}
          aria-pressed={cron === undefined}
          onClick={() => set(undefined)}
        >
          No schedule
        </Button>
      </Group>
      <Group align="flex-start" gap="md" grow preventGrowOverflow={false}>
        <TextField
          name="cron"
          label="Cron expression"
          help="minute hour day month weekday; with seconds first when it has six fields"
          placeholder="*/5 * * * *"
          mono
          optional
        />
        <SelectField
          name="timeZone"
          label="Time zone"
          help="What the expression is read in, summer time included"
          choices={zones}
          searchable
        />
      </Group>
      <CronPreview cron={cron} timeZone={timeZone} />
    </Fieldset>
  );
}

function CronPreview({ cron, timeZone }: { readonly cron: string | undefined; readonly timeZone: string }) {
  const [asked] = useDebouncedValue(cron?.trim() ?? '', TYPING_MS);
  const preview = useQuery({
    queryKey: ['cron', asked, timeZone],
    queryFn: ({ signal }) => call('previewCron', { body: { cron: asked, timeZone }, signal }),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  });
  const words = useCronWords(asked);
  const { nextRuns = [], problem } = preview.data ?? {};
  return (
    <div className={classes.preview} aria-live="polite">
      {asked === '' ? (
        <Text c="dimmed">Not on a schedule.</Text>
      ) : problem !== undefined ? (
        <Text c="var(--bad)">This {problem}.</Text>
      ) : (
        <>
          <Text fw={600}>
            {words} <span className={classes.quiet}>({timeZone})</span>
          </Text>
          <ol aria-label="The next runs">
            {nextRuns.map((at) => (
              <li key={at}>
                {slotText(at, timeZone)}
                {timeZone !== zone() && (
                  <span className={classes.quiet}> · {slotText(at, zone())} for you</span>
                )}
                <span className={classes.quiet}>
                  {' · '}
                  <Instant at={at} />
                </span>
              </li>
            ))}
          </ol>
        </>
      )}
    </div>
  );
}
