import { SimpleGrid, TextInput } from '@mantine/core';
import { useController } from 'react-hook-form';

interface Asked {
  readonly path: string;
  readonly expectedValue: string | number | boolean | null;
}

/** A value in a JSON body; both fields together are one setting that may be left out. */
export function JsonPathFields() {
  const { field, fieldState } = useController({ name: 'config.responseBodyJsonPath' });
  const { onChange, onBlur } = field;
  const asked = field.value as Asked | undefined;
  const error = fieldState.error as
    | { path?: { message?: string }; expectedValue?: { message?: string } }
    | undefined;

  function change(next: Partial<Asked>): void {
    const { path, expectedValue } = { path: '', expectedValue: '', ...asked, ...next };
    onChange(path === '' && expectedValue === '' ? undefined : { path, expectedValue });
  }

  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
      <TextInput
        label="Value in JSON"
        description="Where it is, as a JSONPath. Empty: not looked at."
        placeholder="$.status"
        error={error?.path?.message}
        value={asked?.path ?? ''}
        onBlur={onBlur}
        onChange={({ currentTarget }) => change({ path: currentTarget.value })}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <TextInput
        label="must be"
        description="200 and &quot;200&quot; are the same."
        placeholder="ok"
        error={error?.expectedValue?.message}
        value={asked === undefined ? '' : String(asked.expectedValue)}
        onBlur={onBlur}
        onChange={({ currentTarget }) => change({ expectedValue: currentTarget.value })}
      />
    </SimpleGrid>
  );
}
