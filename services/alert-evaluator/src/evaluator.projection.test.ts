import { DEFAULT_ALERT_CONFIG } from '@tocsin/alerting';
import { encode, type NewEvent } from '@tocsin/contracts';
import { derivedId, shardOf } from '@tocsin/kernel';
import { freshDatabase } from '@tocsin/testing';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { dump, openDatabase, startWorld } from './running.fixture.js';
import { acknowledged, at, checked, configured, jobConfigured, ran, watching } from './world.fixture.js';

let db: Kysely<unknown>;
let world: Awaited<ReturnType<typeof startWorld>>;
beforeAll(async () => {
  db = await openDatabase((await freshDatabase(inject('pgUrl'))).url);
});
beforeEach(async () => {
  world = await startWorld(db);
});
afterAll(() => db.destroy());

const SHOP = derivedId('shop');
const publish = async (...events: NewEvent[]) => {
  for (const event of events) await world.log.publish(event);
};
const alerts = async (columns = 'type, state') =>
  (await sql.raw(`select ${columns} from evaluator.alert order by raised_at, id`).execute(world.db)).rows;
const eventTypes = async () =>
  (
    await sql<{ type: string }>`select type from evaluator.event order by chain, position`.execute(world.db)
  ).rows.map(({ type }) => type);
const deadLetters = async () =>
  (await sql<{ reason: string }>`select reason from evaluator.dead_letter`.execute(world.db)).rows;

describe('the alert table', () => {
  test('tells an episode from its raise to its end', async () => {
    await publish(configured(SHOP, 1), checked(SHOP, 1, { error: { code: 'timeout', message: 'too late' } }));
    await world.catchUp();
    const [row] = (await alerts('id')) as { id: string }[];
    await publish(acknowledged(SHOP, row?.id ?? '', 5), checked(SHOP, 61, { outcome: 'up' }));
    await world.catchUp();
    expect(await alerts('*')).toMatchObject([
      {
        project: 'default',
        target_id: SHOP,
        target_kind: 'monitor',
        target_name: 'shop',
        target_url: 'http://shop.example/',
        type: 'failure',
        severity: 'error',
        state: 'resolved',
        reason: 'threshold_reached',
        raised_at: at(1),
        since: at(1),
        resolved_at: at(61),
        resolved_reason: 'recovered',
        duration_ms: 60_000,
        acknowledged_at: at(5),
        acknowledged_by: 'ada',
        acknowledgement_note: 'on it',
        evidence: [{ outcome: 'down', error: { code: 'timeout' } }],
        resolved_evidence: [{ outcome: 'up' }],
        locations: ['local'],
        policy_revision: 1,
        providers: watching.notificationProviders,
        untold: null,
        unmuted_at: null,
      },
    ]);
  });

  test('has every episode of a batch, though one begins as the other ends', async () => {
    await publish(configured(SHOP, 1));
    for (let second = 1; second <= 9; second += 1)
      await publish(checked(SHOP, second, { outcome: second % 2 === 0 ? 'up' : 'down' }));
    await world.catchUp();
    const states = (await alerts('state')).map((row) => (row as { state: string }).state);
    expect(states).toEqual(['resolved', 'resolved', 'resolved', 'resolved', 'open']);
  });

  test('K14 shows that a muted alert was not told, and since when it is', async () => {
    const muted = { ...watching, mutedUntil: at(3) };
    await publish(configured(SHOP, 1, { alertConfig: muted }), checked(SHOP, 1));
    await world.catchUp();
    expect(await alerts('untold, unmuted_at')).toEqual([{ untold: 'muted', unmuted_at: null }]);
    await publish(checked(SHOP, 4));
    await world.catchUp();
    expect(await alerts('untold, unmuted_at')).toEqual([{ untold: null, unmuted_at: at(4) }]);
  });
});

