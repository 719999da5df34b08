import { useQuery } from '@tanstack/react-query';
import { queryOf } from '../../api/queries.js';
import { TextLink } from '../links.js';

/** The api gives at most this many at once; who has more jobs waits a moment longer for the name of one. */
const LIMIT = 200;
export const jobsByName = { ...queryOf('listJobs', { query: { limit: LIMIT } }), staleTime: 60_000 };

/** Runs know the id of their job. One that was deleted has none any more. */
export function JobName({ id }: { readonly id: string }) {
  const jobs = useQuery(jobsByName);
  const known = jobs.data?.items.find((job) => job.id === id)?.name;
  const one = useQuery({
    ...queryOf('getJob', { params: { id } }),
    enabled: jobs.isFetched && known === undefined,
    staleTime: 60_000,
    retry: false,
  });
  const name = known ?? one.data?.name;
  if (name === undefined) return <span>{one.isError ? 'Deleted job' : '…'}</span>;
  return (
    <TextLink to="/jobs/$id" params={{ id }}>
      {name}
    </TextLink>
  );
}
