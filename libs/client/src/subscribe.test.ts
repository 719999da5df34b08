import { headers } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Problem, TocsinEvent } from './event.js';
import type { SubscribeOptions } from './options.js';
import { type Subscription, subscribe } from './subscribe.js';
import { acknowledged, startWorld, status, type World } from './world.fixture.js';

let world: World;
let serial = 1;
/** each test says events of its own */
const fresh = () => (serial += 1);

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.end());

interface Listening {
  readonly subscription: Subscription;
  readonly heard: TocsinEvent[];
  readonly problems: Problem[];
  readonly until: (count: number) => Promise<void>;
}

async function listen(
  options: SubscribeOptions,
  before: (event: TocsinEvent) => void = () => undefined,
): Promise<Listening> {
  const heard: TocsinEvent[] = [];
  const problems: Problem[] = [];
  let check = () => {};
  const take = (event: TocsinEvent) => {
    before(event);
    heard.push(event);
    check();
  };
  const subscription = await subscribe(
    { onProblem: (problem) => void problems.push(problem), ...options },
    { StatusChanged: take, AlertAcknowledged: take },
  );
  const running = subscription.done.catch(() => undefined);
  onTestFinished(async () => {
    await subscription.stop().catch(() => undefined);
    await running;
  });
  const until = (count: number) =>
    new Promise<void>((resolve) => {
      check = () => heard.length >= count && resolve();
      check();
    });
  return { subscription, heard, problems, until };
}
const idsOf = ({ heard }: Listening) => heard.map(({ id }) => id);
const say = async (...events: Parameters<World['say']>[0][]) => {
  for (const event of events) await world.say(event);
  await world.copied();
  return events.map(({ id }) => id);
};

test('from now on: what is said later is heard at once, typed and with its place', async () => {
  await say(status(fresh()));
  const listening = await listen(world.as('pager'));
  const n = fresh();
  const event = acknowledged(n);
  const before = performance.now();
  await world.say(event);
  await listening.until(1);
  expect(performance.now() - before).toBeLessThan(1_000);
  const [heard] = listening.heard;
  expect(heard).toMatchObject({
    type: 'AlertAcknowledged',
    id: event.id,
    source: 'tocsin/alert-evaluator',
    data: { note: `note ${n}`, target: { name: 'shop' } },
    natsSubject: event.natsSubject,
    cursor: `${heard?.sequence}:${event.id}`,
  });
});

test('from the start: everything there is, alerts and statuses, of this project alone', async () => {
  await say(status(fresh()), acknowledged(fresh()), status(fresh(), 'blog'), acknowledged(fresh()));
  const { messages } = (await world.jsm.streams.info('EVENTS_shop')).state;
  const listening = await listen(world.as('pager', { from: 'start' }));
  await listening.until(messages);
  expect(listening.heard.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: messages }, (_, i) => i + 1),
  );
  expect(new Set(listening.heard.map(({ data }) => data.project))).toEqual(new Set(['shop']));
});

test('from an instant, as a date or as text: what came at it or later', async () => {
  await say(status(fresh()));
  // The clock of the log is the server's, which has more digits than ours
  await new Promise((resolve) => setTimeout(resolve, 5));
  const instant = new Date();
  const ids = await say(status(fresh()), status(fresh()));
  for (const time of [instant, instant.toISOString()]) {
    const listening = await listen(world.as('pager', { from: { time } }));
    await listening.until(2);
    expect(idsOf(listening)).toEqual(ids);
  }
});

test('from a cursor the caller kept: what comes after its event', async () => {
  const first = await listen(world.as('pager'));
  await say(status(fresh()), status(fresh()));
  await first.until(2);
  const later = await say(status(fresh()), acknowledged(fresh()));
  const second = await listen(world.as('pager', { from: { cursor: first.heard[1]?.cursor ?? '' } }));
  await second.until(2);
  expect(idsOf(second)).toEqual(later);
});

test('a durable position: what was said while nobody listened is heard next time, and nothing twice', async () => {
  const first = await listen(world.as('sink', { durable: true }));
  const one = await say(status(fresh()));
  await first.until(1);
  await first.subscription.stop();
  const missed = await say(status(fresh()), status(fresh()));
  const second = await listen(world.as('sink', { durable: true }));
  await second.until(2);
  expect([...idsOf(first), ...idsOf(second)]).toEqual([...one, ...missed]);
});

test('a durable position may be left for another beginning', async () => {
  const { messages } = (await world.jsm.streams.info('EVENTS_shop')).state;
  const listening = await listen(world.as('sink', { durable: true, reposition: true, from: 'start' }));
  await listening.until(messages);
  expect(listening.heard[0]?.sequence).toBe(1);
});

test('the second process of an identity takes its position over, and the first is told', async () => {
  const first = await listen(world.as('sink', { durable: true }));
  await listen(world.as('sink', { durable: true }));
  await world.say(status(fresh()));
  await expect(first.subscription.done).rejects.toMatchObject({ code: 'position_taken' });
});

test('a handler that fails with a durable position gets the event again, and nothing after it before', async () => {
  let failures = 1;
  const listening = await listen(world.as('sink', { durable: true }), () => {
    if (failures-- > 0) throw new Error('the till is closed');
  });
  const ids = await say(status(fresh()), acknowledged(fresh()));
  await listening.until(2);
  expect(idsOf(listening)).toEqual(ids);
  expect(listening.problems).toMatchObject([
    { kind: 'handler_failed', attempt: 1, retryInMs: 1_000, event: { id: ids[0] } },
  ]);
});

