import { Tabs } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { TestView } from '@tocsin/http-api';
import { useState } from 'react';
import { call } from '../../api/call.js';
import { about, queryOf } from '../../api/queries.js';
import { Instant } from '../../parts/instant.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import { TestForm } from '../../parts/test-form/test-form.js';
import { type TestValues, valuesOf } from '../../parts/test-form/test-values.js';
import { TestKindMark } from '../../parts/test-kind.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';
import { DeleteTest } from './delete-test.js';
import { UsageTab } from './usage-tab.js';
import { VersionsTab } from './versions-tab.js';

const route = getRouteApi('/in/tests/$id');

export function Test() {
  const { id } = route.useParams();
  const test = useQuery({ ...queryOf('getTest', { params: { id } }), refetchOnWindowFocus: false });
  if (test.isPending) return <Waiting />;
  if (test.data === undefined) return <Problem error={test.error} retry={() => void test.refetch()} />;
  return <Page key={id} test={test.data} />;
}

const TABS = ['definition', 'versions', 'usage'] as const;

function Page({ test }: { readonly test: TestView }) {
  const { id, name, kind, revision, updatedAt, managedBy } = test;
  const { tab = 'definition' } = route.useSearch();
  const navigate = route.useNavigate();
  const mayEdit = useMay('editor');
  // What the form began with: an answer that comes meanwhile must not take away what is typed.
  const [begun, setBegun] = useState<Begun>({ test, values: valuesOf(test), isChanged: false, times: 0 });
  const go = (value: string | null) => {
    const next = TABS.find((one) => one === value);
    void navigate({ search: next === undefined || next === 'definition' ? {} : { tab: next } });
  };
  const restart = (given: Omit<Begun, 'times'>) => setBegun(({ times }) => ({ ...given, times: times + 1 }));
  return (
    <>
      <PageHeader
        title={name}
        managedBy={managedBy}
        beside={<TestKindMark kind={kind} />}
        about={
          <>
            Revision {revision}, changed <Instant at={updatedAt} />
          </>
        }
        above={
          <TextLink to="/tests" size="sm">
            Tests
          </TextLink>
        }
        actions={
          mayEdit && (
            <>
              <ButtonLink to="/jobs/new" search={{ test: id }} variant="default">
                New job with it
              </ButtonLink>
              <DeleteTest test={test} />
            </>
          )
        }
      />
      <Tabs value={tab} onChange={go}>
        <Tabs.List mb="md">
          <Tabs.Tab value="definition">{kind === 'browser' ? 'Script' : 'Scenario'}</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
          <Tabs.Tab value="usage">Used by</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="definition">
          <Editor begun={begun} readOnly={!mayEdit} onSaved={(saved) => restart(startOf(saved))} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          {tab === 'versions' && (
            <VersionsTab
              test={test}
              onPutBack={
                mayEdit
                  ? (code) => {
                      restart({ test, values: { ...valuesOf(test), ...code }, isChanged: true });
                      go('definition');
                    }
                  : undefined
              }
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="usage">{tab === 'usage' && <UsageTab id={id} />}</Tabs.Panel>
      </Tabs>
    </>
  );
}

interface Begun {
  readonly test: TestView;
  readonly values: TestValues;
  /** a version put back, not saved yet */
  readonly isChanged: boolean;
  readonly times: number;
}
const startOf = (test: TestView) => ({ test, values: valuesOf(test), isChanged: false });

interface EditorProps {
  readonly begun: Begun;
  readonly readOnly: boolean;
  readonly onSaved: (test: TestView) => void;
}

function Editor({ begun: { test, values, isChanged, times }, readOnly, onSaved }: EditorProps) {
  const queries = useQueryClient();
  const { id, kind, revision } = test;
  return (
    <TestForm
      key={times}
      kind={kind}
      start={values}
      isChanged={isChanged}
      readOnly={readOnly}
      word="Save"
      save={(body) => call('replaceTest', { params: { id }, body, revision })}
      onSaved={(saved) => {
        queries.setQueryData(queryOf('getTest', { params: { id } }).queryKey, saved);
        void queries.invalidateQueries({ queryKey: about('tests') });
        notifications.show({ title: `${saved.name} is saved`, message: `Revision ${saved.revision}` });
        onSaved(saved);
      }}
    />
  );
}
