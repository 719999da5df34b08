import { Button, Group, Loader, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, ShieldCheck } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Mark } from '../../parts/mark.js';
import { Problem } from '../../parts/problem.js';
import { CopyText } from '../../parts/shown-once.js';
import { readSessionAgain } from '../../session/session.js';
import { CodeForm } from './code-form.js';
import { RecoveryCodes } from './recovery-codes.js';

const QrCode = lazy(() => import('./qr-code.js'));

export function TwoFactor({ isOn }: { readonly isOn: boolean }) {
  // Kept beside what is on or off: the codes are shown once, and the session is read again meanwhile.
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes !== undefined) return <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />;
  return isOn ? <On /> : <Off onCodes={setCodes} />;
}

function Off({ onCodes }: { readonly onCodes: (codes: readonly string[]) => void }) {
  const queries = useQueryClient();
  const start = useMutation({ mutationFn: () => call('startTwoFactor') });
  if (!start.isSuccess)
    return (
      <Stack gap="sm">
        <Problem error={start.error} />
        <Group>
          <Button
            leftSection={<ShieldCheck size={14} aria-hidden />}
            loading={start.isPending}
            onClick={() => start.mutate()}
          >
            Set it up
          </Button>
        </Group>
      </Stack>
    );
  const { uri, secret } = start.data;
  return (
    <Stack gap="sm">
      <Text>1. Scan this with an authenticator app, or type the secret into it.</Text>
      <Group gap="md" align="flex-start">
        <Suspense fallback={<Loader size="sm" />}>
          <QrCode text={uri} />
        </Suspense>
        <Group gap="xs" align="flex-end" style={{ flex: '1 1 220px' }} wrap="nowrap">
          <TextInput
            label="Secret"
            value={secret}
            readOnly
            onFocus={(event) => event.currentTarget.select()}
            style={{ flex: 1, minWidth: 0 }}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          <CopyText text={secret} size="sm" />
        </Group>
      </Group>
      <Text>2. Type the code that the app shows.</Text>
      <CodeForm
        label="Six digits"
        confirm="Switch it on"
        onCode={async (code) => {
          const { recoveryCodes } = await call('confirmTwoFactor', { body: { code } });
          onCodes(recoveryCodes);
          void readSessionAgain(queries);
          void queries.invalidateQueries({ queryKey: about('sessions') });
        }}
        onCancel={() => start.reset()}
      />
    </Stack>
  );
}

function On() {
  const queries = useQueryClient();
  const [isEnding, setEnding] = useState(false);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Mark tone="good" icon={CircleCheck} word="On" />
        {!isEnding && (
          <Button variant="default" onClick={() => setEnding(true)}>
            Switch it off
          </Button>
        )}
      </Group>
      {isEnding && (
        <CodeForm
          label="Six digits, or a recovery code"
          confirm="Switch it off"
          onCode={async (code) => {
            await call('endTwoFactor', { body: { code } });
            await readSessionAgain(queries);
            void queries.invalidateQueries({ queryKey: about('sessions') });
          }}
          onCancel={() => setEnding(false)}
        />
      )}
    </Stack>
  );
}