test('a handler that fails with a cursor ends the subscription where it was', async () => {
  const listening = await listen(world.as('pager'), ({ type }) => {
    if (type === 'AlertAcknowledged') throw new Error('no more');
  });
  const [good, bad, later] = await say(status(fresh()), acknowledged(fresh()), status(fresh()));
  const error = await listening.subscription.done.catch((caught: unknown) => caught as { cursor: string });
  expect(error).toMatchObject({
    code: 'handler_failed',
    cursor: listening.heard[0]?.cursor,
    message: expect.stringContaining('no more') as string,
  });
  const again = await listen(world.as('pager', { from: { cursor: (error as { cursor: string }).cursor } }));
  await again.until(2);
  expect([...idsOf(listening), ...idsOf(again)]).toEqual([good, bad, later]);
});

test('what is newer than the client neither breaks it nor stops it', async () => {
  const listening = await listen(world.as('pager'));
  const known = status(fresh());
  const h = headers();
  h.set('ce-type', 'tocsin.v1.MonitorDreamt');
  h.set('ce-id', 'x');
  await world.js.publish('status.shop.monitor.x', '{}', { headers: h });
  const newer = { ...known.data, to: 'levitating', mood: 'high' } as unknown as typeof known.data;
  await world.say({ ...known, data: newer });
  await listening.until(1);
  expect(listening.heard[0]?.data).toMatchObject({ to: 'levitating', mood: 'high' });
  expect(listening.problems).toEqual([]);
});

test('a message that no handler could use is told with its place, and passed over', async () => {
  const listening = await listen(world.as('pager'));
  const h = headers();
  h.set('ce-type', 'tocsin.v1.StatusChanged');
  h.set('ce-id', 'broken');
  await world.js.publish('status.shop.monitor.x', '{"to":', { headers: h });
  await world.js.publish('status.shop.monitor.x', 'nothing at all');
  await world.say(status(fresh()));
  await listening.until(1);
  const sequence = (listening.heard[0]?.sequence ?? 0) - 2;
  expect(listening.problems).toMatchObject([
    { kind: 'malformed', sequence, cursor: `${sequence}:broken`, reason: 'the body is not JSON' },
    { kind: 'malformed', sequence: sequence + 1, reason: 'ce-type "" is no event of Tocsin' },
  ]);
});

test('a wrong password, a foreign project and an invented cursor are said, not tried for ever', async () => {
  const attempts: [Partial<SubscribeOptions>, string][] = [
    [{ pass: 'wrong' }, 'not_permitted'],
    [{ project: 'blog' }, 'not_permitted'],
    [{ project: 'blog', from: 'start' }, 'not_permitted'],
    [{ project: 'blog', from: 'start', durable: true }, 'not_permitted'],
    [{ from: { cursor: 'x' } }, 'invalid_cursor'],
    [{ from: { cursor: '999999:abc' } }, 'log_went_backwards'],
    [{ from: { cursor: '1:not-the-id-of-the-first' } }, 'log_went_backwards'],
  ];
  for (const [more, code] of attempts)
    await expect(subscribe(world.as('pager', more), {})).rejects.toMatchObject({ code });
  await expect(subscribe(world.as('pager', { batch: 0 }), {})).rejects.toThrow(/batch/);
});

test('a server that is killed again and again is survived without a gap or a repeat', async () => {
  const listening = await listen(world.as('pager', { connection: { reconnectTimeWait: 50 } }));
  const ids: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    ids.push(...(await say(status(fresh()), acknowledged(fresh()))));
    await listening.until(ids.length);
    await world.nats.restart();
    ids.push(...(await say(status(fresh()))));
  }
  await listening.until(ids.length);
  expect(idsOf(listening)).toEqual(ids);
});

test('events that were dropped before they were read are a gap that is told', async () => {
  const blog = await startWorld('reader:blog');
  onTestFinished(() => blog.end());
  for (let n = 0; n < 10; n += 1) await blog.say(status(fresh(), 'blog'));
  await blog.copied('blog');
  await blog.jsm.streams.purge('EVENTS_blog', { seq: 6 });
  const listening = await listen({ ...blog.as('reader'), from: { cursor: '2' } });
  await listening.until(5);
  expect(listening.problems).toEqual([{ kind: 'gap', from: 3, to: 5 }]);
});

test('a log that went backwards is said to those who listen and to those who return', async () => {
  const blog = await startWorld('reader:blog');
  onTestFinished(() => blog.end());
  for (let n = 0; n < 5; n += 1) await blog.say(status(fresh(), 'blog'));
  await blog.copied('blog');
  const listening = await listen({ ...blog.as('reader'), from: 'start' });
  await listening.until(5);
  await blog.jsm.streams.delete('STATUS');
  await blog.provision();
  expect(blog.said).toEqual([expect.stringMatching(/STATUS ends at 0 and EVENTS_blog has 5 of it/)]);
  await blog.say(status(fresh(), 'blog'));
  await expect(listening.subscription.done).rejects.toMatchObject({ code: 'log_went_backwards' });
  const cursor = listening.heard.at(-1)?.cursor ?? '';
  await expect(subscribe(blog.as('reader', { from: { cursor } }), {})).rejects.toMatchObject({
    code: 'log_went_backwards',
  });
});
