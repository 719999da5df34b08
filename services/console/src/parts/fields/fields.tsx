import {
  MultiSelect,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { useField } from './use-field.js';

/** Fields of the form around them, by name; what is wrong is said under each. */
interface FieldProps {
  readonly name: string;
  readonly label: string;
  /** what it is for, and what is usual */
  readonly help?: ReactNode;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly required?: boolean;
}

interface TextFieldProps extends FieldProps {
  readonly autoComplete?: string;
  readonly mono?: boolean;
  /** an empty field means that it is not there */
  readonly optional?: boolean;
  readonly type?: 'text' | 'url' | 'email';
}

const monoStyle = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

export function TextField({ name, help, mono = false, optional = false, ...props }: TextFieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <TextInput
      {...props}
      autoComplete={props.autoComplete ?? 'off'}
      description={help}
      error={error}
      name={name}
      ref={ref}
      value={textOf(value)}
      onBlur={onBlur}
      onChange={({ currentTarget: { value: text } }) => onChange(optional && text === '' ? undefined : text)}
      styles={mono ? monoStyle : {}}
    />
  );
}

export function SecretField({ name, help, ...props }: FieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <PasswordInput
      {...props}
      autoComplete="new-password"
      description={help}
      error={error}
      name={name}
      ref={ref}
      value={textOf(value)}
      onBlur={onBlur}
      onChange={onChange}
    />
  );
}

interface AreaFieldProps extends FieldProps {
  readonly mono?: boolean;
  readonly optional?: boolean;
  readonly rows?: number;
}

export function AreaField({
  name,
  help,
  mono = false,
  optional = false,
  rows = 2,
  ...props
}: AreaFieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <Textarea
      {...props}
      description={help}
      error={error}
      name={name}
      ref={ref}
      value={textOf(value)}
      onBlur={onBlur}
      onChange={({ currentTarget: { value: text } }) => onChange(optional && text === '' ? undefined : text)}
      autosize
      minRows={rows}
      maxRows={16}
      styles={mono ? monoStyle : {}}
    />
  );
}

interface NumberFieldProps extends FieldProps {
  readonly min?: number;
  readonly max?: number;
  /** the unit, after the number */
  readonly unit?: string;
}

export function NumberField({ name, help, unit, ...props }: NumberFieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <NumberInput
      {...props}
      description={help}
      error={error}
      name={name}
      ref={ref}
      value={typeof value === 'number' ? value : ''}
      onBlur={onBlur}
      onChange={(next) => onChange(next === '' ? undefined : Number(next))}
      suffix={unit === undefined ? '' : ` ${unit}`}
      // What is out of bounds is said, not changed behind one's back.
      clampBehavior="none"
      allowDecimal={false}
      styles={{ wrapper: { maxWidth: 260 } }}
    />
  );
}

export function SwitchField({ name, label, help, disabled = false }: FieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <Switch
      label={label}
      description={help}
      error={error}
      name={name}
      ref={ref}
      disabled={disabled}
      checked={value === true}
      onBlur={onBlur}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
  );
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SelectFieldProps extends FieldProps {
  readonly choices: readonly (Choice | string)[];
  readonly searchable?: boolean;
  readonly onPick?: (value: string) => void;
}

export function SelectField({ name, help, choices, onPick, ...props }: SelectFieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <Select
      {...props}
      description={help}
      error={error}
      name={name}
      ref={ref}
      data={[...choices]}
      value={typeof value === 'string' && value !== '' ? value : null}
      onBlur={onBlur}
      onChange={(next) => {
        if (next === null) return;
        onChange(next);
        onPick?.(next);
      }}
      allowDeselect={false}
      maw={props.searchable === true ? undefined : 320}
    />
  );
}

interface ListFieldProps extends FieldProps {
  /** offered, not the only ones */
  readonly suggestions?: readonly string[];
  readonly max?: number;
  readonly optional?: boolean;
}

export function ListField({ name, help, suggestions = [], max, optional = false, ...props }: ListFieldProps) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <TagsInput
      {...props}
      description={help}
      error={error}
      name={name}
      ref={ref}
      data={[...suggestions]}
      value={Array.isArray(value) ? value.map(String) : []}
      onBlur={onBlur}
      onChange={(list) => onChange(optional && list.length === 0 ? undefined : list)}
      maxTags={max}
      acceptValueOnBlur
    />
  );
}

export function MultiSelectField({
  name,
  help,
  choices,
  max,
  ...props
}: FieldProps & { readonly choices: readonly Choice[]; readonly max?: number }) {
  const { ref, onBlur, onChange, value, error } = useField(name);
  return (
    <MultiSelect
      {...props}
      description={help}
      error={error}
      name={name}
      ref={ref}
      data={[...choices]}
      value={Array.isArray(value) ? value.map(String) : []}
      onBlur={onBlur}
      onChange={onChange}
      maxValues={max}
      searchable
      clearable
    />
  );
}