describe('what is counted', () => {
  test('a target without a policy counts and emits nothing, and raises once it has one', async () => {
    await publish(checked(SHOP, 1), checked(SHOP, 2));
    await world.catchUp();
    expect(await eventTypes()).toEqual([]);
    await publish(configured(SHOP, 1, { alertConfig: { ...watching, failureThreshold: 3 } }));
    await publish(checked(SHOP, 3));
    await world.catchUp();
    expect(await eventTypes()).toEqual(['PolicyChanged', 'AlertRaised']);
  });

  test('a target with alerts off emits its policy alone', async () => {
    await publish(configured(SHOP, 1, { alertConfig: DEFAULT_ALERT_CONFIG }), checked(SHOP, 1));
    await world.catchUp();
    expect(await eventTypes()).toEqual(['PolicyChanged']);
  });

  test('a heartbeat is heard at one place, and its token stays out of the log', async () => {
    const heartbeat = {
      type: 'heartbeat',
      target: 'hb_secret',
      locations: ['north', 'south'],
      quorum: 'all',
    };
    await publish(
      configured(SHOP, 1, heartbeat),
      checked(SHOP, 1, { kind: 'heartbeat', trigger: 'deadline' }),
    );
    await world.catchUp();
    expect(await alerts()).toEqual([{ type: 'failure', state: 'open' }]);
    expect(JSON.stringify(await dump(world.db))).not.toContain('hb_secret');
  });

  test('K6 K8 a timed-out run of a job, reported twice, is one alert', async () => {
    await publish(jobConfigured(SHOP, 1, { ...watching, alertOnTimeout: true }), ran(SHOP, 1, 'timeout'));
    world.log.publishRaw(encode(ran(SHOP, 1, 'timeout')));
    await world.catchUp();
    expect(await alerts('type, target_kind')).toEqual([{ type: 'timeout', target_kind: 'job' }]);
  });
});

describe('what comes again', () => {
  test('after the log lost its tail and its writers repeated it, changes nothing', async () => {
    await publish(configured(SHOP, 1), configured(SHOP, 2), checked(SHOP, 1));
    await publish(checked(SHOP, 2, { outcome: 'up' }));
    await world.catchUp();
    const before = await dump(world.db);
    world.log.truncate('RESULTS', 0);
    world.log.truncate('CONFIG', 0);
    await publish(configured(SHOP, 2), configured(SHOP, 1), checked(derivedId('other'), 1));
    await publish(checked(SHOP, 2, { outcome: 'up' }), checked(SHOP, 1));
    await world.catchUp();
    const { event, alert } = await dump(world.db);
    expect({ event, alert }).toEqual({ event: before.event, alert: before.alert });
  });

  test('is appended once, though the state it led to was lost', async () => {
    await publish(configured(SHOP, 1), checked(SHOP, 1));
    await world.catchUp();
    await sql`truncate evaluator.target_state, evaluator.shard_writer`.execute(world.db);
    await sql`delete from evaluator.checkpoint`.execute(world.db);
    await world.catchUp();
    expect(await eventTypes()).toEqual(['PolicyChanged', 'AlertRaised']);
    expect(await alerts()).toHaveLength(1);
  });
});

describe('what cannot be folded', () => {
  test('is put aside, and the rest flows', async () => {
    await publish(configured(SHOP, 1));
    const wire = encode(checked(SHOP, 1));
    world.log.publishRaw({ ...wire, body: '{"monitorId":1}' });
    world.log.publishRaw({ ...wire, body: 'no json' });
    const astray = derivedId('another shard');
    expect(shardOf(astray)).not.toBe(shardOf(SHOP));
    world.log.publishRaw({ ...wire, headers: { ...wire.headers, 'ce-subject': astray } });
    await publish(checked(SHOP, 2));
    await world.catchUp();
    expect(await deadLetters()).toEqual([
      { reason: 'invalid_event' },
      { reason: 'malformed_json' },
      { reason: 'wrong_shard' },
    ]);
    expect(await alerts()).toHaveLength(1);
  });

  test('does not include what others wrote into a message', async () => {
    const message = 'NUL \u0000, half a pair \ud83d, an escape \\u0000, a whole one \u{1f514}';
    await publish(
      configured(SHOP, 1, { name: 'sh\u0000p' }),
      checked(SHOP, 1, { error: { code: 'x', message } }),
    );
    await world.catchUp();
    expect(await deadLetters()).toEqual([]);
    expect(await alerts("target_name, evidence->0->'error'->>'message' as message")).toEqual([
      {
        target_name: 'sh\ufffdp',
        message: 'NUL \ufffd, half a pair \ufffd, an escape \\u0000, a whole one \u{1f514}',
      },
    ]);
  });
});
