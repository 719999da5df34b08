import { jetstream } from '@nats-io/jetstream';
import { connect, headers } from '@nats-io/transport-node';
import {
  type AlertEvent,
  DEFAULT_ALERT_CONFIG,
  decideAcknowledgement,
  decideAlert,
  decidePolicy,
  INITIAL_TARGET_STATE,
  observationOf,
  type TargetState,
} from '@tocsin/alerting';
import {
  alertLogEvent,
  encode,
  isPolicyCause,
  type NewEvent,
  policyChange,
  subjects,
} from '@tocsin/contracts';
import { connectDatabase } from '@tocsin/database';
import { appendEvents, type EventTable } from '@tocsin/event-log';
import { derivedId, type Instant, shardOf, toInstant } from '@tocsin/kernel';
import { createStreams, freshDatabase, freshNats } from '@tocsin/testing';
import { sql } from 'kysely';
import { tableOf } from './chained-table.js';
import { createTables } from './tables.fixture.js';

const START = Date.UTC(2026, 0, 1);
export const at = (second: number): Instant => toInstant(START + second * 1000);
const PROJECT = 'default';
const changedBy = { kind: 'user', id: 'ada', name: 'ada@example.com' } as const;
const providers = [derivedId('provider', 'hook')];

/**
 * The log as a small installation leaves it behind: what each service writes is written by the same libraries, a step
 * at a time.
 */
