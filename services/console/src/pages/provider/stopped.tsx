import { Alert, Button, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ProviderView } from '@tocsin/http-api';
import { CircleX, PowerOff } from 'lucide-react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Problem } from '../../parts/problem.js';

/** Why it is told nothing at the moment, and how that ends. */
export function Stopped({
  provider,
  mayEdit,
}: {
  readonly provider: ProviderView;
  readonly mayEdit: boolean;
}) {
  const { id, enabled, disabledReason } = provider;
  const queries = useQueryClient();
  const switchOn = useMutation({
    mutationFn: async () => {
      const params = { id };
      // What the provider did itself ends with the next change of its settings: off and on is the smallest.
      if (enabled) await call('updateNotificationProvider', { params, body: { enabled: false } });
      await call('updateNotificationProvider', { params, body: { enabled: true } });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: about('notification-providers') }),
  });
  if (enabled && disabledReason === null) return null;
  return (
    <Alert
      variant="light"
      color={enabled ? 'red' : 'gray'}
      icon={enabled ? <CircleX aria-hidden /> : <PowerOff aria-hidden />}
      title={enabled ? 'Disabled, because it would never have worked' : 'Switched off'}
    >
      <Text size="sm" mb={mayEdit ? 'xs' : 0}>
        {enabled
          ? `Reason: ${disabledReason ?? ''}. It is told nothing until its settings change or it is switched on again; what it missed waits in the dead letters.`
          : 'It is told nothing, whatever happens to the monitors and jobs that use it.'}
      </Text>
      <Problem error={switchOn.error} />
      {mayEdit && (
        <Button variant="default" loading={switchOn.isPending} onClick={() => switchOn.mutate()}>
          {enabled ? 'Switch on again' : 'Switch on'}
        </Button>
      )}
    </Alert>
  );
}
