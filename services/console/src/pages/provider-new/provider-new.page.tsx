import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ProviderView } from '@tocsin/http-api';
import { PROVIDER_KINDS, type ProviderKind } from '@tocsin/notifying';
import { useRef } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { Beside } from '../../parts/beside.js';
import { TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { KindChoice } from '../../parts/providers/kind-choice.js';
import { ProviderForm } from '../../parts/providers/provider-form.js';
import { ProviderHelp } from '../../parts/providers/provider-help.js';
import { kindLabel } from '../../parts/providers/provider-kinds.js';
import { startProviderTest } from '../../parts/providers/provider-test.js';

const route = getRouteApi('/in/providers/new');

export function ProviderNew() {
  const { type } = route.useSearch();
  const kind = PROVIDER_KINDS.find((each) => each === type);
  const above = <TextLink to="/providers">Providers</TextLink>;
  if (kind === undefined)
    return (
      <>
        <PageHeader title="New provider" above={above} about="Where shall Tocsin tell people about alerts?" />
        <KindChoice />
      </>
    );
  return (
    <>
      <PageHeader
        title={`New provider: ${kindLabel(kind)}`}
        above={above}
        about={
          <TextLink to="/providers/new" search={{}}>
            Another kind
          </TextLink>
        }
      />
      <Beside aside={<ProviderHelp kind={kind} />}>
        <Form key={kind} kind={kind} />
      </Beside>
    </>
  );
}

function Form({ kind }: { readonly kind: ProviderKind }) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const isTested = useRef(false);

  async function show({ id }: ProviderView): Promise<void> {
    void queries.invalidateQueries({ queryKey: about('notification-providers') });
    if (isTested.current) startProviderTest(queries, id);
    await navigate({ to: '/providers/$id', params: { id } });
  }

  return (
    <ProviderForm
      kind={kind}
      onSave={(body) => call('createNotificationProvider', { body })}
      onSaved={(saved) => void show(saved)}
      renderActions={({ isBusy }) => (
        <>
          <Button type="submit" size="sm" loading={isBusy} onClick={() => (isTested.current = true)}>
            Save and send a test
          </Button>
          <Button
            type="submit"
            size="sm"
            variant="default"
            disabled={isBusy}
            onClick={() => (isTested.current = false)}
          >
            Save
          </Button>
        </>
      )}
    />
  );
}
