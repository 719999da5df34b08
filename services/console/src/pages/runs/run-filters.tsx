import { Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { RUN_STATES, RUN_TRIGGERS } from '@tocsin/monitoring';
import { queryOf } from '../../api/queries.js';
import { SPAN_LABELS, SPANS } from '../../parts/date-range.js';
import classes from '../../parts/rows.module.css';
import { RUN_MARKS, TRIGGER_WORDS } from '../../parts/run-mark.js';

const route = getRouteApi('/in/runs');

const STATES = RUN_STATES.map((value) => ({ value, label: RUN_MARKS[value].word }));
const TRIGGERS = RUN_TRIGGERS.map((value) => ({ value, label: TRIGGER_WORDS[value] }));
/** The api gives at most this many at once. */
const jobsByName = { ...queryOf('listJobs', { query: { limit: 200 } }), staleTime: 60_000 };

const TIMES = SPANS.map((value) => ({ value, label: SPAN_LABELS[value] }));

/** All of them are in the address. */
export function RunFilters() {
  const { job, status, trigger, span } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery(jobsByName);
  const jobs = data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? [];
  const filter = (change: object) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const select = { clearable: true, style: { flex: '1 1 150px', maxWidth: 240 } } as const;

  return (
    <Group gap="xs" mb="sm" className={classes.filters}>
      <Select
        {...select}
        aria-label="Job"
        placeholder="Any job"
        data={jobs}
        value={job ?? null}
        onChange={(value) => filter({ job: value ?? undefined })}
        searchable
        nothingFoundMessage="No such job"
      />
      <Select
        {...select}
        aria-label="State"
        placeholder="Any state"
        data={STATES}
        value={status ?? null}
        onChange={(value) => filter({ status: value ?? undefined })}
      />
      <Select
        {...select}
        aria-label="Started by"
        placeholder="Started by anything"
        data={TRIGGERS}
        value={trigger ?? null}
        onChange={(value) => filter({ trigger: value ?? undefined })}
      />
      <Select
        {...select}
        aria-label="Time"
        placeholder="Any time"
        data={TIMES}
        value={span ?? null}
        onChange={(value) => filter({ span: value ?? undefined })}
      />
    </Group>
  );
}
