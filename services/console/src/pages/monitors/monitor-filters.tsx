import { CloseButton, Group, MultiSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { MONITOR_KINDS, STATUSES } from '@tocsin/monitoring';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { queryOf } from '../../api/queries.js';
import { MONITOR_KIND_WORDS } from '../../parts/monitor-kinds.js';
import { STATUS_MARKS } from '../../parts/status-badge.js';
import { searchField } from '../../shell/shortcuts/focus-search.js';
import classes from './monitors.module.css';

const route = getRouteApi('/in/monitors');
const TYPING_MS = 200;

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
      <SearchText value={q ?? ''} onSearch={(text) => filter({ q: text || undefined })} />
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

interface SearchTextProps {
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/** What is typed is shown at once, and asked for when the typing rests. */
function SearchText({ value, onSearch }: SearchTextProps) {
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  const search = useDebouncedCallback((text: string) => {
    asked.current = text;
    onSearch(text);
  }, TYPING_MS);

  useEffect(() => {
    // Not what this field asked for: the address changed by itself, by a link or the way back.
    if (value !== asked.current) setTyped(value);
    asked.current = value;
  }, [value]);

  function change(text: string): void {
    setTyped(text);
    search(text.trim());
  }

  return (
    <TextInput
      {...searchField}
      type="search"
      aria-label="Search name and target"
      placeholder="Search name and target"
      value={typed}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      leftSection={<Search size={14} aria-hidden />}
      rightSection={
        typed !== '' && <CloseButton size="sm" aria-label="Empty the search" onClick={() => change('')} />
      }
      className={classes.search}
    />
  );
}
