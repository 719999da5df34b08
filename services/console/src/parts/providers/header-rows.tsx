import { ActionIcon, Box, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { Controller, type UseFormReturn, useFieldArray } from 'react-hook-form';
import type { ProviderValues } from './provider-values.js';
import { SecretField } from './secret-field.js';

interface HeaderRowsProps {
  readonly form: UseFormReturn<ProviderValues>;
  readonly label: string;
  readonly help?: string | undefined;
  readonly disabled: boolean;
}

/** Names with values that are secret once they are stored. */
export function HeaderRows({ form, label, help, disabled }: HeaderRowsProps) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'headers' });
  const errors = form.formState.errors.headers;
  return (
    <Input.Wrapper
      component="fieldset"
      label={label}
      labelElement="div"
      description={help}
      bd={0}
      p={0}
      m={0}
    >
      <Stack gap="xs" mt={fields.length === 0 ? 0 : 6}>
        {fields.map(({ id }, index) => (
          <Group key={id} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              aria-label={`Name of header ${index + 1}`}
              placeholder="Name"
              disabled={disabled}
              style={{ flex: '0 1 180px', minWidth: 80 }}
              {...form.register(`headers.${index}.name`)}
              error={errors?.[index]?.name?.message}
            />
            <Box style={{ flex: 1, minWidth: 0 }}>
              <Controller
                control={form.control}
                name={`headers.${index}.value`}
                render={({ field, fieldState }) => (
                  <SecretField
                    label={`Value of header ${index + 1}`}
                    isLabelHidden
                    placeholder="Value"
                    value={field.value}
                    onChange={field.onChange}
                    error={fieldState.error?.message}
                    disabled={disabled}
                  />
                )}
              />
            </Box>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              disabled={disabled}
              aria-label={`Remove header ${index + 1}`}
              onClick={() => remove(index)}
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          </Group>
        ))}
      </Stack>
      {errors?.root?.message !== undefined && <Input.Error mt={4}>{errors.root.message}</Input.Error>}
      <Button
        mt={6}
        variant="default"
        disabled={disabled}
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => append({ name: '', value: '' })}
      >
        Add a header
      </Button>
    </Input.Wrapper>
  );
}
