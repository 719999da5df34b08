import { freshDatabase } from '@tocsin/testing';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { at, check, configured, idOf, jobConfigured, missed, monitorDeleted, run } from './events.fixture.js';
import { startProjector, type TestProjector } from './projector.fixture.js';

const M = idOf(1);
const J = idOf(0x22);
let projector: TestProjector;
beforeEach(async () => {
  projector = await startProjector(await freshDatabase(inject('pgUrl')));
});
afterEach(() => projector.close());

const statusOf = async (id: string) =>
  (await projector.rows(`select * from results.target_status where target_id = '${id}'`))[0];
const historyOf = (id: string) =>
  projector.rows<{ from_status: string; to_status: string; reason: string }>(
    `select from_status, to_status, reason from results.status_history where target_id = '${id}' order by changed_at`,
  );
const outbox = () =>
  projector.rows<{ id: string; type: string; subject: string; data: string }>(
    'select * from results.outbox order by position',
  );

describe('what the projector makes of results', () => {
  it('keeps a result whole', async () => {
    await projector.publish(
      configured(M, 1),
      check(M, at(60), { outcome: 'down', latencyMs: 33.25, certificate: undefined }),
    );
    await projector.catchUp();
    expect(await projector.rows('select * from results.monitor_results')).toEqual([
      {
        monitor_id: M,
        project: 'default',
        slot: at(60),
        location: 'local',
        outcome: 'down',
        latency_ms: 33.25,
        error: { code: 'connection_refused', message: 'refused' },
        started_at: at(60),
        finished_at: at(60.1),
        timings: { dnsMs: 1, connectMs: 2, firstByteMs: 9, totalMs: 12.5 },
        attempts: 1,
        observed: { statusCode: 200, remoteAddress: '127.0.0.1:80' },
        certificate: null,
        trigger: 'schedule',
        event_id: check(M, at(60)).id,
      },
    ]);
  });

  it('tells each change of status once, with its cause', async () => {
    await projector.publish(
      configured(M, 1),
      check(M, at(60)),
      check(M, at(120)),
      check(M, at(180), { outcome: 'down' }),
    );
    await projector.catchUp();
    expect(await statusOf(M)).toMatchObject({
      target_kind: 'monitor',
      status: 'down',
      last_outcome: 'down',
      last_check_at: at(180.1),
      last_status_change_at: at(180.1),
      last_latency_ms: 12.5,
      deleted: false,
    });
    expect(await historyOf(M)).toEqual([
      { from_status: 'pending', to_status: 'up', reason: 'succeeding' },
      { from_status: 'up', to_status: 'down', reason: 'failing' },
    ]);
    const told = await outbox();
    expect(told).toMatchObject([{ subject: `status.default.monitor.${M}` }, {}]);
    expect(JSON.parse(told[1]?.data ?? '')).toMatchObject({ from: 'up', to: 'down', slot: at(180) });
    expect(told.map(({ id }) => id)).toEqual(
      (await projector.rows<{ id: string }>('select id from results.status_history order by changed_at')).map(
        ({ id }) => id,
      ),
    );
  });

  it('records a late slot and leaves the status and the last check as they are', async () => {
    await projector.publish(configured(M, 1), check(M, at(120)), check(M, at(60), { outcome: 'down' }));
    await projector.catchUp();
    expect(await projector.rows('select 1 from results.monitor_results')).toHaveLength(2);
    expect(await statusOf(M)).toMatchObject({ status: 'up', last_check_at: at(120.1), last_outcome: 'up' });
  });

  it('keeps runs of jobs and what was missed', async () => {
    await projector.publish(
      jobConfigured(J, 1),
      run(J, at(0)),
      run(J, at(60), {
        status: 'timeout',
        error: { code: 'timeout', message: 'too long' },
        externalId: '#7',
      }),
      missed(M, at(0), at(120)),
    );
    await projector.catchUp();
    expect(await statusOf(J)).toMatchObject({ target_kind: 'job', status: 'down', last_latency_ms: 900 });
    expect(
      await projector.rows('select status, external_id, error from results.job_run order by slot'),
    ).toEqual([
      { status: 'passed', external_id: null, error: null },
      { status: 'timeout', external_id: '#7', error: { code: 'timeout', message: 'too long' } },
    ]);
    expect(await projector.rows('select * from results.missed_slot')).toMatchObject([
      { monitor_id: M, location: null, from_slot: at(0), to_slot: at(120), count: 3, recorded_at: at(120) },
    ]);
  });

  it('takes a heartbeat for one voice wherever its monitor is said to be checked', async () => {
    await projector.publish(
      configured(M, 1, { type: 'heartbeat', locations: ['eu'] }),
      check(M, at(60), { kind: 'heartbeat', trigger: 'received', location: 'local' }),
    );
    await projector.catchUp();
    expect(await statusOf(M)).toMatchObject({ status: 'up' });
  });

  it('ignores configuration older than what is in force', async () => {
    await projector.publish(configured(M, 2, { enabled: false }), configured(M, 1), check(M, at(60)));
    await projector.catchUp();
    expect(await statusOf(M)).toMatchObject({ status: 'paused' });
  });

  it('marks what was deleted and keeps its last status', async () => {
    await projector.publish(configured(M, 1), check(M, at(60)));
    await projector.catchUp();
    await projector.publish(monitorDeleted(M, 2), check(M, at(120), { outcome: 'down' }));
    await projector.catchUp();
    expect(await statusOf(M)).toMatchObject({ status: 'up', deleted: true });
  });

  it('keeps what a target sent even where Postgres has no character for it', async () => {
    await projector.publish(
      check(M, at(60), {
        outcome: 'down',
        error: { code: 'keyword_missing', message: 'saw \u0000 and \ud800' },
        observed: { body: 'a\u0000b', half: '\udc00' },
      }),
    );
    await projector.catchUp();
    expect(await projector.rows('select error, observed from results.monitor_results')).toEqual([
      {
        error: { code: 'keyword_missing', message: 'saw \ufffd and \ufffd' },
        observed: { body: 'a\ufffdb', half: '\ufffd' },
      },
    ]);
  });
});

