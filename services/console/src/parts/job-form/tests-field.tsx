import { ActionIcon, Group, Select, Text, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useController } from 'react-hook-form';
import { queryOf } from '../../api/queries.js';
import { Fieldset } from '../fields/fieldset.js';
import { TextLink } from '../links.js';
import classes from './job-form.module.css';
import type { JobValues } from './job-values.js';
import { moved } from './moved.js';

const LIMIT = 200;
const TYPING_MS = 200;

/** The tests of a job in their order, which the arrow keys change. */
export function TestsField() {
  const { field, fieldState } = useController<JobValues, 'tests'>({ name: 'tests' });
  const [said, setSaid] = useState('');
  const rows = useRef<HTMLOListElement>(null);
  const all = useQuery(queryOf('listTests', { query: { limit: LIMIT } }));
  const nameOf = (id: string) => all.data?.items.find((test) => test.id === id)?.name;
  const tests = field.value;

  function move(from: number, to: number): void {
    const next = moved(tests, from, to);
    if (next === tests) return;
    field.onChange([...next]);
    setSaid(`${nameOf(tests[from] ?? '') ?? 'Test'} is now number ${to + 1} of ${tests.length}`);
    // The row that moved keeps the focus, so that it can be moved on.
    requestAnimationFrame(() => rows.current?.querySelectorAll<HTMLElement>('[data-row]')[to]?.focus());
  }
  const onKey = (index: number) => (event: KeyboardEvent) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step === undefined || event.target !== event.currentTarget) return;
    event.preventDefault();
    move(index, index + step);
  };

  return (
    <Fieldset
      title="Tests"
      about="Run one after the other, in this order. Without tests, the job runs elsewhere and is reported here."
    >
      {tests.length > 0 && (
        <ol className={classes.tests} ref={rows}>
          {tests.map((id, index) => (
            <li key={id} className={classes.test}>
              <button type="button" data-row className={classes.testName} onKeyDown={onKey(index)}>
                <span className={classes.place}>{index + 1}</span>
                <TestName id={id} known={nameOf(id)} />
                <VisuallyHidden>, move with the arrow keys</VisuallyHidden>
              </button>
              <Group gap={2} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Move ${nameOf(id) ?? 'test'} up`}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  <ArrowUp size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Move ${nameOf(id) ?? 'test'} down`}
                  disabled={index === tests.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  <ArrowDown size={16} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Take out ${nameOf(id) ?? 'test'}`}
                  onClick={() => field.onChange(tests.filter((test) => test !== id))}
                >
                  <X size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </li>
          ))}
        </ol>
      )}
      <AddTest chosen={tests} onAdd={(id) => field.onChange([...tests, id])} />
      {fieldState.error !== undefined && (
        <Text size="sm" c="var(--bad)" role="alert">
          {fieldState.error.message ?? 'These tests are not right.'}
        </Text>
      )}
      <output className="visually-hidden">{said}</output>
    </Fieldset>
  );
}

function TestName({ id, known }: { readonly id: string; readonly known: string | undefined }) {
  const { data, isError } = useQuery({
    ...queryOf('getTest', { params: { id } }),
    enabled: known === undefined,
  });
  return <span>{known ?? data?.name ?? (isError ? `Unknown test ${id.slice(0, 8)}` : '…')}</span>;
}

function AddTest({ chosen, onAdd }: { chosen: readonly string[]; onAdd: (id: string) => void }) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const found = useQuery({
    ...queryOf('listTests', { query: { limit: 50, ...(search === '' ? {} : { search }) } }),
    placeholderData: keepPreviousData,
  });
  const choices = (found.data?.items ?? [])
    .filter(({ id }) => !chosen.includes(id))
    .map(({ id, name, kind }) => ({ value: id, label: `${name} (${kind})` }));
  const hasNone = found.isSuccess && search === '' && chosen.length === 0 && choices.length === 0;
  if (hasNone)
    return (
      <Text size="sm">
        There is no test yet.{' '}
        <TextLink to="/tests/new" target="_blank" size="sm">
          Write one
        </TextLink>{' '}
        in a new tab, then come back: it appears here.
      </Text>
    );
  return (
    <Select
      aria-label="Add a test"
      placeholder="Add a test…"
      data={choices}
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(id) => {
        if (id === null) return;
        onAdd(id);
        setTyped('');
      }}
      searchable
      // The api has searched already, also where only the first of many are here.
      filter={({ options }) => options}
      nothingFoundMessage="No other test is named so"
      maw={480}
    />
  );
}