export async function startWorld(pgUrl: string) {
  const server = await freshNats();
  await createStreams(server.url);
  const database = await freshDatabase(pgUrl);
  const db = connectDatabase<unknown>({
    databaseUrl: database.url,
    name: 'test',
    onIdleError: () => undefined,
  });
  await createTables(db);
  const { host, username, password } = new URL(server.url);
  const nats = await connect({ servers: host, user: username, pass: decodeURIComponent(password) });
  const js = jetstream(nats);
  const states = new Map<string, TargetState>();
  let resultsAt = 0;
  let configAt = 0;

  async function publish(event: NewEvent): Promise<number> {
    const { subject, headers: values, body } = encode(event);
    const hdrs = headers();
    for (const [key, value] of Object.entries(values)) hdrs.set(key, value);
    return (await js.publish(subject, body, { headers: hdrs })).seq;
  }

  /** In the table, in its chain, then in the stream, as a relay does it. */
  async function log(table: EventTable, chain: string, events: readonly NewEvent[]): Promise<void> {
    if (events.length === 0) return;
    await db.transaction().execute(async (tx) => {
      await appendEvents(
        tx,
        table,
        events.map((event) => ({ event, chain })),
      );
    });
    for (const event of events) {
      const sequence = await publish(event);
      await sql`update ${sql.table(`${table.schema}.${table.name}`)} set stream_seq = ${sequence}
        where id = ${event.id}`.execute(db);
      if (table.stream === 'CONFIG') configAt = sequence;
    }
  }

  async function take(id: string, events: readonly AlertEvent[], state: TargetState): Promise<void> {
    states.set(id, state);
    await log(
      tableOf('ALERTS'),
      shardOf(id),
      events.map((event) => alertLogEvent(event, undefined)),
    );
    await sql`update evaluator.checkpoint set seq = case stream when 'CONFIG' then ${configAt}::bigint else ${resultsAt}::bigint end`.execute(
      db,
    );
  }
  const stateOf = (id: string) => states.get(id) ?? INITIAL_TARGET_STATE;

  return {
    nats,
    db,
    databaseUrl: database.url,
    natsUrl: server.url,
    publish,

    async configure(monitorId: string, revision: number, second: number, alertConfig = {}, enabled = true) {
      const data = {
        monitorId,
        project: PROJECT,
        revision,
        name: `shop ${monitorId.slice(0, 4)}`,
        type: 'http_request',
        target: 'http://shop.example/',
        intervalSeconds: 60,
        enabled,
        enabledAt: at(0),
        locations: ['local'],
        quorum: 'any',
        config: { method: 'GET' },
        changedAt: at(second),
        changedBy,
        alertConfig: {
          ...DEFAULT_ALERT_CONFIG,
          enabled: true,
          notificationProviders: providers,
          ...alertConfig,
        },
      };
      const event: NewEvent<'MonitorConfigured'> = {
        type: 'MonitorConfigured',
        id: derivedId('configured', monitorId, String(revision)),
        source: 'tocsin/api',
        time: data.changedAt,
        natsSubject: subjects.config(PROJECT, 'monitor', monitorId),
        entityId: monitorId,
        data,
      };
      await log(tableOf('CONFIG'), 'config', [event]);
      const before = stateOf(monitorId);
      if (!isPolicyCause(event)) return;
      const { events, state } = decidePolicy(policyChange(event, before.policy), before, resultsAt);
      await take(monitorId, events, state);
    },

    async check(monitorId: string, second: number, outcome: 'up' | 'down' | 'error') {
      const data = {
        monitorId,
        project: PROJECT,
        kind: 'http_request',
        slot: at(second),
        location: 'local',
        outcome,
        startedAt: at(second),
        finishedAt: at(second),
        latencyMs: 12.5,
        timings: { totalMs: 12.5 },
        attempts: 1,
        ...(outcome === 'down' ? { error: { code: 'unexpected_status', message: 'status 500' } } : {}),
        observed: { statusCode: 500 },
        configRevision: 1,
        trigger: 'schedule' as const,
      };
      const id = derivedId('check', monitorId, data.slot);
      resultsAt = await publish({
        type: 'CheckCompleted',
        id,
        source: 'tocsin/executor',
        time: data.finishedAt,
        natsSubject: subjects.result(PROJECT, 'monitor', monitorId),
        entityId: monitorId,
        data,
      });
      const { events, state } = decideAlert(observationOf(id, data), stateOf(monitorId), resultsAt);
      await take(monitorId, events, state);
      for (const event of events) await deliver(event, second);
    },

    async acknowledge(monitorId: string, second: number) {
      const open = Object.values(stateOf(monitorId).episodes)[0];
      if (open === undefined) return;
      const { alertId } = open;
      await log(tableOf('CONFIG'), 'config', [
        {
          type: 'AcknowledgementGiven',
          id: derivedId('ack', alertId, String(second)),
          source: 'tocsin/api',
          time: at(second),
          natsSubject: subjects.config(PROJECT, 'ack', alertId),
          entityId: monitorId,
          data: {
            project: PROJECT,
            alertId,
            targetId: monitorId,
            note: 'on it',
            changedAt: at(second),
            changedBy,
          },
        },
      ]);
      const given = { alertId, acknowledgedAt: at(second), acknowledgedBy: changedBy.name, note: 'on it' };
      const { events, state } = decideAcknowledgement(given, stateOf(monitorId), resultsAt);
      await take(monitorId, events, state);
    },

    async stop() {
      await nats.close();
      await db.destroy();
      await server.remove();
      await database.drop();
    },
  };

  async function deliver({ type, data }: AlertEvent, second: number): Promise<void> {
    if (type === 'PolicyChanged' || type === 'AlertAcknowledged') return;
    const [providerId = ''] = data.providers;
    const alertEventId = derivedId(type, data.alertId);
    await log(tableOf('DELIVERIES'), shardOf(providerId), [
      {
        type: 'NotificationDelivered',
        id: derivedId('delivery', alertEventId),
        source: 'tocsin/notifier',
        time: at(second),
        natsSubject: subjects.delivery(PROJECT, 'webhook', providerId, 'delivered'),
        entityId: providerId,
        data: {
          notificationId: derivedId('notification', alertEventId),
          project: PROJECT,
          alertId: data.alertId,
          alertEventId,
          alertEvent: type,
          targetId: data.target.id,
          providerId,
          providerKind: 'webhook',
          attempts: 1,
          deliveredAt: at(second),
          answer: { status: 200, excerpt: 'ok' },
        },
      },
    ]);
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>;
