import { TagsInput } from '@mantine/core';
import { useController } from 'react-hook-form';

export function PortsField() {
  const { field, fieldState } = useController({ name: 'config.ports' });
  const { ref, onBlur, onChange } = field;
  const ports: readonly unknown[] = Array.isArray(field.value) ? field.value : [];
  const inner = Object.values(fieldState.error ?? {}).find(
    (each): each is { message: string } => typeof each === 'object' && each !== null && 'message' in each,
  );
  return (
    <TagsInput
      label="TCP ports"
      description="The host is there when one of them answers, be it with a refusal."
      error={fieldState.error?.message ?? inner?.message}
      ref={ref}
      value={ports.map(String)}
      onBlur={onBlur}
      onChange={(list) => onChange(list.map(Number).filter((port) => !Number.isNaN(port)))}
      maxTags={5}
      acceptValueOnBlur
    />
  );
}
