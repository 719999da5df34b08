import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { MASK } from '@tocsin/http-api';
import { Lock } from 'lucide-react';
import { useState } from 'react';

interface SecretFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly help?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly needed?: boolean | undefined;
  readonly error?: string | undefined;
  /** the label is for screen readers alone */
  readonly isLabelHidden?: boolean;
  readonly disabled?: boolean;
}

/** What is stored is never shown, only kept or replaced. */
export function SecretField(props: SecretFieldProps) {
  const { label, value, onChange, help, placeholder, needed = false, error, isLabelHidden = false } = props;
  const [wasStored] = useState(value === MASK);
  const named = isLabelHidden ? { 'aria-label': label } : { label };
  const common = { ...named, error, disabled: props.disabled ?? false, withAsterisk: needed };

  if (value === MASK)
    return (
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          {...common}
          description={help}
          value="Stored, and not shown"
          readOnly
          leftSection={<Lock size={14} aria-hidden />}
          style={{ flex: 1, minWidth: 0 }}
          styles={{ input: { color: 'var(--quiet)' } }}
        />
        <Button variant="default" size="sm" disabled={props.disabled ?? false} onClick={() => onChange('')}>
          Replace
        </Button>
      </Group>
    );
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <PasswordInput
        {...common}
        description={help}
        value={value}
        placeholder={placeholder}
        // Whoever pastes it wants to see that it is the right one.
        defaultVisible
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
        style={{ flex: 1, minWidth: 0 }}
      />
      {wasStored && (
        <Button variant="subtle" size="sm" onClick={() => onChange(MASK)}>
          Keep the stored one
        </Button>
      )}
    </Group>
  );
}
