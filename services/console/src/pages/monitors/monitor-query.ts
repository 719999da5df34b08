import type { MonitorSort } from '@tocsin/http-api';

/** What the address of the page says. */
export interface MonitorSearch {
  readonly q?: string;
  readonly status?: string;
  readonly type?: string;
  readonly tag?: readonly string[];
  readonly sort?: MonitorSort;
  readonly order?: 'asc' | 'desc';
}

const FIRST_ORDER: Readonly<Record<MonitorSort, 'asc' | 'desc'>> = {
  name: 'asc',
  status: 'asc',
  lastCheckAt: 'desc',
  createdAt: 'desc',
};

/** What the api is asked for; by name unless said otherwise. */
export function queryFor({ q, status, type, tag, sort = 'name', order }: MonitorSearch) {
  return { search: q, status, type, tag, sort, order: order ?? FIRST_ORDER[sort] };
}

/** A click on a heading: its own order first, then the other way round. */
export function sortedBy(search: MonitorSearch, sort: MonitorSort): MonitorSearch {
  const now = queryFor(search);
  const order = now.sort === sort ? (now.order === 'asc' ? 'desc' : 'asc') : FIRST_ORDER[sort];
  return { ...search, sort, order };
}

export const isFiltered = ({ q, status, type, tag }: MonitorSearch): boolean =>
  [q, status, type, tag].some((value) => value !== undefined);
