import { Button, Group, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ALERT_TYPES } from '@tocsin/alerting';
import { X } from 'lucide-react';
import { queryOf } from '../../api/queries.js';
import { TYPE_NAMES } from '../../parts/alert-words.js';
import { SPAN_LABELS, SPANS } from '../../parts/date-range.js';

const route = getRouteApi('/in/alerts');

const STATES = [
  { value: 'all', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'resolved', label: 'Resolved' },
];
const TYPES = ALERT_TYPES.map((value) => ({ value, label: TYPE_NAMES[value] }));
const KINDS = [
  { value: 'monitor', label: 'Monitors' },
  { value: 'job', label: 'Jobs' },
];
const TIMES = SPANS.map((value) => ({ value, label: SPAN_LABELS[value] }));

/** All of it is in the address: what is found can be sent to somebody. */
export function AlertFilters() {
  const { state, type, kind, target, span } = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });

  return (
    <Group component="search" gap="xs" mb="md" aria-label="Filter alerts">
      <SegmentedControl
        size="xs"
        data={STATES}
        value={state ?? 'all'}
        aria-label="State"
        onChange={(value) => set({ state: value === 'all' ? undefined : value })}
      />
      <Select
        size="xs"
        w={176}
        data={TYPES}
        value={type ?? null}
        placeholder="Any type"
        aria-label="Type"
        clearable
        onChange={(value) => set({ type: value ?? undefined })}
      />
      <Select
        size="xs"
        w={136}
        data={KINDS}
        value={kind ?? null}
        placeholder="Of anything"
        aria-label="Monitors or jobs"
        clearable
        onChange={(value) => set({ kind: value ?? undefined })}
      />
      <Select
        size="xs"
        w={144}
        data={TIMES}
        value={span ?? null}
        placeholder="Any time"
        aria-label="Began within"
        clearable
        onChange={(value) => set({ span: value ?? undefined })}
      />
      {target !== undefined && <TargetFilter id={target} onClear={() => set({ target: undefined })} />}
    </Group>
  );
}

/** Set by links of a monitor or job; here it can be taken off again. */
function TargetFilter({ id, onClear }: { readonly id: string; readonly onClear: () => void }) {
  const one = useQuery(queryOf('listAlerts', { query: { targetId: id, limit: 1 } }));
  const name = one.data?.items[0]?.targetName ?? 'one monitor or job';
  return (
    <Button
      variant="light"
      rightSection={<X size={14} aria-hidden />}
      aria-label={`Only of ${name}: show all again`}
      onClick={onClear}
    >
      Only of {name}
    </Button>
  );
}
