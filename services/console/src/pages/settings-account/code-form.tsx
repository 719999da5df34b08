import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Problem } from '../../parts/problem.js';

interface CodeFormProps {
  readonly label: string;
  readonly confirm: string;
  readonly onCode: (code: string) => Promise<void>;
  readonly onCancel: () => void;
}

/** Shows that one has the authenticator app at hand. */
export function CodeForm({ label, confirm, onCode, onCancel }: CodeFormProps) {
  const [code, setCode] = useState('');
  const check = useMutation({
    // A wrong code is no reason to be led to the sign-in page.
    meta: { staysHere: true },
    mutationFn: () => onCode(code.trim()),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm" maw={360}>
        <TextInput
          label={label}
          value={code}
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={40}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Problem error={check.error} />
        <Group gap="xs">
          <Button type="submit" loading={check.isPending} disabled={code.trim().length < 6}>
            {confirm}
          </Button>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
