import { Fieldset, Group, Stack, TextInput } from '@mantine/core';
import type { ProviderView } from '@tocsin/http-api';
import type { ProviderKind } from '@tocsin/notifying';
import { type ReactNode, useMemo, useState } from 'react';
import { type FieldErrors, set, useForm, useWatch } from 'react-hook-form';
import { ApiError } from '../../api/api-error.js';
import { Problem } from '../problem.js';
import { UnsavedGuard } from '../unsaved.js';
import { FlagField } from './flag-field.js';
import { OWN_SERVER } from './provider-fields.js';
import { fieldsOf, inputOf, type ProviderValues, placeOf, problemsOf, valuesOf } from './provider-values.js';
import { SettingField } from './setting-field.js';

interface ProviderFormProps {
  readonly kind: ProviderKind;
  /** undefined: a new one */
  readonly view?: ProviderView;
  readonly disabled?: boolean;
  /** what is there after it */
  readonly onSave: (input: ReturnType<typeof inputOf>) => Promise<ProviderView>;
  /** once nothing is unsaved any more */
  readonly onSaved?: (saved: ProviderView) => void;
  readonly renderActions: (state: { readonly isDirty: boolean; readonly isBusy: boolean }) => ReactNode;
}

/** The settings of a provider, new or stored. */
export function ProviderForm({
  kind,
  view,
  disabled = false,
  onSave,
  onSaved,
  renderActions,
}: ProviderFormProps) {
  const stored = useMemo(() => valuesOf(kind, view), [kind, view]);
  const [problem, setProblem] = useState<unknown>();
  const form = useForm<ProviderValues>({
    values: stored,
    // What somebody else saved meanwhile arrives under what is being typed here.
    resetOptions: { keepDirtyValues: true },
    resolver: (values) => {
      const errors: FieldErrors<ProviderValues> = {};
      for (const { field, message } of problemsOf(kind, values))
        set(errors, placeOf(field, values), { type: 'custom', message });
      return Object.keys(errors).length === 0 ? { values, errors: {} } : { values: {}, errors };
    },
  });
  const { errors, isDirty, isSubmitting } = form.formState;
  const hasOwnServer = useWatch({ control: form.control, name: 'hasOwnServer' });
  const fields = fieldsOf(kind, { hasOwnServer });
  const ofServer = fields.filter(({ path }) => path.startsWith(`${OWN_SERVER}.`));

  async function save(values: ProviderValues): Promise<void> {
    setProblem(undefined);
    try {
      const saved = await onSave(inputOf(kind, values));
      form.reset(valuesOf(kind, saved));
      onSaved?.(saved);
    } catch (error) {
      setProblem(error);
      if (!(error instanceof ApiError)) return;
      for (const { field, message } of error.fields)
        form.setError(placeOf(field, values) as 'name', { message });
    }
  }

  return (
    <form noValidate onSubmit={(event) => void form.handleSubmit(save)(event)}>
      <UnsavedGuard isDirty={isDirty && !isSubmitting} />
      <Stack gap="md" maw={640}>
        <TextInput
          label="Name"
          withAsterisk
          disabled={disabled}
          autoComplete="off"
          placeholder="Operations"
          {...form.register('name')}
          error={errors.name?.message}
        />
        {fields
          .filter((field) => !ofServer.includes(field))
          .map((field) => (
            <SettingField key={field.path} field={field} form={form} disabled={disabled} />
          ))}
        {kind === 'email' && (
          <FlagField
            control={form.control}
            name="hasOwnServer"
            label="Send through a mail server of its own"
            help="Otherwise through the one of this installation"
            disabled={disabled}
          />
        )}
        {ofServer.length > 0 && (
          <Fieldset legend="Mail server">
            <Stack gap="md">
              {ofServer.map((field) => (
                <SettingField key={field.path} field={field} form={form} disabled={disabled} />
              ))}
            </Stack>
          </Fieldset>
        )}
        {view !== undefined && (
          <FlagField
            control={form.control}
            name="enabled"
            label="Switched on"
            help="Switched off, it is told nothing, and what it misses is not sent later"
            disabled={disabled}
          />
        )}
        <Problem error={problem} />
        <Group gap="xs">{renderActions({ isDirty, isBusy: isSubmitting })}</Group>
      </Stack>
    </form>
  );
}
