import { connectNats } from '@tocsin/service-kit';
import { createStreams, freshNats } from '@tocsin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventLog, StoredMessage } from './event-log.js';
import { deletionOf, dueOf, logger, monitorIn, resultOf } from './given.fixture.js';
import { createInMemoryLog } from './in-memory-log.js';
import { createJetStreamLog } from './jetstream.log.js';

async function collect(
  log: EventLog,
  count: number,
  from = 1,
  subjects = ['result.>'],
): Promise<StoredMessage[]> {
  const ending = new AbortController();
  const messages: StoredMessage[] = [];
  const reader = log.read({ stream: 'RESULTS', subjects, from: { sequence: from }, signal: ending.signal });
  for await (const message of reader) {
    messages.push(message);
    if (messages.length >= count) ending.abort();
  }
  return messages;
}

function contract(given: () => EventLog) {
  it('gives each event the next sequence of its stream and hands them out in order', async () => {
    const log = given();
    const [a, b] = [monitorIn(1, 'order'), monitorIn(2, 'order')];
    const before = (await log.describe('RESULTS')).lastSequence;
    const published = [];
    for (const event of [resultOf(a, 1), resultOf(b, 1), resultOf(a, 2)])
      published.push(await log.publish(event));
    expect(published.map(({ sequence }) => sequence - before)).toEqual([1, 2, 3]);
    const messages = await collect(log, 3, before + 1);
    expect(messages.map((message) => message.header('ce-id'))).toEqual(
      [resultOf(a, 1), resultOf(b, 1), resultOf(a, 2)].map(({ id }) => id),
    );
  });

  it('keeps one copy of an event that is published twice', async () => {
    const log = given();
    const event = resultOf(monitorIn(3, 'twice'), 1);
    const first = await log.publish(event);
    const second = await log.publish(event);
    expect(first.duplicate).toBe(false);
    expect(second).toEqual({ sequence: first.sequence, duplicate: true });
  });

  it('refuses for good what no stream takes', async () => {
    const event = { ...resultOf(monitorIn(4), 9), natsSubject: 'nowhere.at.all' };
    const refused = given().publish(event, { signal: AbortSignal.timeout(300) });
    await expect(refused).rejects.toThrow(/aborted|no stream/);
  });

  it('hands out only what the filters name', async () => {
    const log = given();
    const from = (await log.describe('RESULTS')).lastSequence + 1;
    await log.publish(resultOf(monitorIn(5, 'filter'), 1));
    await log.publish(resultOf(monitorIn(6, 'filter'), 1));
    const [message] = await collect(log, 1, from, ['result.6.>']);
    expect(message?.subject).toContain('result.6.');
  });

  it('goes on handing out what is published while it reads', async () => {
    const log = given();
    const from = (await log.describe('RESULTS')).lastSequence + 1;
    const reading = collect(log, 2, from);
    await log.publish(resultOf(monitorIn(7, 'live'), 1));
    await log.publish(resultOf(monitorIn(7, 'live'), 2));
    expect((await reading).map(({ sequence }) => sequence)).toEqual([from, from + 1]);
  });

  it('knows whether a reader has been handed everything', async () => {
    const log = given();
    const ending = new AbortController();
    const from = (await log.describe('RESULTS')).lastSequence + 1;
    await log.publish(resultOf(monitorIn(8, 'drained'), 1));
    const reader = log.read({
      stream: 'RESULTS',
      subjects: ['result.8.>'],
      from: { sequence: from },
      signal: ending.signal,
    });
    const iterator = reader[Symbol.asyncIterator]();
    await iterator.next();
    await expect.poll(() => reader.isDrained()).toBe(true);
    await log.publish(resultOf(monitorIn(8, 'drained'), 2));
    expect(await reader.isDrained()).toBe(false);
    ending.abort();
    await iterator.next();
  });

  it('hands out a page and counts what is behind it', async () => {
    const log = given();
    const from = (await log.describe('RESULTS')).lastSequence + 1;
    const monitorId = monitorIn(11, 'page');
    for (const n of [1, 2, 3]) {
      await log.publish(resultOf(monitorId, n));
      await log.publish(resultOf(monitorIn(12, 'page'), n));
    }
    const asked = { stream: 'RESULTS', subjects: ['result.b.>'] } as const;
    const page = await log.page({ ...asked, from: { sequence: from }, limit: 2 });
    expect(page.messages.map(({ sequence }) => sequence)).toEqual([from, from + 2]);
    expect(page.messages[0]?.header('ce-id')).toBe(resultOf(monitorId, 1).id);
    expect(page.remaining).toBe(1);
    const rest = await log.page({ ...asked, from: { sequence: from + 3 }, limit: 9 });
    expect([rest.messages.length, rest.remaining]).toEqual([1, 0]);
    const two = ['result.b.>', 'result.c.>'];
    const counted = await log.page({ ...asked, subjects: two, from: { sequence: from }, limit: 0 });
    expect([counted.messages.length, counted.remaining]).toEqual([0, 6]);
    const since = { time: page.messages[1]?.storedAt ?? '' };
    expect((await log.page({ ...asked, from: since, limit: 9 })).messages.at(-1)?.sequence).toBe(from + 4);
    const later = { time: new Date(Date.now() + 60_000).toISOString() };
    expect(await log.page({ ...asked, from: later, limit: 9 })).toEqual({ messages: [], remaining: 0 });
  });

  it('shows a message by its sequence, and nothing where there is none', async () => {
    const log = given();
    const event = deletionOf(monitorIn(9, 'at'), 1);
    const { sequence } = await log.publish(event);
    const message = await log.messageAt('CONFIG', sequence);
    expect(message?.header('ce-id')).toBe(event.id);
    expect(JSON.parse(message?.body() ?? '')).toEqual(event.data);
    expect(await log.messageAt('CONFIG', sequence + 1000)).toBeUndefined();
  });

  it('keeps one pending message per subject of the work queue, the newest', async () => {
    const log = given();
    const monitorId = monitorIn(10, 'pending');
    const first = await log.publish(dueOf(monitorId, 1));
    const second = await log.publish(dueOf(monitorId, 2));
    expect(await log.messageAt('CHECKS', first.sequence)).toBeUndefined();
    expect((await log.messageAt('CHECKS', second.sequence))?.header('ce-id')).toBe(dueOf(monitorId, 2).id);
  });
}

describe('the log in memory', () => {
  const log = createInMemoryLog();
  contract(() => log);
});

describe('the log on JetStream', () => {
  let server: Awaited<ReturnType<typeof freshNats>>;
  let nats: ReturnType<typeof connectNats>;
  let log: EventLog;
  beforeAll(async () => {
    server = await freshNats();
    await createStreams(server.url);
    nats = connectNats({ url: server.url, name: 'event-log-test' });
    log = createJetStreamLog({ nats, logger });
  });
  afterAll(async () => {
    await nats.close();
    await server.remove();
  });
  contract(() => log);
});
