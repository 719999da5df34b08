import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { getRouteApi } from '@tanstack/react-router';
import { AUDIT_KINDS } from '@tocsin/http-api';
import { X } from 'lucide-react';
import { useState } from 'react';
import { sentence } from '../../parts/amounts.js';
import { searchField } from '../../shell/shortcuts/focus-search.js';
import type { AuditSearch } from './audit-query.js';

const route = getRouteApi('/in/settings/audit');
const TYPING_MS = 300;

const KIND_WORDS: Readonly<Partial<Record<string, string>>> = {
  ack: 'Acknowledgement',
  redrive: 'Re-drive',
  key: 'Key of a job',
};
const kinds = AUDIT_KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind] ?? sentence(kind) }));

export function AuditFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [who, setWho] = useState(search.who ?? '');
  const [seen, setSeen] = useState(search.who);
  // A link elsewhere on the page asks for somebody else.
  if (seen !== search.who) {
    setSeen(search.who);
    if (who.trim() !== (search.who ?? '')) setWho(search.who ?? '');
  }

  const set = (change: AuditSearch) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const setWhoSoon = useDebouncedCallback(
    (value: string) => set({ who: value.trim() || undefined }),
    TYPING_MS,
  );

  return (
    <Group gap="xs" mb="sm" align="flex-end">
      <TextInput
        label="Who"
        placeholder="E-mail or name of a token"
        flex="1 1 220px"
        maw={280}
        value={who}
        onChange={(event) => {
          setWho(event.currentTarget.value);
          setWhoSoon(event.currentTarget.value);
        }}
        {...searchField}
      />
      <Select
        label="What"
        placeholder="Everything"
        clearable
        flex="1 1 150px"
        maw={220}
        data={kinds}
        value={search.kind ?? null}
        onChange={(value) => set({ kind: value ?? undefined })}
      />
      <TextInput
        label="From"
        type="date"
        flex="1 1 140px"
        maw={170}
        value={search.from ?? ''}
        onChange={(event) => set({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        label="To"
        type="date"
        flex="1 1 140px"
        maw={170}
        value={search.to ?? ''}
        onChange={(event) => set({ to: event.currentTarget.value || undefined })}
      />
      {search.entity !== undefined && (
        <Button
          variant="light"
          size="sm"
          rightSection={<X size={14} aria-hidden />}
          onClick={() => set({ entity: undefined })}
        >
          One thing only
        </Button>
      )}
    </Group>
  );
}