describe('K13: a location that is late', () => {
  it('is counted when it arrives, however long ago the others reported', async () => {
    await projector.publish(
      configured(M, 1, { locations: ['a', 'b', 'c'], quorum: 'majority' }),
      check(M, at(60), { location: 'a', outcome: 'down' }),
      check(M, at(60), { location: 'b' }),
    );
    await projector.catchUp();
    expect(await statusOf(M)).toMatchObject({ status: 'degraded' });
    projector.setNow(at(7200));
    await projector.publish(check(M, at(60), { location: 'c', outcome: 'down', finishedAt: at(7200) }));
    await projector.catchUp();
    expect(await statusOf(M)).toMatchObject({ status: 'down' });
    expect(await projector.rows('select 1 from results.monitor_results')).toHaveLength(3);
  });
});

describe('what is no result', () => {
  const letters = () =>
    projector.rows<{ reason: string; seq: number }>(
      'select reason, seq from results.dead_letter order by seq',
    );

  it('goes to the dead letters and stops nothing else', async () => {
    await projector.publish(configured(M, 1), check(M, at(60)));
    projector.publishRaw({ subject: `result.1.default.monitor.${M}`, headers: {}, body: '{' });
    await projector.publish(
      { ...check(M, at(120)), entityId: idOf(2) },
      check(M, '0001-01-01T00:00:00.000Z'),
      check(M, '2126-03-10T12:00:00.000Z'),
      check(M, at(180), { outcome: 'down' }),
    );
    await projector.catchUp();
    expect(await letters()).toEqual([
      { reason: 'unknown_event_type', seq: 2 },
      { reason: 'invalid_event', seq: 3 },
      { reason: 'slot_out_of_range', seq: 4 },
      { reason: 'slot_out_of_range', seq: 5 },
    ]);
    expect(await statusOf(M)).toMatchObject({ status: 'down' });
  });
});
