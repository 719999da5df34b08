import { UnstyledButton } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { SORTS } from './monitor-columns.js';
import { queryFor, sortedBy } from './monitor-query.js';
import classes from './monitors.module.css';

const route = getRouteApi('/in/monitors');

/** A heading; one that sorts is a button. */
export function SortHeading({ column, children }: { readonly column: string; readonly children: ReactNode }) {
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const sort = SORTS[column];
  if (sort === undefined)
    return (
      <th scope="col" data-column={column}>
        {children}
      </th>
    );
  const now = queryFor(search);
  const isSorted = now.sort === sort;
  const Arrow = now.order === 'asc' ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      data-column={column}
      aria-sort={isSorted ? (now.order === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      <UnstyledButton
        className={classes.sort}
        onClick={() => void navigate({ search: (before) => sortedBy(before, sort), replace: true })}
      >
        {children}
        {isSorted && <Arrow size={12} aria-hidden />}
      </UnstyledButton>
    </th>
  );
}
