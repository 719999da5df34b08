import type { Evidence, KnownAlert, PolicyChanged } from '@tocsin/alerting';
import type { WhatIfInput } from '@tocsin/http-api';
import type { Instant } from '@tocsin/kernel';
import type { TargetKind } from '@tocsin/monitoring';
import { sql } from 'kysely';
import { unlessMissing } from '../reading/missing-view.js';
import type { Database } from '../wiring.js';

export interface PastTarget {
  readonly id: string;
  readonly kind: TargetKind;
  readonly name: string;
  /** its checks look at certificates */
  readonly hasCertificate: boolean;
}

type Whom = Pick<WhatIfInput, 'monitors' | 'jobs' | 'tag' | 'all'>;

/** Those of the project that were asked for, by name. */
export async function findTargets(
  db: Database,
  project: string,
  { monitors, jobs, tag, all }: Whom,
): Promise<PastTarget[]> {
  const everything = all === true || tag !== undefined;
  const whom = (ids: readonly string[] | undefined) => sql<boolean>`
    project = ${project} and (${everything} or id = any(${ids ?? []}::uuid[]))
    and (${tag ?? null}::text is null or ${tag ?? ''} = any(tags))`;
  const { rows } = await sql<PastTarget>`
    select id, 'monitor' as kind, name, type in ('http_request', 'website') as "hasCertificate"
      from config.monitors where ${whom(monitors)}
    union all
    select id, 'job', name, false from config.jobs where ${whom(jobs)}
    order by name, id`.execute(db);
  return rows;
}

/** Every revision of the policies, oldest first, by target. */
export async function loadPolicies(
  db: Database,
  ids: readonly string[],
  to: Instant,
): Promise<Map<string, PolicyChanged[]>> {
  const { rows } = await unlessMissing(
    sql<{ entity_id: string; data: string }>`
      select entity_id, data from evaluator.event
      where entity_id = any(${ids}::uuid[]) and type = 'PolicyChanged' and time < ${to}
      order by chain, position`.execute(db),
    { rows: [] },
  );
  const policies = new Map<string, PolicyChanged[]>();
  for (const { entity_id, data } of rows) {
    const list = policies.get(entity_id) ?? [];
    list.push(JSON.parse(data) as PolicyChanged);
    policies.set(entity_id, list);
  }
  return policies;
}

interface AlertRow {
  readonly id: string;
  readonly target_id: string;
  readonly type: KnownAlert['type'];
  readonly since: Instant;
  readonly raised_at: Instant;
  readonly resolved_at: Instant | null;
  readonly untold: KnownAlert['untold'] | null;
  readonly unmuted_at: Instant | null;
  readonly locations: string[];
  readonly evidence: Evidence[];
  readonly resolved_evidence: Evidence[];
}

/** Alerts that were raised between the two or still open at the first, oldest first, by target. */
export async function loadAlerts(
  db: Database,
  ids: readonly string[],
  from: Instant,
  to: Instant,
): Promise<Map<string, KnownAlert[]>> {
  const { rows } = await unlessMissing(
    sql<AlertRow>`
      select id, target_id, type, since, raised_at, resolved_at, untold, unmuted_at, locations, evidence,
        resolved_evidence
      from evaluator.alert
      where target_id = any(${ids}::uuid[]) and raised_at < ${to}
        and (raised_at >= ${from} or resolved_at is null or resolved_at >= ${from})
      order by raised_at, id`.execute(db),
    { rows: [] },
  );
  return Map.groupBy(rows.map(knownOf), ({ targetId }) => targetId);
}

const knownOf = (row: AlertRow): KnownAlert & { targetId: string } => ({
  targetId: row.target_id,
  id: row.id,
  type: row.type,
  since: row.since,
  raisedAt: row.raised_at,
  ...(row.resolved_at === null ? {} : { resolvedAt: row.resolved_at }),
  ...(row.untold === null ? {} : { untold: row.untold }),
  ...(row.unmuted_at === null ? {} : { unmutedAt: row.unmuted_at }),
  locations: row.locations,
  evidence: row.evidence,
  resolvedEvidence: row.resolved_evidence,
});
