import { ActionIcon, Button, Input, Stack, TextInput } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useController } from 'react-hook-form';
import classes from './monitor-form.module.css';

interface Pair {
  readonly key: number;
  readonly name: string;
  readonly value: string;
}

const pairsOf = (headers: unknown): Pair[] =>
  Object.entries((headers ?? {}) as Record<string, string>).map(([name, value], key) => ({
    key,
    name,
    value,
  }));

/** Headers of the request: a record, edited as rows because a name is typed letter by letter. */
export function HeadersField() {
  const { field, fieldState } = useController({ name: 'config.headers' });
  const { onChange, onBlur } = field;
  const [pairs, setPairs] = useState(() => pairsOf(field.value));

  function change(next: Pair[]): void {
    setPairs(next);
    onChange(
      Object.fromEntries(
        next.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
      ),
    );
  }
  const edit = (key: number, what: Partial<Pair>) =>
    change(pairs.map((pair) => (pair.key === key ? { ...pair, ...what } : pair)));

  return (
    <Input.Wrapper
      label="Headers"
      description="Values of headers whose name sounds like a credential are stored encrypted and shown as ********."
      error={errorOf(fieldState.error)}
    >
      <Stack gap="xs" mt="xs" align="flex-start">
        {pairs.map(({ key, name, value }) => (
          <div key={key} className={classes.pair} style={{ width: '100%' }}>
            <TextInput
              aria-label="Name of the header"
              placeholder="Accept"
              value={name}
              onBlur={onBlur}
              onChange={({ currentTarget }) => edit(key, { name: currentTarget.value })}
            />
            <TextInput
              aria-label={`Value of ${name === '' ? 'the header' : name}`}
              value={value}
              onBlur={onBlur}
              onChange={({ currentTarget }) => edit(key, { value: currentTarget.value })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove ${name === '' ? 'the header' : name}`}
              onClick={() => change(pairs.filter((pair) => pair.key !== key))}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Button
          variant="default"
          leftSection={<Plus size={14} aria-hidden />}
          onClick={() => setPairs([...pairs, { key: nextKey(pairs), name: '', value: '' }])}
        >
          Add a header
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}

const nextKey = (pairs: readonly Pair[]): number => Math.max(-1, ...pairs.map(({ key }) => key)) + 1;

function errorOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('message' in error && typeof error.message === 'string') return error.message;
  const [inner] = Object.entries(error);
  const message = inner === undefined ? undefined : errorOf(inner[1]);
  return message === undefined ? undefined : `${inner?.[0]}: ${message}`;
}
