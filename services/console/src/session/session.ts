import { type QueryClient, useQuery } from '@tanstack/react-query';
import type { Role, SessionUser } from '@tocsin/http-api';
import { queryOf } from '../api/queries.js';

export const sessionQuery = { ...queryOf('getSession'), staleTime: 5 * 60_000 };

const RANK: Record<Role, number> = { viewer: 0, editor: 1, admin: 2 };

export const mayAs = (role: Role | undefined, needed: Role): boolean =>
  role !== undefined && RANK[role] >= RANK[needed];

/** Who is signed in; undefined on the pages that need nobody. */
export const useUser = (): SessionUser | undefined =>
  useQuery({ ...sessionQuery, enabled: false }).data?.user;

/** Whether the person may do what this role may: what they may not do is not offered. */
export const useMay = (needed: Role): boolean => mayAs(useUser()?.role, needed);

/** After a change of oneself: who is signed in is never read again by itself. */
export const readSessionAgain = (queries: QueryClient) =>
  queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
