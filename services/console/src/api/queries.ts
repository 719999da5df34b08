import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type CallArguments, call } from './call.js';
import type { AnswerOf } from './endpoint.js';
import { type EndpointName, type Endpoints, endpoints } from './endpoints.js';

type Answer<Name extends EndpointName> = AnswerOf<Endpoints[Name]>;
type ListName = {
  [Name in EndpointName]: Answer<Name> extends { items: unknown[]; nextCursor: string | null } ? Name : never;
}[EndpointName];
type ItemOf<Name extends ListName> = Answer<Name> extends { items: (infer Item)[] } ? Item : never;

/** What an answer is about: everything read under it is asked for again with `invalidateQueries({queryKey: about('jobs')})`. */
export const about = (resource: Resource) => [resource] as const;
export type Resource =
  | 'session'
  | 'sessions'
  | 'setup'
  | 'overview'
  | 'tags'
  | 'users'
  | 'monitors'
  | 'jobs'
  | 'runs'
  | 'tests'
  | 'variables'
  | 'notification-providers'
  | 'alerts'
  | 'notifications'
  | 'subscriptions'
  | 'tokens'
  | 'audit';

const resourceOf = (name: EndpointName): string => endpoints[name].path.split('/')[1] ?? '';

/** `[resource, route, what was asked]` */
export const keyOf = <Name extends EndpointName>(name: Name, ...[options]: CallArguments<Name>) => {
  const { params, query } = (options ?? {}) as { params?: unknown; query?: unknown };
  return [resourceOf(name), name, { params, query }] as const;
};

/** For `useQuery`: a route, read. */
export const queryOf = <Name extends EndpointName>(name: Name, ...args: CallArguments<Name>) =>
  queryOptions<Answer<Name>>({
    queryKey: keyOf(name, ...args),
    queryFn: ({ signal }) => callWith(name, args[0], { signal }),
  });

/** For `useInfiniteQuery`: a list, page after page; `data.pages.flatMap(page => page.items)`. */
export const pagesOf = <Name extends ListName>(name: Name, ...args: CallArguments<Name>) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(name, ...args), 'pages'] as const,
    queryFn: async ({ signal, pageParam }) => {
      const query = { ...(args[0] as { query?: object } | undefined)?.query, cursor: pageParam };
      const page = await callWith(name, args[0], { signal, query });
      return page as { items: ItemOf<Name>[]; nextCursor: string | null };
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

function callWith<Name extends EndpointName>(
  name: Name,
  options: object | undefined,
  more: object,
): Promise<Answer<Name>> {
  const merged = [{ ...options, ...more }] as unknown as CallArguments<Name>;
  return call(name, ...merged);
}
