import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, SimpleGrid } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type JobView, jobInput } from '@tocsin/http-api';
import { type ReactNode, useState } from 'react';
import { FormProvider, type Resolver, useForm } from 'react-hook-form';
import { queryOf } from '../../api/queries.js';
import { AlertSettings } from '../alert-settings/alert-settings.js';
import { atFields } from '../fields/field-problems.js';
import { AreaField, ListField, NumberField, SwitchField, TextField } from '../fields/fields.js';
import { Fieldset } from '../fields/fieldset.js';
import { Problem } from '../problem.js';
import { UnsavedGuard } from '../unsaved.js';
import { WhatIfOfForm } from '../what-if/what-if-of-form.js';
import classes from './job-form.module.css';
import type { JobValues } from './job-values.js';
import { ScheduleFields } from './schedule-fields.js';
import { TestsField } from './tests-field.js';

interface JobFormProps {
  readonly start: JobValues;
  /** of the job that is edited */
  readonly id?: string;
  readonly save: (values: JobValues) => Promise<JobView>;
  readonly onSaved: (job: JobView) => void;
  readonly word: string;
  readonly cancel: ReactNode;
}

/** The schema of the api says what is right, here and there. */
const resolver = zodResolver(jobInput as never) as unknown as Resolver<JobValues>;

export function JobForm({ start, id, save, onSaved, word, cancel }: JobFormProps) {
  const form = useForm<JobValues>({ resolver, defaultValues: start, mode: 'onTouched' });
  const [error, setError] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  const { isDirty, isSubmitting, isSubmitted, isValid } = form.formState;

  async function submit(values: JobValues): Promise<void> {
    setError(undefined);
    try {
      const job = await save(values);
      setSaved(true);
      onSaved(job);
    } catch (problem) {
      setError(atFields(form, problem));
    }
  }

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={(event) => void form.handleSubmit(submit)(event)}>
        <UnsavedGuard isDirty={isDirty && !isSaved && !isSubmitting} />
        <div className={classes.form}>
          <AboutFields />
          <TestsField />
          <ScheduleFields />
          <RunFields />
          <AlertSettings of="job" intervalSeconds={undefined} />
          {id !== undefined && <WhatIfOfForm kind="job" id={id} />}
        </div>
        <div className={classes.actions}>
          <Problem error={error} />
          <Group gap="xs" mt={error === undefined ? 0 : 'xs'}>
            <Button type="submit" size="sm" loading={isSubmitting}>
              {word}
            </Button>
            {cancel}
            {isSubmitted && !isValid && (
              <span role="alert" style={{ color: 'var(--bad)', fontSize: '0.8125rem' }}>
                Something above is not right yet.
              </span>
            )}
          </Group>
        </div>
      </form>
    </FormProvider>
  );
}

function AboutFields() {
  const { data } = useQuery(queryOf('listTags'));
  return (
    <Fieldset title="Job">
      <TextField name="name" label="Name" placeholder="Nightly checks of the shop" required />
      <AreaField name="description" label="Description" optional />
      <ListField name="tags" label="Tags" suggestions={data?.items.map(({ name }) => name) ?? []} max={20} />
      <SwitchField
        name="enabled"
        label="Enabled"
        help="Off: it does not run, and its open alert is closed."
      />
    </Fieldset>
  );
}

function RunFields() {
  return (
    <Fieldset title="Each run">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberField
          name="timeoutSeconds"
          label="Time limit"
          help="The whole run ends by then"
          unit="s"
          min={1}
          max={86_400}
        />
        <NumberField name="retries" label="Retries" help="Of a test that did not pass" min={0} max={5} />
        <TextField name="location" label="Location" help="Where an executor takes it" />
      </SimpleGrid>
      <SwitchField
        name="allowOverlap"
        label="May overlap"
        help="Off: what falls due while a run is going on is left out, and recorded as missed."
      />
    </Fieldset>
  );
}
