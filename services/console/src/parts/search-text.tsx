import { CloseButton, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { searchField } from '../shell/shortcuts/focus-search.js';

const TYPING_MS = 200;

interface SearchTextProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onSearch: (text: string | undefined) => void;
}

/** The search field of a list: what is typed is shown at once, and asked for when the typing rests. */
export function SearchText({ label, value = '', onSearch }: SearchTextProps) {
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  const search = useDebouncedCallback((text: string) => {
    asked.current = text;
    onSearch(text === '' ? undefined : text);
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
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={({ currentTarget }) => change(currentTarget.value)}
      leftSection={<Search size={14} aria-hidden />}
      rightSection={
        typed !== '' && <CloseButton size="sm" aria-label="Empty the search" onClick={() => change('')} />
      }
      style={{ flex: '1 1 220px', maxWidth: 360 }}
    />
  );
}
