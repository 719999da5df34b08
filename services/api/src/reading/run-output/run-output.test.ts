import { jetstreamManager } from '@nats-io/jetstream';
import { OUTPUT_STREAM, subjects } from '@tocsin/contracts';
import type { RunOutputChunk, RunView } from '@tocsin/http-api';
import { connectNats, createLogger, type NatsHandle } from '@tocsin/service-kit';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { type Api, type Servers, startApi, startServers } from '../../testing/api.fixture.js';
import { textAt } from '../../testing/client.fixture.js';
import { createJob } from '../../testing/given.fixture.js';
import { openSource, type Seen, type Source } from '../events/event-source.fixture.js';
import { createViews, insertRows, runRow } from '../views.fixture.js';

type Data = RunOutputChunk & RunView;

let servers: Servers;
let api: Api;
/** speaks as an executor does */
let executor: NatsHandle;
let jobId: string;
let runId: string;
let slot: string;
const open: Source<Data>[] = [];

beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers);
  await createViews(api.db);
  executor = connectNats({
    url: servers.natsUrl,
    name: 'executor',
    logger: createLogger({ name: 'test', level: 'silent' }),
  });
  jobId = await createJob(api);
});
beforeEach(async () => {
  const { body } = await api.admin.post(`/jobs/${jobId}/run`);
  [runId, slot] = [textAt(body, 'runId'), textAt(body, 'triggeredAt')];
});
afterEach(() => {
  for (const source of open.splice(0)) source.close();
});
afterAll(async () => {
  await api?.stop();
  await executor?.close();
  await servers?.stop();
});

/** Said as an executor says it, without waiting for an answer; done when the stream has it. */
async function says(...texts: string[]): Promise<void> {
  const nc = await executor.connection();
  const subject = subjects.output('default', runId);
  for (const text of texts) {
    const chunk = { at: '2026-01-31T12:00:00.000Z', testId: null, source: 'stdout', text };
    nc.publish(subject, JSON.stringify(chunk));
  }
  const jsm = await jetstreamManager(nc);
  const last = () => jsm.streams.getMessage(OUTPUT_STREAM.name, { last_by_subj: subject });
  await expect.poll(async () => (await last())?.json<RunOutputChunk>().text).toBe(texts.at(-1));
}
async function becomes(status: string): Promise<void> {
  const isOver = status !== 'running';
  const more = { status, ...(isOver ? {} : { finished_at: null, duration_ms: null }) };
  await sql`delete from results.job_run where run_id = ${runId}`.execute(api.db);
  await insertRows(api.db, 'results.job_run', [runRow(runId, jobId, slot, more)]);
}
async function follow(lastId?: string): Promise<Source<Data>> {
  const options = { path: `/runs/${runId}/output`, ...(lastId === undefined ? {} : { lastId }) };
  const source = await openSource<Data>(api.url, api.admin.token, options);
  open.push(source);
  return source;
}
const said = (events: readonly Seen<Data>[]) =>
  events.map(({ event, data }) => (event === 'state' ? `= ${data.status}` : data.text));

test('who comes late reads it from the beginning, then as it is said, and last what came of it', async () => {
  await becomes('running');
  await says('one', 'two');
  const source = await follow();
  expect(source.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(source.headers.get('cache-control')).toContain('no-store');
  await source.until(3);
  await says('three');
  const live = await source.until(4);
  expect(said(live)).toEqual(['= running', 'one', 'two', 'three']);
  expect(live[1]?.data).toEqual({
    at: '2026-01-31T12:00:00.000Z',
    testId: null,
    source: 'stdout',
    text: 'one',
  });
  expect(live[0]?.data).toMatchObject({ runId, jobId, location: 'local' });
  await says('four');
  await becomes('failed');
  await source.ended;
  expect(said(source.events)).toEqual(['= running', 'one', 'two', 'three', 'four', '= failed']);
});

test('who comes back goes on after the last it had', async () => {
  await becomes('running');
  await says('one', 'two', 'three');
  const first = await follow();
  const [, , two] = await first.until(3);
  first.close();
  await says('four');
  const second = await follow(two?.id);
  expect(said(await second.until(3))).toEqual(['= running', 'three', 'four']);
});

test('a run that waits shows its place, and every change of it', async () => {
  await sql`delete from config.run_request where run_id <> ${runId}`.execute(api.db);
  const source = await follow();
  expect((await source.until(1))[0]?.data).toMatchObject({ status: 'queued', position: 1 });
  await becomes('running');
  await source.until(2);
  await becomes('passed');
  await source.ended;
  expect(said(source.events)).toEqual(['= queued', '= running', '= passed']);
});

test('a run that is over is told whole, and the stream ends', async () => {
  await says(...Array.from({ length: 300 }, (_, at) => `line ${at}`));
  await becomes('passed');
  const source = await follow();
  await source.ended;
  expect(said(source.events)).toEqual([...Array.from({ length: 300 }, (_, at) => `line ${at}`), '= passed']);
});

test('what is no output is left out, and so is what another run says', async () => {
  await becomes('running');
  const nc = await executor.connection();
  nc.publish(subjects.output('default', runId), 'not JSON');
  nc.publish(subjects.output('default', runId), '{"text":"no source"}');
  nc.publish(subjects.output('default', jobId), JSON.stringify({ text: 'of another' }));
  await says('mine');
  await becomes('passed');
  const source = await follow();
  await source.ended;
  expect(said(source.events)).toEqual(['mine', '= passed']);
});

test('after a restart of the server, which forgets what was said, it goes on with what is said then', async () => {
  await becomes('running');
  await says('before');
  const jsm = await jetstreamManager(await executor.connection());
  const { config } = await jsm.streams.info(OUTPUT_STREAM.name);
  await jsm.streams.delete(OUTPUT_STREAM.name);
  await jsm.streams.add(config);
  await says('after');
  const source = await follow('4000');
  expect(said(await source.until(2)).toSorted()).toEqual(['= running', 'after']);
});

test('a place that is none is refused by name', async () => {
  for (const place of ['x', '-1', '1.5', '1'.repeat(41)]) {
    const { body } = await api.admin.get(`/runs/${runId}/output`, { 'last-event-id': place });
    expect([body.status, (body.errors as { field: string }[])[0]?.field.toLowerCase()]).toEqual([
      400,
      'last-event-id',
    ]);
  }
});

test('a client that leaves leaves nothing behind', async () => {
  await becomes('running');
  await says('one');
  const source = await follow();
  await source.until(2);
  const jsm = await jetstreamManager(await executor.connection());
  const readers = async () => (await jsm.streams.info(OUTPUT_STREAM.name)).state.consumer_count;
  expect(await readers()).toBe(1);
  source.close();
  await expect.poll(readers, { timeout: 5000 }).toBe(0);
});

test('it ends when the service stops', async () => {
  await becomes('running');
  const other = await startApi(servers);
  const source = await openSource<Data>(other.url, api.admin.token, { path: `/runs/${runId}/output` });
  await source.until(1);
  const begun = performance.now();
  await Promise.all([source.ended, other.stop()]);
  expect(performance.now() - begun).toBeLessThan(2000);
});
