import { Badge, Group, Select, Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { TestSummary } from '@tocsin/http-api';
import { FlaskConical, Plus } from 'lucide-react';
import { pagesOf, queryOf } from '../../api/queries.js';
import { Empty } from '../../parts/empty.js';
import { Instant } from '../../parts/instant.js';
import { ButtonLink, TextLink } from '../../parts/links.js';
import { MoreButton } from '../../parts/more-button.js';
import { PageHeader } from '../../parts/page-header.js';
import { Problem } from '../../parts/problem.js';
import classes from '../../parts/rows.module.css';
import { SearchText } from '../../parts/search-text.js';
import { TestKindMark } from '../../parts/test-kind.js';
import { Waiting } from '../../parts/waiting.js';
import { useMay } from '../../session/session.js';

const route = getRouteApi('/in/tests');
const PAGE = 50;
const KINDS = [
  { value: 'browser', label: 'Browser' },
  { value: 'api', label: 'API' },
];

export function Tests() {
  const search = route.useSearch();
  const mayEdit = useMay('editor');
  const { q, kind, tag } = search;
  const pages = useInfiniteQuery({
    ...pagesOf('listTests', { query: { limit: PAGE, search: q, kind, tag } }),
    placeholderData: (before) => before,
  });
  const tests = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHeader
        title="Tests"
        about="What is tried: scripts in a real browser, and scenarios of requests. Jobs and monitors run them."
        actions={
          mayEdit && (
            <ButtonLink to="/tests/new" leftSection={<Plus size={14} aria-hidden />}>
              New test
            </ButtonLink>
          )
        }
      />
      <TestFilters />
      {pages.isPending && <Waiting rows={8} height={44} />}
      {pages.isError && <Problem error={pages.error} retry={() => void pages.refetch()} />}
      {pages.isSuccess && tests.length === 0 && (
        <NoTests isFiltered={Object.keys(search).length > 0} mayEdit={mayEdit} />
      )}
      {tests.length > 0 && <TestTable tests={tests} isStale={pages.isPlaceholderData} />}
      <MoreButton pages={pages} />
    </>
  );
}

function TestFilters() {
  const { q, kind, tag } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery(queryOf('listTags'));
  const tags = new Set(data?.items.map(({ name }) => name));
  if (tag !== undefined) tags.add(tag);
  const filter = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <Group gap="xs" mb="sm">
      <SearchText label="Search tests" value={q} onSearch={(text) => filter({ q: text })} />
      <Select
        aria-label="Kind"
        placeholder="Any kind"
        data={KINDS}
        value={kind ?? null}
        onChange={(value) => filter({ kind: value ?? undefined })}
        style={{ flex: '1 1 130px', maxWidth: 200 }}
        clearable
      />
      <Select
        aria-label="Tag"
        placeholder="Any tag"
        data={[...tags]}
        value={tag ?? null}
        onChange={(value) => filter({ tag: value ?? undefined })}
        style={{ flex: '1 1 130px', maxWidth: 200 }}
        clearable
        searchable
      />
    </Group>
  );
}

function TestTable({
  tests,
  isStale,
}: {
  readonly tests: readonly TestSummary[];
  readonly isStale: boolean;
}) {
  return (
    <Table
      className={`${classes.table} ${isStale ? classes.stale : ''}`}
      highlightOnHover
      aria-label="Tests"
      aria-busy={isStale}
    >
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Test</Table.Th>
          <Table.Th w={120}>Kind</Table.Th>
          <Table.Th w={140}>Changed</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tests.map(({ id, name, kind, description, tags, updatedAt }) => (
          <Table.Tr key={id}>
            <Table.Td className={classes.main}>
              <TextLink to="/tests/$id" params={{ id }} className={classes.name}>
                {name}
              </TextLink>
              {tags.map((tag) => (
                <Badge key={tag} variant="default" size="sm" tt="none" fw={400} ml={8}>
                  {tag}
                </Badge>
              ))}
              {description !== undefined && <span className={classes.under}>{description}</span>}
            </Table.Td>
            <Table.Td>
              <TestKindMark kind={kind} />
            </Table.Td>
            <Table.Td data-label="changed">
              <Instant at={updatedAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function NoTests({ isFiltered, mayEdit }: { readonly isFiltered: boolean; readonly mayEdit: boolean }) {
  if (isFiltered)
    return (
      <Empty
        icon={FlaskConical}
        title="No test is like this"
        action={<TextLink to="/tests">Show all tests</TextLink>}
      >
        Fewer filters may find some.
      </Empty>
    );
  return (
    <Empty
      icon={FlaskConical}
      title="No test yet"
      action={mayEdit && <ButtonLink to="/tests/new">New test</ButtonLink>}
    >
      A browser test is a Playwright script: it opens pages and does what people do. An API test sends
      requests and looks at the answers. Both begin with an example that you change.
    </Empty>
  );
}
