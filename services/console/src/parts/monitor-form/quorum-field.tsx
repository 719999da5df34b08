import { Select } from '@mantine/core';
import { useController } from 'react-hook-form';

/** How many failing locations make the monitor down. */
export function QuorumField({ locations }: { readonly locations: number }) {
  const { field, fieldState } = useController({ name: 'quorum' });
  const { ref, onBlur, onChange } = field;
  const counts = Array.from({ length: locations - 2 }, (_, index) => String(index + 2));
  return (
    <Select
      label="Down when it fails at"
      error={fieldState.error?.message}
      ref={ref}
      data={[
        { value: 'any', label: 'any location' },
        { value: 'majority', label: 'more than half of the locations' },
        { value: 'all', label: 'all locations' },
        ...counts.map((value) => ({ value, label: `at least ${value} locations` })),
      ]}
      value={String(field.value)}
      onBlur={onBlur}
      onChange={(next) => next !== null && onChange(/^\d+$/.test(next) ? Number(next) : next)}
      allowDeselect={false}
      maw={320}
    />
  );
}
