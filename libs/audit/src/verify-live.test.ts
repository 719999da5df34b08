import { jetstreamManager } from '@nats-io/jetstream';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { tellStory } from './story.fixture.js';
import { verifyLive } from './verify-live.js';
import { startWorld, type World } from './world.fixture.js';

let world: World;
beforeAll(async () => {
  world = await startWorld(inject('pgUrl'));
  await tellStory(world);
});
afterAll(async () => {
  await world.stop();
});

test('an honest log has no difference, and all of it is decided again', async () => {
  const verified = await verifyLive(world);
  expect(verified.differences).toEqual([]);
  expect(verified.notes).toEqual([]);
  const alerts = verified.streams.find(({ stream }) => stream === 'ALERTS');
  expect(alerts?.rows).toBeGreaterThan(15);
  expect(alerts?.messages).toBe(alerts?.rows);
  expect(verified.judgement).toMatchObject({
    reDecided: alerts?.rows,
    byEvidence: 0,
    notJudged: 0,
    undecided: 0,
  });
  expect(verified.results).toBe(60);
});

test('beyond the retention of results, what they decided is judged by the evidence it carries', async () => {
  const jsm = await jetstreamManager(world.nats);
  await jsm.streams.purge('RESULTS', { seq: 31 });
  const { differences, judgement, notes } = await verifyLive(world);
  expect(differences).toEqual([]);
  expect(judgement.byEvidence).toBeGreaterThan(3);
  expect(judgement.reDecided).toBeGreaterThan(3);
  expect(judgement.notJudged).toBe(0);
  expect(notes.join()).toContain('may be missing');
});

test('results that came after what is decided are told apart, and so are events that are not published yet', async () => {
  await sql`update evaluator.checkpoint set seq = 58 where stream = 'RESULTS'`.execute(world.db);
  await sql`update notifier.event set stream_seq = null
    where stream_seq = (select max(stream_seq) from notifier.event)`.execute(world.db);
  const { differences, judgement, notes } = await verifyLive(world);
  expect(differences).toEqual([]);
  expect(judgement.undecided).toBe(2);
  expect(notes).toContain('DELIVERIES: 1 events of the table are not published yet');
});
