import { createJetStreamLog, type EventLog } from '@tocsin/event-log';
import { connectNats, createLogger, type Metrics, type NatsHandle } from '@tocsin/service-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';
import { METRICS } from '../../wiring.js';
import { openSource, type Source } from './event-source.fixture.js';
import { alertAcknowledged, notificationMuted, statusChanged } from './events.fixture.js';

const logger = createLogger({ name: 'test', level: 'silent' });
let servers: Servers;
let nats: NatsHandle;
let log: EventLog;
let api: Api;
const open: Source[] = [];
let number = 0;

beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  nats = connectNats({ url: servers.natsUrl, name: 'test', logger });
  log = createJetStreamLog({ nats, logger });
});
beforeEach(async () => {
  api = await startApi(servers);
});
afterEach(async () => {
  for (const opened of open.splice(0)) opened.close();
  await api.stop();
});
afterAll(async () => {
  await nats?.close();
  await servers?.stop();
});

async function source(options?: { query?: string; lastId?: string }): Promise<Source> {
  const opened = await openSource(api.url, api.admin.token, options);
  open.push(opened);
  return opened;
}

/** A source that stands at the live edge: told by an event of its own, so that no test guesses when it is there. */
async function liveSource(query = ''): Promise<Source> {
  const opened = await source({ query });
  for (;;) {
    await log.publish(alertAcknowledged(++number));
    const arrived = await opened.until(1).then(
      () => true,
      () => false,
    );
    if (arrived) break;
  }
  opened.events.length = 0;
  return opened;
}

const publish = async (...events: Parameters<EventLog['publish']>[0][]) => {
  for (const event of events) await log.publish(event);
};
const seen = (events: Source['events']) => events.map(({ event, data }) => [event, data.type]);

