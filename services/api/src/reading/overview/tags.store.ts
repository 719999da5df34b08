import type { TagCounts } from '@tocsin/http-api';
import { type QueryExecutorProvider, sql } from 'kysely';

/** More than anybody chooses from a list. */
const AT_MOST = 1000;

/** By name; when there are too many, the most used ones. */
export async function countTags(db: QueryExecutorProvider, project: string): Promise<TagCounts> {
  const { rows } = await sql<TagCounts['items'][number]>`
    select name, monitors, jobs, tests from (
      select name, count(*) filter (where kind = 'monitor')::int as monitors,
        count(*) filter (where kind = 'job')::int as jobs, count(*) filter (where kind = 'test')::int as tests
      from (
        select 'monitor' as kind, unnest(tags) as name from config.monitors where project = ${project}
        union all select 'job', unnest(tags) from config.jobs where project = ${project}
        union all select 'test', unnest(tags) from config.tests where project = ${project}
      ) used group by name order by count(*) desc, name limit ${AT_MOST}
    ) most order by lower(name), name`.execute(db);
  return { items: rows };
}
