import { TextInput } from '@mantine/core';
import { localInputOf } from '../../parts/alert-settings/local-input.js';

interface TimeFieldProps {
  readonly label: string;
  /** an instant */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** An instant, typed in the reader's zone. */
export function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      leftSection={label}
      leftSectionWidth={48}
      value={value === undefined ? '' : localInputOf(value)}
      onChange={({ currentTarget: { value: text } }) =>
        onChange(text === '' ? undefined : new Date(text).toISOString())
      }
      w={232}
      styles={{ section: { fontSize: '0.75rem', color: 'var(--quiet)' } }}
    />
  );
}