describe('live events', () => {
  it('arrive as they happen, each under its topic, with where to go on', async () => {
    const live = await liveSource();
    await publish(statusChanged(++number), alertAcknowledged(++number), notificationMuted(++number));
    const events = await live.until(3);
    expect(new Set(seen(events).map(String))).toEqual(
      new Set(['alert,AlertAcknowledged', 'delivery,NotificationMuted', 'status,StatusChanged']),
    );
    expect(live.lastId()).toMatch(/^s\d+\.a\d+\.d\d+$/);
    expect(live.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(live.headers.get('cache-control')).toContain('no-store');
    expect(live.text()).toMatch(/^retry: \d+\n\n/);
  });

  it('are those of the topics that were asked for, of the own project', async () => {
    const live = await liveSource('?topics=alert');
    await publish(
      statusChanged(++number),
      alertAcknowledged(++number, 'other'),
      alertAcknowledged(++number),
      notificationMuted(++number),
      alertAcknowledged(++number),
    );
    expect(seen(await live.until(2))).toEqual([
      ['alert', 'AlertAcknowledged'],
      ['alert', 'AlertAcknowledged'],
    ]);
    expect(live.text()).not.toContain('"other"');
    expect(live.lastId()).toMatch(/^a\d+$/);
  });

  it('that were missed are there for who comes back, once, in order and before new ones', async () => {
    const first = await liveSource();
    await publish(statusChanged(++number));
    await first.until(1);
    const lastId = first.lastId();
    first.close();
    const missed = [statusChanged(++number), alertAcknowledged(++number), statusChanged(++number)];
    await publish(...missed);
    const second = await source({ lastId });
    const fresh = statusChanged(++number);
    await publish(fresh);
    await second.until(4);
    const times = (events: Source['events'], topic: string) =>
      events.filter(({ event }) => event === topic).map(({ data }) => data.data.changedAt);
    expect(times(second.events, 'status')).toEqual([missed[0], missed[2], fresh].map((event) => event?.time));
    expect(second.events.filter(({ event }) => event === 'alert')).toHaveLength(1);
  });

  it('that were missed while this process was restarted are there too', async () => {
    const first = await liveSource();
    const lastId = first.lastId();
    first.close();
    await api.stop();
    const missed = Array.from({ length: 5 }, () => alertAcknowledged(++number));
    await publish(...missed);
    api = await startApi(servers);
    const second = await source({ lastId });
    const events = await second.until(5);
    expect(events.map(({ data }) => data.data.acknowledgedAt)).toEqual(missed.map(({ time }) => time));
  });

  it('from the start, and from where a caller says it stopped, are all there', async () => {
    await publish(alertAcknowledged(++number), statusChanged(++number), alertAcknowledged(++number));
    const { lastSequence } = await log.describe('ALERTS');
    const page = await log.page({
      stream: 'ALERTS',
      subjects: ['alert.default.>'],
      from: { sequence: 1 },
      limit: 10_000,
    });
    const all = await source({ query: '?types=AlertAcknowledged&from=start' });
    const events = await all.until(page.messages.length);
    expect(events.map(({ data }) => (data as unknown as { id: string }).id)).toEqual(
      page.messages.map((message) => message.header('ce-id')),
    );
    expect(all.lastId()).toBe(`a${lastSequence}`);
    const before = events.at(-2)?.id ?? '';
    const rest = await source({ query: `?topics=alert&after=${before}` });
    expect(await rest.until(1)).toEqual(events.slice(-1));
    const later = await source({
      query: `?topics=alert&from=${new Date(Date.now() + 60_000).toISOString()}`,
    });
    const fresh = alertAcknowledged(++number);
    await publish(fresh);
    expect((await later.until(1)).map(({ data }) => data.data.acknowledgedAt)).toEqual([fresh.time]);
  });

  it('of a position beyond the log go on at its end', async () => {
    const live = await source({ lastId: 's999999.a999999.d999999' });
    await expect
      .poll(async () => {
        await publish(statusChanged(++number));
        return live.events.length;
      })
      .toBeGreaterThan(0);
    expect(live.lastId()).not.toContain('999999');
  });

  it('that nobody can read are passed over', async () => {
    const live = await liveSource();
    const nc = await nats.connection();
    nc.publish('status.default.monitor.nonsense', 'not an event');
    await nc.flush();
    await publish(statusChanged(++number));
    expect(seen(await live.until(1))).toEqual([['status', 'StatusChanged']]);
  });

  it('are no longer made for a client that left', async () => {
    const { registry } = api.app.get<Metrics>(METRICS);
    const clients = async () =>
      (await registry.getSingleMetric('tocsin_live_clients')?.get())?.values[0]?.value;
    const live = await liveSource();
    expect(await clients()).toBe(1);
    live.close();
    await expect.poll(clients, { timeout: 5000 }).toBe(0);
  });

  it('end promptly when the service stops', async () => {
    const live = await liveSource();
    const before = performance.now();
    await Promise.all([api.stop(), live.ended]);
    expect(performance.now() - before).toBeLessThan(2000);
    api = await startApi(servers);
  });
});

describe('a live stream is refused', () => {
  it.each([
    ['with a topic nobody knows', '?topics=alert,weather', undefined, 'topics'],
    ['with a field nobody knows', '?topic=alert', undefined, 'topic'],
    ['with an id it never gave', '', 'yesterday', 'Last-Event-ID'],
    ['with a place it never gave', '?after=yesterday', undefined, 'after'],
    ['with a beginning that is none', '?from=yesterday', undefined, 'from'],
    ['with a type that is not told', '?types=CheckCompleted', undefined, 'types'],
  ])('%s, naming it', async (_, query, lastId, field) => {
    const answer = await api.admin.get(
      `/events${query}`,
      lastId === undefined ? {} : { 'last-event-id': lastId },
    );
    expect([answer.status, answer.body]).toMatchObject([400, { errors: [{ field }] }]);
  });

  it('without a token', async () => {
    const { status } = await openSource(api.url, 'nobody');
    expect(status).toBe(401);
  });
});
