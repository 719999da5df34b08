import { Button, Code, Group, NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { assertNever } from '@tocsin/kernel';
import { VARIABLE_NAMES } from '@tocsin/notifying';
import type { ReactNode } from 'react';
import { Controller, get, type UseFormReturn } from 'react-hook-form';
import { FlagField } from './flag-field.js';
import { HeaderRows } from './header-rows.js';
import type { ProviderField } from './provider-fields.js';
import type { ProviderValues } from './provider-values.js';
import { SecretField } from './secret-field.js';
import { newSigningSecret } from './signing-secret.js';

interface SettingFieldProps {
  readonly field: ProviderField;
  readonly form: UseFormReturn<ProviderValues>;
  readonly disabled: boolean;
}

/** One setting of a provider, asked for as its kind says. */
export function SettingField({ field, form, disabled }: SettingFieldProps): ReactNode {
  const { path, label, input, help, placeholder, needed = false, choices = [] } = field;
  const name = `config.${path}` as const;
  const { message: error }: { message?: string } = get(form.formState.errors, name) ?? {};
  const common = { label, description: help, placeholder, withAsterisk: needed, error, disabled };

  switch (input) {
    case 'headers':
      return <HeaderRows form={form} label={label} help={help} disabled={disabled} />;
    case 'choice':
      return <NativeSelect {...common} data={[...choices]} maw={160} {...form.register(name)} />;
    case 'switch':
      return <FlagField control={form.control} name={name} label={label} help={help} disabled={disabled} />;
    case 'template':
      return (
        <Stack gap={4}>
          <Textarea
            {...common}
            autosize
            minRows={3}
            maxRows={16}
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            {...form.register(name)}
          />
          <Variables />
        </Stack>
      );
    case 'secret':
    case 'signing':
      return (
        <Controller
          control={form.control}
          name={name}
          render={({ field: { value, onChange } }) => (
            <Stack gap={6} align="stretch">
              <SecretField
                label={label}
                help={help}
                placeholder={placeholder}
                needed={needed}
                error={error}
                disabled={disabled}
                value={typeof value === 'string' ? value : ''}
                onChange={onChange}
              />
              {input === 'signing' && value === '' && (
                <Group>
                  <Button variant="default" disabled={disabled} onClick={() => onChange(newSigningSecret())}>
                    Make one
                  </Button>
                </Group>
              )}
            </Stack>
          )}
        />
      );
    case 'number':
    case 'text':
      return (
        <TextInput
          {...common}
          inputMode={input === 'number' ? 'numeric' : 'text'}
          maw={input === 'number' ? 160 : undefined}
          autoComplete="off"
          {...form.register(name)}
        />
      );
    default:
      return assertNever(input);
  }
}

const Variables = () => (
  <details>
    <Text component="summary" size="xs" c="dimmed" style={{ cursor: 'pointer' }}>
      Variables that are filled in
    </Text>
    <Group gap={4} mt={4}>
      {VARIABLE_NAMES.map((name) => (
        <Code key={name}>{`{{${name}}}`}</Code>
      ))}
    </Group>
  </details>
);
