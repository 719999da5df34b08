import { Switch } from '@mantine/core';
import { type Control, useController } from 'react-hook-form';
import type { ProviderValues } from './provider-values.js';

interface FlagFieldProps {
  readonly control: Control<ProviderValues>;
  readonly name: 'enabled' | 'hasOwnServer' | `config.${string}`;
  readonly label: string;
  readonly help?: string | undefined;
  readonly disabled: boolean;
}

/** Something that is so or not. */
export function FlagField({ control, name, label, help, disabled }: FlagFieldProps) {
  const {
    field: { ref, value, onBlur, onChange },
  } = useController({ control, name });
  return (
    <Switch
      ref={ref}
      label={label}
      description={help}
      disabled={disabled}
      checked={value === true}
      onBlur={onBlur}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
