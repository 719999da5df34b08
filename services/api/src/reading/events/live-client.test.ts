import { createInMemoryLog } from '@tocsin/event-log';
import { createLogger } from '@tocsin/service-kit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { alertAcknowledged, statusChanged } from './events.fixture.js';
import { type LiveClientOptions, liveClient } from './live-client.js';
import { createLiveFeed, type LiveFeed } from './live-feed.loop.js';

const SIZE = 10;
const logger = createLogger({ name: 'test', level: 'silent' });
let log: ReturnType<typeof createInMemoryLog>;
let feed: LiveFeed;
let stop: AbortController;
let running: Promise<void>;

beforeEach(() => {
  log = createInMemoryLog();
  feed = createLiveFeed({ log, logger, size: SIZE });
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await running;
});

const start = async () => {
  running = feed.run(stop.signal);
  await vi.waitFor(() => {
    for (const topic of ['status', 'alert'] as const) expect(feed.recent(topic).head).toBeDefined();
  });
};
const publish = async (from: number, to: number, project?: string) => {
  for (let number = from; number <= to; number += 1) await log.publish(statusChanged(number, project));
};
const read = (sequence: number) =>
  vi.waitFor(() => expect(feed.recent('status').head).toBeGreaterThanOrEqual(sequence));

function client(more: Partial<LiveClientOptions> = {}) {
  const frames = liveClient({
    feed,
    project: 'default',
    topics: ['status', 'alert'],
    since: {},
    heartbeatMs: 10_000,
    signal: stop.signal,
    ...more,
  });
  const ids: string[] = [];
  let text = '';
  return {
    ids,
    text: () => text,
    /** reads one piece. @returns whether there was one */
    async next(): Promise<boolean> {
      const { value, done } = await frames.next();
      text += value ?? '';
      for (const frame of (value ?? '').split('\n\n'))
        if (frame.startsWith('event: ')) ids.push(frame.slice(frame.indexOf('\nid: ') + '\nid: '.length));
      return done !== true;
    },
    async until(count: number): Promise<string[]> {
      while (ids.length < count) if (!(await this.next())) throw new Error(`ended after ${ids.length}`);
      return ids;
    },
  };
}

describe('a client that comes back', () => {
  it('has what is no longer in memory read from the log, and goes on live', async () => {
    await publish(1, 30);
    await start();
    await publish(31, 60);
    await read(60);
    expect(feed.recent('status').floor).toBeGreaterThan(3);
    const back = client({ since: { status: 3, alert: 0 } });
    await back.until(57);
    await publish(61, 61);
    expect(await back.until(58)).toEqual(Array.from({ length: 58 }, (_, n) => `s${n + 4}.a0`));
  });

  it('is told its place in every topic from the first event on, lest it comes back without it', async () => {
    await log.publish(alertAcknowledged(1));
    await publish(1, 30);
    await start();
    expect(await client({ since: { alert: 0 } }).until(1)).toEqual(['s30.a1']);
    expect(await client({ since: { status: 3, alert: 0 } }).until(1)).toEqual(['s4.a0']);
  });

  it('finds a process that has just started with the newest in memory already', async () => {
    await publish(1, 30);
    await start();
    expect([feed.recent('status').floor, feed.recent('status').head]).toEqual([20, 30]);
    expect(await client({ since: { status: 25 } }).until(5)).toHaveLength(5);
  });

  it('gets what is left of a stream that dropped what it missed', async () => {
    await publish(1, 30);
    log.recreate('STATUS');
    await publish(31, 33);
    await start();
    expect(await client({ since: { status: 1 }, topics: ['status'] }).until(2)).toEqual(['s2', 's3']);
  });
});

