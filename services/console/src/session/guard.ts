import type { QueryClient } from '@tanstack/react-query';
import { redirect } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.js';
import { queryOf } from '../api/queries.js';
import { sessionQuery } from './session.js';

interface Visit {
  readonly context: { readonly queries: QueryClient };
  readonly location: { readonly href: string };
}

/** Lets in who is signed in; leads others to where they can be, and back to here afterwards. */
export async function requireSession({ context: { queries }, location }: Visit): Promise<void> {
  try {
    const { user } = await queries.ensureQueryData(sessionQuery);
    if (user.passwordIsTemporary) throw redirect({ to: '/new-password' });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'unauthorized') throw error;
    const { required } = await queries.fetchQuery({ ...queryOf('getSetup'), staleTime: 0 });
    if (required) throw redirect({ to: '/welcome' });
    throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { to: location.href } });
  }
}

/** Only paths of our own: an address to return to may come from anywhere. */
export const safeReturn = (to: string | undefined): string =>
  to !== undefined && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/';
