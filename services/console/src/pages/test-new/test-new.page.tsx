import { SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { call } from '../../api/call.js';
import { about } from '../../api/queries.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { TestForm } from '../../parts/test-form/test-form.js';
import { newTest } from '../../parts/test-form/test-values.js';

const route = getRouteApi('/in/tests/new');
const KINDS = [
  { value: 'browser', label: 'Browser script' },
  { value: 'api', label: 'API scenario' },
] as const;

export function TestNew() {
  const { kind = 'browser' } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const start = useMemo(() => newTest(kind), [kind]);
  return (
    <>
      <PageHeader
        title="New test"
        about={
          kind === 'browser'
            ? 'A Playwright script: it opens pages and does what people do.'
            : 'Requests in order, with what must hold of each answer.'
        }
        above={
          <TextLink to="/tests" size="sm">
            Tests
          </TextLink>
        }
        actions={
          <SegmentedControl
            aria-label="Kind"
            data={[...KINDS]}
            value={kind}
            onChange={(value) => void navigate({ search: { kind: value }, replace: true })}
          />
        }
      />
      <TestForm
        // Each kind begins with its own example.
        key={kind}
        kind={kind}
        start={start}
        word="Create test"
        save={(body) => call('createTest', { body })}
        onSaved={({ id }) => {
          void queries.invalidateQueries({ queryKey: about('tests') });
          void navigate({ to: '/tests/$id', params: { id }, ignoreBlocker: true });
        }}
        cancel={
          <ButtonLink to="/tests" variant="default" size="sm">
            Cancel
          </ButtonLink>
        }
      />
    </>
  );
}
