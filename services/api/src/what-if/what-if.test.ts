import { type AlertConfigChange, type HistoryStep, withChange } from '@tocsin/alerting';
import type { WhatIfAnswer } from '@tocsin/http-api';
import { addMs, type Instant } from '@tocsin/kernel';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createViews, insertRows, jobRow, runRow, uuid } from '../reading/views.fixture.js';
import { type Api, type Servers, startApi, startServers } from '../testing/api.fixture.js';
import { clientWith, foreigner } from '../testing/given.fixture.js';
import { episodeView } from './answer.js';
import { createLogs, type Life, livedThrough, policyOf, record, resultOf, rollUp } from './past.fixture.js';

const NOW = '2026-03-10T12:00:00.000Z';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAYS = 3;
const before = (ms: number): Instant => addMs(NOW, -ms);

/** Numbers that look random and are the same every time. */
function createDice(seed: number) {
  let state = seed;
  return (sides: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

/** Five days of a monitor of two locations: long good times, outages of every length, edits now and then. */
function someLife(seed: number): Life {
  const dice = createDice(seed);
  const id = uuid(1_000 + seed);
  const steps: HistoryStep[] = [
    policyOf(id, 1, before(6 * 24 * HOUR), {
      locations: ['local', 'oslo'],
      quorum: dice(2) === 0 ? 'any' : 'all',
      alertConfig: { failureThreshold: 1 + dice(3), recoveryThreshold: 1 + dice(3) },
    }),
  ];
  let revision = 1;
  const trouble = { local: 0, oslo: 0 };
  for (let at = before(5 * 24 * HOUR); at < NOW; at = addMs(at, 5 * MINUTE)) {
    for (const location of ['local', 'oslo'] as const) {
      if (trouble[location] > 0) trouble[location] -= 1;
      else if (dice(90) === 0) trouble[location] = 1 + dice(dice(4) === 0 ? 40 : 4);
      const bad = dice(9) === 0 ? 'error' : 'down';
      steps.push(resultOf(id, at, location, trouble[location] > 0 ? bad : 'up'));
    }
    if (dice(400) === 0) {
      revision += 1;
      steps.push(
        policyOf(id, revision, addMs(at, 30_000), {
          enabled: dice(3) > 0,
          locations: dice(4) > 0 ? ['local', 'oslo'] : ['local'],
          alertConfig: { failureThreshold: 1 + dice(3), recoveryThreshold: 1 + dice(3) },
        }),
      );
    }
  }
  return { id, steps };
}

const LIVES = Array.from({ length: 12 }, (_, n) => someLife(n + 1));

let servers: Servers;
let api: Api;
beforeAll(async () => {
  servers = await startServers(inject('pgUrl'));
  api = await startApi(servers, () => NOW);
  await createViews(api.db);
  await createLogs(api.db);
  for (const life of LIVES) await record(api.db, life);
  // Figures are made a while after the hour
  await rollUp(api.db, before(2 * HOUR));
});
afterAll(async () => {
  await api?.stop();
  await servers?.stop();
});

async function ask(alertConfig: AlertConfigChange, more: object = {}): Promise<WhatIfAnswer> {
  const { status, body } = await api.admin.post('/what-if', { alertConfig, all: true, days: DAYS, ...more });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as unknown as WhatIfAnswer;
}

const inPeriod = ({ raisedAt }: { raisedAt: Instant }) => raisedAt >= before(DAYS * 24 * HOUR);
const reallyRun = ({ steps }: Life, change: AlertConfigChange) =>
  livedThrough(steps.map((step) => withChange(step, change)))
    .filter(inPeriod)
    .map(episodeView);

describe('what-if from stored results and figures', () => {
  it('says that nothing would be otherwise when nothing is, and agrees with the alerts of the time', async () => {
    const answer = await ask({});
    expect(answer.totals).toMatchObject({ added: 0, removed: 0, changed: 0, estimatedTargets: 0 });
    expect(answer.totals.same).toBeGreaterThan(50);
    expect(answer.baseline).toEqual({ differsFromHistory: 0 });
    expect(answer.notes).toEqual([]);
    expect(answer.resultsRead).toBeLessThan(answer.results / 2);
  });

  it.each<AlertConfigChange>([
    { failureThreshold: 1 },
    { failureThreshold: 4 },
    { recoveryThreshold: 6 },
    { failureThreshold: 2, recoveryThreshold: 1, flapThreshold: 2 },
    { enabled: false },
    { alertOnFailure: false },
    { mutedUntil: before(36 * HOUR) },
  ])('%j equals a real run with it', async (change) => {
    const answer = await ask(change);
    for (const life of LIVES) {
      const target = answer.targets.find(({ targetId }) => targetId === life.id)!;
      const { added, removed, changed } = target.alerts;
      const wanted = reallyRun(life, change);
      const was = reallyRun(life, {});
      expect([target.before.alerts, target.after.alerts]).toEqual([was.length, wanted.length]);
      const now = new Map(was.map((episode) => [episode.alertId, episode]));
      for (const { before: gone } of removed) now.delete(gone.alertId);
      for (const pair of changed) {
        now.delete(pair.before.alertId);
        now.set(pair.after.alertId, pair.after);
      }
      for (const episode of added) now.set(episode.alertId, episode);
      const given = [...now.values()].filter(inPeriod);
      const byId = (a: { alertId: string }, b: { alertId: string }) => (a.alertId < b.alertId ? -1 : 1);
      expect(given.toSorted(byId)).toEqual(wanted.toSorted(byId));
    }
  });

  it('counts calls by night, where the nights are', async () => {
    const berlin = await ask({ failureThreshold: 3 }, { timeZone: 'Europe/Berlin' });
    const tokyo = await ask({ failureThreshold: 3 }, { timeZone: 'Asia/Tokyo' });
    for (const { nights, totals } of [berlin, tokyo]) {
      expect(nights.reduce((sum, { after }) => sum + after, 0)).toBe(totals.after.pagesAtNight);
      expect(totals.after.pagesAtNight).toBeLessThan(totals.after.pages);
    }
    expect(berlin.totals.after.pages).toBe(tokyo.totals.after.pages);
    expect(berlin.nights.map(({ before: b }) => b)).not.toEqual(tokyo.nights.map(({ before: b }) => b));
  });

  it('a higher threshold tells later', async () => {
    const { totals } = await ask({ failureThreshold: 4 });
    expect(totals.after.detectionDelayMs!.mean).toBeGreaterThan(totals.before.detectionDelayMs!.mean);
    expect(totals.after.pages).toBeLessThan(totals.before.pages);
  });
});

describe('whom it is asked for', () => {
  it.each([
    [{}, 'monitors'],
    [{ all: true, tag: 'x' }, 'monitors'],
    [{ all: true, timeZone: 'Mars' }, 'timeZone'],
    [{ all: true, days: 91 }, 'days'],
  ])('%j is refused', async (more, field) => {
    const { status, body } = await api.admin.post('/what-if', { alertConfig: {}, ...more });
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(field)]);
  });

  it('those of another project do not exist, and reading is enough to ask', async () => {
    const other = await foreigner(api);
    const asked = { alertConfig: {}, monitors: LIVES.slice(0, 1).map(({ id }) => id) };
    expect((await other.post('/what-if', asked)).status).toBe(404);
    const reader = await clientWith(api, 'read');
    const { status, body } = await reader.post('/what-if', asked);
    expect([status, body.targetCount]).toEqual([200, 1]);
  });

  it('one answer of a project is made at a time', async () => {
    const asked = { alertConfig: {}, all: true, days: 3 };
    const answers = await Promise.all([api.admin.post('/what-if', asked), api.admin.post('/what-if', asked)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 429]);
  });
});

