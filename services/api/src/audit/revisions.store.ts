import type { Actor, ConfigKind } from '@tocsin/contracts';
import { subjects } from '@tocsin/contracts';
import { type Revision, revisionCursor } from '@tocsin/http-api';
import type { Instant, JsonObject } from '@tocsin/kernel';
import { sql } from 'kysely';
import { notFound } from '../changes/revision.js';
import type { Database } from '../wiring.js';
import { documentOf } from './shown.js';

export interface Revised {
  readonly kind: ConfigKind;
  readonly project: string;
  readonly id: string;
}

interface Asked {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/**
 * How something was configured, newest first, one more than asked for; what was deleted as well.
 * @throws DomainError `not_found`
 */
export async function listRevisions(
  db: Database,
  { kind, project, id }: Revised,
  { cursor, limit }: Asked,
): Promise<Revision[]> {
  const [before] = cursor === undefined ? [2 ** 31] : revisionCursor.decode(cursor);
  const { rows } = await sql<{ time: Instant; data: string; network: string | null }>`
    select e.time, e.data, o.network from config.event e
    left join config.event_origin o on o.event_id = e.id
    where e.entity_id = ${id} and e.subject = ${subjects.config(project, kind, id)} and e.type like '%Configured'
      and (e.data::jsonb ->> 'revision')::int8 < ${before}::int8
    order by (e.data::jsonb ->> 'revision')::int8 desc limit ${limit + 1}`.execute(db);
  if (rows.length === 0 && cursor === undefined) throw notFound(kind);
  return rows.map(({ time, data, network }) => {
    const whole = JSON.parse(data) as JsonObject;
    return {
      revision: whole.revision as number,
      changedAt: time,
      changedBy: whole.changedBy as unknown as Actor,
      network,
      document: documentOf(whole),
    };
  });
}
