import { Button, Group, Stack } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ProviderView } from '@tocsin/http-api';
import { Send } from 'lucide-react';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { Beside } from '../../parts/beside.js';
import { TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { ProviderForm } from '../../parts/providers/provider-form.js';
import { ProviderHealth } from '../../parts/providers/provider-health.js';
import { ProviderHelp } from '../../parts/providers/provider-help.js';
import { kindLabel } from '../../parts/providers/provider-kinds.js';
import { ProviderTestResult, useProviderTest } from '../../parts/providers/provider-test.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { DeleteProvider } from './delete-provider.js';
import { Health } from './health.js';
import { Stopped } from './stopped.js';
import { Usage } from './usage.js';

const route = getRouteApi('/in/providers/$id');

export function Provider() {
  const { id } = route.useParams();
  const provider = useQuery(queryOf('getNotificationProvider', { params: { id } }));
  if (provider.isPending) return <Waiting />;
  if (provider.isError) return <Problem error={provider.error} retry={() => void provider.refetch()} />;
  return <Shown key={id} provider={provider.data} />;
}

function Shown({ provider }: { readonly provider: ProviderView }) {
  const { id, name, type } = provider;
  const mayEdit = useMay('editor');
  const test = useProviderTest(id);
  return (
    <>
      <PageHeader
        title={name}
        managedBy={provider.managedBy}
        above={<TextLink to="/providers">Providers</TextLink>}
        beside={<ProviderHealth provider={provider} />}
        about={kindLabel(type)}
        actions={
          mayEdit && (
            <>
              <Button
                variant="default"
                leftSection={<Send size={14} aria-hidden />}
                disabled={test.isPending}
                onClick={() => test.mutate()}
              >
                Send a test
              </Button>
              <DeleteProvider provider={provider} />
            </>
          )
        }
      />
      <Stack gap="md" mb="md">
        <Stopped provider={provider} mayEdit={mayEdit} />
        <ProviderTestResult id={id} />
      </Stack>
      <Beside
        aside={
          <>
            <Health provider={provider} />
            <Usage id={id} />
            {mayEdit && <ProviderHelp kind={type} />}
          </>
        }
      >
        <Settings provider={provider} mayEdit={mayEdit} />
      </Beside>
    </>
  );
}

function Settings({ provider, mayEdit }: { readonly provider: ProviderView; readonly mayEdit: boolean }) {
  const queries = useQueryClient();
  const { id, type, revision } = provider;
  return (
    <ProviderForm
      kind={type}
      view={provider}
      disabled={!mayEdit}
      onSave={async (body) => {
        const saved = await call('replaceNotificationProvider', { params: { id }, body, revision });
        queries.setQueryData(queryOf('getNotificationProvider', { params: { id } }).queryKey, saved);
        void queries.invalidateQueries({ queryKey: about('notification-providers') });
        return saved;
      }}
      renderActions={({ isDirty, isBusy }) =>
        mayEdit && (
          <Group gap="sm">
            <Button type="submit" size="sm" loading={isBusy} disabled={!isDirty}>
              Save
            </Button>
          </Group>
        )
      }
    />
  );
}