describe('certificates and jobs', () => {
  const WEBSITE = uuid(2_001);
  const JOB = uuid(2_002);

  /** Three days of a website whose certificate comes into its warning period and is renewed a day and a half later. */
  const website: Life = {
    id: WEBSITE,
    steps: [
      policyOf(WEBSITE, 1, before(4 * 24 * HOUR), { alertConfig: { alertOnSslExpiration: false } }),
      ...Array.from({ length: 72 * 6 }, (_, n) => {
        const hours = n / 6;
        const daysRemaining = hours < 20.5 ? 15 : hours < 56.5 ? 14 - Math.floor(hours / 24) : 90;
        return resultOf(WEBSITE, before((72 - hours) * HOUR), 'local', 'up', {
          certificate: { daysRemaining, warnDays: 14 },
        });
      }),
    ],
  };

  beforeAll(async () => {
    const { db } = api;
    await record(db, website);
    await db.updateTable('config.monitors').set({ type: 'website' }).where('id', '=', WEBSITE).execute();
    await sql`delete from results.monitor_hourly`.execute(db);
    await rollUp(db, before(2 * HOUR));
    await insertRows(db, 'config.jobs', [jobRow(JOB)]);
    const runs = 'ppftfpp'.split('').map((letter, n) =>
      runRow(uuid(2_100 + n), JOB, before((10 - n) * HOUR), {
        status: letter === 'p' ? 'passed' : letter === 'f' ? 'failed' : 'timeout',
      }),
    );
    await insertRows(db, 'results.job_run', runs);
    const { policy } = policyOf(JOB, 1, before(24 * HOUR), {
      target: { id: JOB, kind: 'job', name: 'nightly', url: '' },
      locations: [],
      quorum: '',
      alertConfig: { failureThreshold: 2 },
    }) as Extract<HistoryStep, { kind: 'policy' }>;
    const data = JSON.stringify({ ...policy, position: 0 });
    await insertRows(db, 'evaluator.event', [
      {
        chain: 'job',
        position: 1,
        id: uuid(2_999),
        type: 'PolicyChanged',
        entity_id: JOB,
        time: policy.changedAt,
        data,
      },
    ]);
  });

  it('an alert on a certificate would have been told, at the check that was the first to see it', async () => {
    const { targets } = await ask({ alertOnSslExpiration: true }, { all: undefined, monitors: [WEBSITE] });
    const [target] = targets;
    expect(target).toMatchObject({ differsFromHistory: 0, exactFrom: null, added: 0, removed: 0 });
    expect(target?.alerts.changed.map(({ after }) => after)).toEqual(
      reallyRun(website, { alertOnSslExpiration: true }),
    );
    expect(target?.alerts.changed[0]).toMatchObject({
      before: { type: 'ssl_expiring', pagedAt: null, untold: 'type_not_wanted' },
      after: { untold: null },
    });
  });

  it('a job is folded run by run', async () => {
    const asked = { all: undefined, jobs: [JOB] };
    const { targets } = await ask({ failureThreshold: 3 }, asked);
    expect(targets[0]).toMatchObject({ targetKind: 'job', changed: 1, before: { alerts: 1 } });
    const own = await ask({ alertOnTimeout: true, failureThreshold: 1 }, asked);
    expect(own.targets[0]?.alerts.added.map(({ type }) => type)).toContain('timeout');
  });
});

describe('where results are no longer kept', () => {
  it('the answer is an estimate until then, and says so', async () => {
    const kept = before(36 * HOUR);
    await sql`delete from results.monitor_results where slot < ${kept}`.execute(api.db);
    const answer = await ask({ failureThreshold: 2 });
    expect(answer.totals.estimatedTargets).toBeGreaterThan(5);
    expect(answer.notes[0]).toContain('estimated before their exactFrom');
    for (const target of answer.targets) {
      if (target.exactFrom === null) continue;
      expect(target.exactFrom <= kept).toBe(true);
      expect(target.estimatedHours).toBeGreaterThan(0);
    }
    const exact = LIVES.map((life) => reallyRun(life, { failureThreshold: 2 }).length);
    const sum = exact.reduce((total, count) => total + count, 0);
    expect(answer.totals.after.alerts).toBeGreaterThan(sum * 0.6);
    expect(answer.totals.after.alerts).toBeLessThan(sum * 1.4);
  });
});