describe('a client that names a beginning', () => {
  const since = async (from: Parameters<LiveFeed['since']>[2]) =>
    await feed.since(['status', 'alert'], 'default', from);

  it('has everything there is of its project, and nothing twice', async () => {
    await publish(1, 20, 'other');
    await publish(21, 25);
    await publish(26, 60, 'other');
    await publish(61, 62);
    await start();
    expect(await since({ sequence: 1 })).toEqual({ status: 20, alert: 0 });
    const ids = await client({ topics: ['status'], since: await since({ sequence: 1 }) }).until(7);
    expect(ids).toEqual(['s21', 's22', 's23', 's24', 's25', 's61', 's62']);
  });

  it('has what the log took from an instant on', async () => {
    await publish(1, 3);
    const time = new Date(Date.parse((await log.messageAt('STATUS', 3))?.storedAt ?? '') + 1).toISOString();
    await vi.waitFor(() => expect(new Date().toISOString() >= time).toBe(true));
    await publish(4, 5);
    await start();
    expect(await since({ time })).toEqual({ status: 3, alert: 0 });
  });
});

it('a client is told the types it names, changes of policies only if it does', async () => {
  await start();
  const named = client({ types: ['PolicyChanged', 'StatusChanged'], since: { status: 0, alert: 0 } });
  const usual = client({ since: { status: 0, alert: 0 } });
  await Promise.all([named.next(), usual.next()]);
  feed
    .recent('alert')
    .push(1, { sequence: 1, project: 'default', type: 'PolicyChanged', frame: 'event: alert\n' });
  feed
    .recent('alert')
    .push(2, { sequence: 2, project: 'default', type: 'AlertRaised', frame: 'event: alert\n' });
  await publish(1, 1);
  await read(1);
  expect(await named.until(2)).toEqual(['s1.a0', 's1.a1']);
  expect(await usual.until(2)).toEqual(['s1.a0', 's1.a2']);
});

describe('a client that reads slowly', () => {
  it('is let go, and misses nothing when it comes back', async () => {
    await start();
    const slow = client({ topics: ['status'] });
    await slow.next();
    await publish(1, 1);
    await slow.until(1);
    await publish(2, 60);
    await read(60);
    while (await slow.next());
    const lastId = Number(slow.ids.at(-1)?.slice(1));
    expect(lastId).toBeLessThan(60);
    const back = await client({ topics: ['status'], since: { status: lastId } }).until(60 - lastId);
    expect([...slow.ids, ...back]).toEqual(Array.from({ length: 60 }, (_, n) => `s${n + 1}`));
  });
});

describe('a quiet stream', () => {
  it('shows that it is there, and how far it has read what was for others', async () => {
    await start();
    const quiet = client({ heartbeatMs: 30 });
    await publish(1, 3, 'other');
    await log.publish(alertAcknowledged(1, 'other'));
    await vi.waitFor(async () => {
      await quiet.next();
      expect(quiet.text()).toContain(': still here\nid: s3.a1\n\n');
    });
    expect(quiet.ids).toEqual([]);
  });

  it('wakes for an event at once, not at the next sign of life', async () => {
    await start();
    const live = client();
    await live.next();
    const woken = live.until(1);
    await publish(1, 1);
    expect(await woken).toEqual(['s1.a0']);
  });
});

it('a log that went back begins anew for everybody', async () => {
  await publish(1, 5);
  await start();
  const live = client({ topics: ['status'] });
  await live.next();
  await publish(6, 6);
  await live.until(1);
  log.truncate('STATUS', 3);
  feed.recent('status').push(4, {
    sequence: 4,
    project: 'default',
    type: 'StatusChanged',
    frame: 'event: status\ndata: {}\n',
  });
  const again = live.until(2);
  // The reader in memory does not go back by itself; the one of JetStream does. What wakes is the next event.
  await log.publish(alertAcknowledged(1));
  expect(await again).toEqual(['s6', 's4']);
});

describe('a client that says from when', () => {
  it('of a topic without events of its project begins where the log ended when it asked, not when it is there', async () => {
    await publish(1, 3, 'other');
    const since = await feed.since(['status', 'alert'], 'default', { sequence: 1 });
    expect(since).toEqual({ status: 3, alert: 0 });
    await publish(4, 4);
    await start();
    await read(4);
    expect(await client({ since }).until(1)).toEqual(['s4.a0']);
  });
});
