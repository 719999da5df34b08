import '@mantine/spotlight/styles.css';
import { useDebouncedValue } from '@mantine/hooks';
import { Spotlight, spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Activity, ListChecks, Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { queryOf } from '../../api/queries.js';
import { STATUS_MARKS } from '../../parts/status-badge.js';
import { useUser } from '../../session/session.js';
import { commandsFor } from './commands.js';

const SHOWN = 6;

/** Everything there is to go to or to do, by name. */
export default function Palette({ asked }: { readonly asked: number }) {
  const navigate = useNavigate();
  const role = useUser()?.role;
  const [query, setQuery] = useState('');
  const [search] = useDebouncedValue(query.trim(), 120);
  const found = { query: { search, limit: SHOWN }, enabled: search !== '' };
  const monitors = useQuery({ ...queryOf('listMonitors', { query: found.query }), enabled: found.enabled });
  const jobs = useQuery({ ...queryOf('listJobs', { query: found.query }), enabled: found.enabled });

  useEffect(() => {
    if (asked > 0) spotlight.open();
  }, [asked]);

  const commands = commandsFor(role).filter(({ label }) =>
    label.toLowerCase().includes(query.trim().toLowerCase()),
  );
  const targets = [
    ...(monitors.data?.items ?? []).map(({ id, name, status }) => ({
      id,
      name,
      status,
      icon: Activity,
      go: () => navigate({ to: '/monitors/$id', params: { id } }),
    })),
    ...(jobs.data?.items ?? []).map(({ id, name, status }) => ({
      id,
      name,
      status,
      icon: ListChecks,
      go: () => navigate({ to: '/jobs/$id', params: { id } }),
    })),
  ];
  const isNothing = commands.length === 0 && targets.length === 0;

  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      clearQueryOnClose
      centered={false}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
    >
      <Spotlight.Search
        placeholder="Monitors, jobs, pages, actions"
        aria-label="Search or go to"
        leftSection={<Search size={16} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {targets.map(({ id, name, status, icon: Icon, go }) => (
          <Spotlight.Action
            key={id}
            label={name}
            description={STATUS_MARKS[status].word}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => void go()}
          />
        ))}
        {commands.map(({ label, icon: Icon, to }) => (
          <Spotlight.Action
            key={label}
            label={label}
            leftSection={<Icon size={16} aria-hidden />}
            onClick={() => void navigate({ to })}
          />
        ))}
        {isNothing && <Spotlight.Empty>Nothing is called “{query}”.</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
