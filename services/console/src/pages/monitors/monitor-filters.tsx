import { Group, MultiSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { MONITOR_KINDS, STATUSES } from '@tocsin/monitoring';
import { queryOf } from '../../api/queries.js';
import { MONITOR_KIND_WORDS } from '../../parts/monitor-kinds.js';
import { SearchText } from '../../parts/search-text.js';
import { STATUS_MARKS } from '../../parts/status-badge.js';
import classes from './monitors.module.css';

const route = getRouteApi('/in/monitors');

const KINDS = MONITOR_KINDS.map((value) => ({ value, label: MONITOR_KIND_WORDS[value].word }));
const STATES = STATUSES.map((value) => ({ value, label: STATUS_MARKS[value].word }));
const listOf = (text: string | undefined): string[] => text?.split(',') ?? [];
const textOf = (list: readonly string[]): string | undefined => list.join(',') || undefined;

/** Search and filters; all of them are in the address. */
export function MonitorFilters() {
  const { q, status, type, tag } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: tags } = useQuery(queryOf('listTags'));
  const names = new Set([
    ...(tags?.items.filter(({ monitors }) => monitors > 0).map(({ name }) => name) ?? []),
    ...(tag ?? []),
  ]);
  const filter = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  return (
    <Group gap="xs" mb="sm" className={classes.filters}>
      <SearchText label="Search name and target" value={q} onSearch={(text) => filter({ q: text })} />
      <MultiSelect
        aria-label="Status"
        placeholder={status === undefined ? 'Any status' : undefined}
        data={STATES}
        value={listOf(status)}
        onChange={(list) => filter({ status: textOf(list) })}
        className={classes.filter}
        clearable
      />
      <MultiSelect
        aria-label="Kind"
        placeholder={type === undefined ? 'Any kind' : undefined}
        data={KINDS}
        value={listOf(type)}
        onChange={(list) => filter({ type: textOf(list) })}
        className={classes.filter}
        clearable
      />
      <MultiSelect
        aria-label="Tag"
        placeholder={tag === undefined ? 'Any tag' : undefined}
        data={[...names]}
        value={[...(tag ?? [])]}
        onChange={(list) => filter({ tag: list.length === 0 ? undefined : list })}
        className={classes.filter}
        searchable
        clearable
        nothingFoundMessage="No such tag"
      />
    </Group>
  );
}
