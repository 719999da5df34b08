import { Button, Group, TextInput } from '@mantine/core';
import { useController } from 'react-hook-form';
import { zone } from '../time.js';
import { localInputOf } from './local-input.js';

/** Until when nothing is told; empty when it is not muted. */
export function MutedField() {
  const { field, fieldState } = useController({ name: 'alertConfig.mutedUntil' });
  const { ref, onBlur, onChange } = field;
  const value = typeof field.value === 'string' ? field.value : undefined;
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        type="datetime-local"
        label="Muted until"
        description={`Nothing raised before then is told until it has passed. In your time zone, ${zone()}.`}
        error={fieldState.error?.message}
        ref={ref}
        value={value === undefined ? '' : localInputOf(value)}
        onBlur={onBlur}
        onChange={({ currentTarget: { value: text } }) =>
          onChange(text === '' ? undefined : new Date(text).toISOString())
        }
      />
      {value !== undefined && (
        <Button variant="default" size="sm" onClick={() => onChange(undefined)}>
          Not muted
        </Button>
      )}
    </Group>
  );
}
