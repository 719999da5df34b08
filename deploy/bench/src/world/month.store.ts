import { DEFAULT_ALERT_CONFIG } from '@tocsin/alerting';
import { addMs, derivedId, type Instant, shardOf, toInstant, toMs } from '@tocsin/kernel';
import type pg from 'pg';
import { monitorId } from './events.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** of the policy that the month was lived under */
const MONTH_THRESHOLD = 2;

export interface Month {
  readonly monitors: number;
  readonly days: number;
  /** of the hours of a monitor in which it fails for some minutes */
  readonly badHours: number;
}

interface Outage {
  readonly monitor: string;
  readonly from: Instant;
  readonly minutes: number;
}

/** The same month every time. */
function outagesOf({ monitors, days, badHours }: Month, from: number): Outage[] {
  let state = 7;
  const dice = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
  const outages: Outage[] = [];
  for (let index = 0; index < monitors; index += 1)
    for (let hour = 0; hour < days * 24; hour += 1) {
      if (dice() >= badHours) continue;
      const at = from + hour * HOUR_MS + Math.floor(dice() * 50) * MINUTE_MS;
      outages.push({
        monitor: monitorId(index),
        from: toInstant(at),
        minutes: 1 + Math.floor(dice() ** 3 * 9),
      });
    }
  return outages;
}

/**
 * A month of one-minute monitors as the services leave it: hourly figures, the alerts that were raised, and the results of
 * the hours with an outage and of the ones after them. Of the others nobody asks for a result, so they are left out.
 * @returns how many results the figures stand for, and how many there are
 */
export async function fillMonth(sql: pg.Pool, month: Month, now: Instant) {
  const end = Math.floor(toMs(now) / HOUR_MS) * HOUR_MS;
  const begin = end - month.days * DAY_MS;
  const outages = outagesOf(month, begin);
  const ids = Array.from({ length: month.monitors }, (_, index) => monitorId(index));
  await fillMonitors(sql, ids, toInstant(begin - DAY_MS));
  for (let day = begin - DAY_MS; day <= end; day += DAY_MS) await partition(sql, toInstant(day).slice(0, 10));
  await sql.query('create table public.bench_outage (monitor uuid, from_slot timestamptz, minutes int)');
  await sql.query(
    'insert into public.bench_outage select * from unnest($1::uuid[], $2::timestamptz[], $3::int[])',
    [
      outages.map(({ monitor }) => monitor),
      outages.map(({ from }) => from),
      outages.map(({ minutes }) => minutes),
    ],
  );
  await sql.query(RESULTS);
  await sql.query(HOURS, [ids, toInstant(begin), toInstant(end - HOUR_MS)]);
  await fillAlerts(sql, outages);
  await sql.query('drop table public.bench_outage');
  await sql.query('vacuum analyze');
  const { rows } = await sql.query<{ stored: string; checks: string }>(
    `select (select count(*) from results.monitor_results) as stored,
      (select sum(checks) from results.monitor_hourly) as checks`,
  );
  return { results: Number(rows[0]?.checks), stored: Number(rows[0]?.stored), outages: outages.length };
}

const RESULTS = `
  insert into results.monitor_results (monitor_id, project, slot, location, outcome, latency_ms, error, started_at,
    finished_at, timings, attempts, observed, trigger, event_id)
  select h.monitor, 'default', s.slot, 'local', case when o.monitor is null then 'up' else 'down' end, 12,
    case when o.monitor is not null then '{"code":"unexpected_status","message":"status 500 is not in 200-299"}'::jsonb end,
    s.slot, s.slot + interval '13 ms', '{"dnsMs":0.02,"connectMs":0.61,"firstByteMs":11,"totalMs":12}', 1,
    '{"statusCode":200,"remoteAddress":"127.0.0.1","bodyBytes":2,"bodyTruncated":false,"redirects":0}', 'schedule',
    gen_random_uuid()
  from (select distinct monitor, date_trunc('hour', from_slot) + n * interval '1 hour' as hour
    from public.bench_outage cross join generate_series(0, 1) as n) as h
  cross join lateral (select h.hour + m * interval '1 minute' as slot from generate_series(0, 59) as m) as s
  left join public.bench_outage as o on o.monitor = h.monitor and s.slot >= o.from_slot
    and s.slot < o.from_slot + o.minutes * interval '1 minute'
  where s.slot < now()
  on conflict do nothing`;

