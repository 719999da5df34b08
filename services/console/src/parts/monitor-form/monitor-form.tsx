import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Group, Stack } from '@mantine/core';
import { type MonitorView, monitorInput } from '@tocsin/http-api';
import { type ReactNode, useState } from 'react';
import { FormProvider, type Resolver, useForm, useWatch } from 'react-hook-form';
import { AlertSettings } from '../alert-settings/alert-settings.js';
import { atFields } from '../fields/field-problems.js';
import { Fieldset } from '../fields/fieldset.js';
import { Problem } from '../problem.js';
import { UnsavedGuard } from '../unsaved.js';
import { WhatIfOfForm } from '../what-if/what-if-of-form.js';
import { KindFields } from './kind-fields.js';
import { KindPicker } from './kind-picker.js';
import classes from './monitor-form.module.css';
import { asKind, type MonitorValues } from './monitor-values.js';
import { TestIt } from './test-it.js';
import { WhatFields, WhenFields } from './what-fields.js';

interface MonitorFormProps {
  readonly start: MonitorValues;
  /** of the monitor that is edited; its kind stays as it is */
  readonly id?: string;
  readonly save: (values: MonitorValues) => Promise<MonitorView>;
  readonly onSaved: (monitor: MonitorView) => void;
  readonly word: string;
  readonly cancel: ReactNode;
}

/** A monitor of any kind: the schema of the api says what is right, here and there. */
const resolver = zodResolver(monitorInput as never) as unknown as Resolver<MonitorValues>;

export function MonitorForm({ start, id, save, onSaved, word, cancel }: MonitorFormProps) {
  const form = useForm<MonitorValues>({ resolver, defaultValues: start, mode: 'onTouched' });
  const [error, setError] = useState<unknown>();
  const [isSaved, setSaved] = useState(false);
  const [type, intervalSeconds] = useWatch({ control: form.control, name: ['type', 'intervalSeconds'] });
  const { isDirty, isSubmitting, isSubmitted, isValid } = form.formState;

  async function submit(values: MonitorValues): Promise<void> {
    setError(undefined);
    try {
      const monitor = await save(values);
      setSaved(true);
      onSaved(monitor);
    } catch (problem) {
      setError(atFields(form, problem));
    }
  }

  return (
    <FormProvider {...form}>
      <form noValidate onSubmit={(event) => void form.handleSubmit(submit)(event)}>
        <UnsavedGuard isDirty={isDirty && !isSaved && !isSubmitting} />
        <div className={classes.form}>
          <Stack gap="md">
            {id === undefined && (
              <Fieldset title="Kind">
                <KindPicker
                  value={type}
                  onPick={(kind) => form.reset(asKind(form.getValues(), kind), { keepDefaultValues: true })}
                />
              </Fieldset>
            )}
            <WhatFields kind={type} />
            <WhenFields kind={type} />
            <KindFields key={type} kind={type} />
            <AlertSettings
              of="monitor"
              intervalSeconds={intervalSeconds}
              hasCertificate={type === 'website'}
            />
          </Stack>
          <Stack gap="md" className={classes.aside}>
            {type !== 'heartbeat' && <TestIt id={id} />}
            {id !== undefined && <WhatIfOfForm kind="monitor" id={id} />}
          </Stack>
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
