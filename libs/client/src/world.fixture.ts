import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import {
  encode,
  NATS_PERMISSIONS,
  type NewEvent,
  parseSubscribers,
  subscriberAccess,
} from '@tocsin/contracts';
import { provisionNats } from '@tocsin/provision';
import { freshNats } from '@tocsin/testing';
import type { SubscribeOptions } from './options.js';

const options = { locations: ['local'], replicas: undefined, maxBytesScale: 0.1, artifactDays: 1 };

/** A real server with Tocsin's streams and the subscribers of `text`, whose passwords are their names. */
export async function startWorld(text = 'pager:shop,sink:shop,other:blog', isProvisioned = true) {
  const subscribers = parseSubscribers(text);
  const nats = await freshNats(
    [{ name: 'alert-evaluator', password: 'alert-evaluator', ...NATS_PERMISSIONS['alert-evaluator'] }],
    subscribers.map((one) => ({ name: one.name, password: one.name, access: subscriberAccess(one) })),
  );
  const said: string[] = [];
  const provision = () => provisionNats(nats.url, { ...options, subscribers }, (line) => said.push(line));
  // Without it there are the streams of Tocsin, and nobody reads them yet
  if (isProvisioned) await provision();
  else await provisionNats(nats.url, { ...options, subscribers: [] }, (line) => said.push(line));
  const { username, password, host } = new URL(nats.url);
  const admin: NatsConnection = await connect({
    servers: host,
    user: username,
    pass: password,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
  });
  const js = jetstream(admin);
  const jsm = await jetstreamManager(admin);

  async function say(event: NewEvent): Promise<void> {
    const wire = encode(event);
    const h = headers();
    for (const [key, value] of Object.entries(wire.headers)) h.set(key, value);
    // A server that was just killed may not have its streams back yet
    for (;;) {
      try {
        await js.publish(wire.subject, wire.body, { headers: h, timeout: 500 });
        return;
      } catch (error) {
        if (!/timeout|no responders|disconnect|connection/i.test(String(error))) throw error;
      }
    }
  }

  return {
    nats,
    admin,
    js,
    jsm,
    provision,
    said,
    say,
    /** what a subscriber begins with */
    as: (user: string, more: Partial<SubscribeOptions> = {}): SubscribeOptions => ({
      servers: host,
      user,
      pass: user,
      project: subscribers.find(({ name }) => name === user)?.project ?? 'shop',
      ...more,
    }),
    /** the copies have what the log has */
    async copied(project = 'shop', count?: number) {
      for (;;) {
        const { state } = await jsm.streams.info(`EVENTS_${project}`);
        const { state: alerts } = await jsm.streams.info('ALERTS', { subjects_filter: `alert.${project}.>` });
        const { state: status } = await jsm.streams.info('STATUS', {
          subjects_filter: `status.${project}.>`,
        });
        const sum = (subjects: Record<string, number> = {}) =>
          Object.values(subjects).reduce((all, one) => all + one, 0);
        if (state.messages >= (count ?? sum(alerts.subjects) + sum(status.subjects))) return;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async end() {
      await admin.close();
      await nats.remove();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

const uuid = (n: number) => `0190a1b2-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const at = '2026-01-02T03:04:05.678Z';

/** The n-th change of a monitor's status. */
export const status = (n: number, project = 'shop', time = at): NewEvent<'StatusChanged'> => ({
  type: 'StatusChanged',
  id: uuid(n),
  source: 'tocsin/result-projector',
  time,
  natsSubject: `status.${project}.monitor.${uuid(7)}`,
  entityId: uuid(7),
  data: {
    targetId: uuid(7),
    targetKind: 'monitor',
    project,
    from: 'up',
    to: 'down',
    reason: 'failing',
    changedAt: at,
  },
});

export const acknowledged = (n: number, project = 'shop'): NewEvent<'AlertAcknowledged'> => ({
  type: 'AlertAcknowledged',
  id: uuid(n),
  source: 'tocsin/alert-evaluator',
  time: at,
  natsSubject: `alert.${project}.monitor.${uuid(7)}.acknowledged`,
  entityId: uuid(7),
  data: {
    alertId: uuid(9),
    project,
    target: { id: uuid(7), kind: 'monitor', name: 'shop', url: 'https://shop.example/' },
    acknowledgedAt: at,
    acknowledgedBy: 'ann',
    note: `note ${n}`,
    position: n,
  },
});