const HOURS = `
  insert into results.monitor_hourly (monitor_id, location, start_at, checks, up, degraded, down, error, latency_sum,
    latency_count, status_changes)
  select m.id, 'local', h.at, 60, 60 - coalesce(d.down, 0), 0, coalesce(d.down, 0), 0, 720, 60,
    case when d.down is null then 0 else 2 end
  from unnest($1::uuid[]) as m(id) cross join generate_series($2::timestamptz, $3::timestamptz, interval '1 hour') as h(at)
  left join (select monitor_id, date_trunc('hour', slot) as at, count(*) as down from results.monitor_results
    where outcome = 'down' group by 1, 2) as d on d.monitor_id = m.id and d.at = h.at`;

async function partition(sql: pg.Pool, day: string): Promise<void> {
  const name = `results.monitor_results_${day.replaceAll('-', '')}`;
  await sql.query(`create table if not exists ${name} partition of results.monitor_results
    for values from ('${day}T00:00:00Z') to ('${addMs(`${day}T00:00:00.000Z`, DAY_MS)}')`);
}

const ALERT_CONFIG = {
  ...DEFAULT_ALERT_CONFIG,
  enabled: true,
  notificationProviders: [derivedId('bench-provider')],
  failureThreshold: MONTH_THRESHOLD,
};

async function fillMonitors(sql: pg.Pool, ids: readonly string[], at: Instant): Promise<void> {
  await sql.query(
    `insert into config.monitors (id, project, name, type, target, interval_seconds, enabled, enabled_at, locations,
      quorum, tags, config, masks, alert_config, revision, created_at, updated_at)
    select id, 'default', 'monitor ' || n, 'http_request', 'http://127.0.0.1/', 60, true, $2, '{local}', 'any', '{}',
      '{}', '{}', $3::jsonb, 1, $2, $2 from unnest($1::uuid[]) with ordinality as m(id, n)`,
    [ids, at, JSON.stringify(ALERT_CONFIG)],
  );
  const policies = ids.map((id) => ({
    project: 'default',
    target: { id, kind: 'monitor', name: 'monitor', url: 'http://127.0.0.1/' },
    policyRevision: 1,
    enabled: true,
    deleted: false,
    alertConfig: ALERT_CONFIG,
    locations: ['local'],
    quorum: 'any',
    changedAt: at,
    position: 0,
  }));
  await sql.query(
    `insert into evaluator.event (chain, position, id, type, source, subject, entity_id, time, data, stream_seq)
    select chain, n, gen_random_uuid(), 'PolicyChanged', 'tocsin/alert-evaluator', 'alert.default.monitor', id, $4, data, n
    from unnest($1::text[], $2::uuid[], $3::text[]) with ordinality as p(chain, id, data, n)`,
    [ids.map(shardOf), ids, policies.map((policy) => JSON.stringify(policy)), at],
  );
}

/** What the evaluator would have raised. */
async function fillAlerts(sql: pg.Pool, outages: readonly Outage[]): Promise<void> {
  const alerts = outages
    .filter(({ minutes }) => minutes >= MONTH_THRESHOLD)
    .map(({ monitor, from, minutes }) => {
      const raised = addMs(from, (MONTH_THRESHOLD - 1) * MINUTE_MS);
      return {
        id: derivedId('alert', monitor, 'failure', raised, 'local'),
        project: 'default',
        target_id: monitor,
        target_kind: 'monitor',
        target_name: 'monitor',
        target_url: '',
        type: 'failure',
        severity: 'error',
        state: 'resolved',
        reason: 'threshold_reached',
        raised_at: addMs(raised, 13),
        since: from,
        resolved_at: addMs(from, minutes * MINUTE_MS + 13),
        resolved_reason: 'recovered',
        duration_ms: (minutes - 1) * MINUTE_MS,
        evidence: [],
        resolved_evidence: [],
        locations: ['local'],
        policy_revision: 1,
        providers: ALERT_CONFIG.notificationProviders,
      };
    });
  await sql.query(
    `insert into evaluator.alert select * from jsonb_populate_recordset(null::evaluator.alert, $1::jsonb)`,
    [JSON.stringify(alerts)],
  );
}
